// What only a store on a disk can show of an erasure: that the bytes are out of its files, and that
// a restored backup forgets again.
#include "storage/sqlite_erasure.hpp"

#include "storage/sqlite_store.hpp"
#include "tests/storage/files.hpp"
#include "tests/support/faulty_disk.hpp"

#include <algorithm>
#include <fstream>

using namespace onechat::storage;
using namespace onechat::storage::test;
using onechat::test::faulty_disk;

namespace {

append from(side who, append what) {
    what.row.from = who;
    return what;
}

std::string person_text(const user_row& row) {
    return {row.person.begin(), row.person.end()};
}

}  // namespace

TEST_CASE("after an erasure no byte of account and texts is in the files, and the partner's are",
          "[sqlite_erasure]") {
    store_on_disk at;
    const user_row gone = at.add_user(1);
    const user_row stays = at.add_user(2);
    const pair_id pair = done(*at.store, meeting(1, 2)).live.pair.id;
    std::vector<std::string> own;
    std::vector<std::string> partners;
    std::uint64_t seq = 1;
    for (const std::size_t size : {20U, 60U, 900U, 5000U, 20'000U, 30U, 30U}) {
        own.push_back(at.word(size));
        partners.push_back(at.word(size));
        done(*at.store, text(pair, ++seq, own.back()));
        done(*at.store, from(side::two, text(pair, ++seq, partners.back())));
    }
    done(*at.store, recall(pair, ++seq, 2));
    for (const auto& one : own) {
        CHECK(at.holds(std::string_view{one}.substr(0, 20)));
    }
    CHECK(at.holds(gone.account));

    done(*at.store, erasure(1));
    CHECK(at.holds(gone.account));  // in the log, which the next purge cuts
    CHECK(purged(*at.store, 11'000).completed.empty());
    CHECK_FALSE(at.holds(gone.account));
    CHECK(at.holds(person_text(gone)));
    CHECK(at.holds(std::string_view{own[0]}.substr(0, 20)));  // sealed

    CHECK(purged(*at.store, 20'000).completed.size() == 1);

    CHECK(std::filesystem::file_size(at.file.string() + "-wal") == 0);
    for (const auto& one : own) {
        for (std::size_t i = 0; i + 20 <= one.size(); i += 10) {
            REQUIRE_FALSE(at.holds(std::string_view{one}.substr(i, 20)));
        }
    }
    CHECK_FALSE(at.holds(gone.account));
    CHECK_FALSE(at.holds(person_text(gone)));
    for (const auto& one : partners) {
        CHECK(at.holds(std::string_view{one}.substr(0, 20)));
    }
    CHECK(at.holds(stays.account));
    const auto rows = events(*at.store, pair);
    CHECK(std::ranges::count(rows, gone_reason::none, &message_row::gone) == 9);
    CHECK(rows[2].body == partners[0]);
    CHECK(at.ask("SELECT count(*) FROM marks") == "0");
    CHECK(at.ask("PRAGMA integrity_check") == "ok");
}

// Pages that were split and merged keep copies of rows; many users find what one doesn't.
TEST_CASE("of many erased accounts and texts none is left behind in a page", "[sqlite_erasure]") {
    store_on_disk at;
    constexpr std::int64_t users = 6000;
    std::vector<std::string> accounts;
    std::vector<std::string> texts;
    std::vector<change> batch;
    for (std::int64_t id = 1; id <= users; ++id) {
        user_row row = user(id);
        for (std::size_t i = 0; i < row.person.size(); ++i) {
            row.person[i] = static_cast<std::uint8_t>(at.random());
            row.name[i] = static_cast<std::uint8_t>(at.random());
        }
        row.account = "o" + at.word(27);
        accounts.push_back(row.account);
        batch.emplace_back(make_user{row});
        if (id % 2 == 0) {
            batch.emplace_back(meeting(id - 1, id));
        }
        if (id % 30 == 0 && id > 300) {
            batch.emplace_back(erasure(id - 290));
        }
    }
    REQUIRE(at.store->commit(batch) == commit_result::done);
    batch.clear();
    for (std::uint64_t seq = 2; seq <= 4; ++seq) {
        for (std::int64_t pair = 1; pair <= users / 2; ++pair) {
            texts.push_back(at.word(std::array<std::size_t, 4>{20, 40, 200, 1000}[seq % 4]));
            batch.emplace_back(text(pair_id{pair}, seq, texts.back()));
        }
    }
    REQUIRE(at.store->commit(batch) == commit_result::done);
    batch.clear();
    for (std::int64_t id = 1; id <= users; id += 2) {
        if (id % 5 != 0) {
            batch.emplace_back(erasure(id, 10'000, 20'000 + static_cast<unix_ms>(id * 7 % 100)));
        }
    }
    REQUIRE(at.store->commit(batch) == commit_result::done);
    for (unix_ms now = 20'000; now <= 20'100; now += 10) {
        CHECK_FALSE(purged(*at.store, now, 500).more);
    }

    std::vector<std::string> left;  // every word in the files, by its first twenty letters
    const std::string all = content(at.file) + content(at.file.string() + "-wal");
    for (std::size_t i = 0; i < all.size();) {
        std::size_t end = i;
        while (end < all.size() && all[end] >= 'a' && all[end] <= 'z') {
            ++end;
        }
        for (std::size_t from = i; from + 20 <= end && from < i + 30; ++from) {
            left.push_back(all.substr(from, 20));
        }
        i = end + 1;
    }
    std::ranges::sort(left);
    const auto is_left = [&](const std::string& word) {
        return std::ranges::binary_search(left, word.substr(0, 20));
    };
    std::size_t gone = 0;
    for (std::int64_t id = 1; id <= users; ++id) {
        const bool erased = (id % 2 == 1 && id % 5 != 0) ||
                            ((id + 290) % 30 == 0 && id + 290 > 300 && id + 290 <= users);
        gone += erased ? 1U : 0U;
        CHECK(is_left(accounts[static_cast<std::size_t>(id - 1)]) != erased);
    }
    CHECK(gone > 2400);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto first = static_cast<std::int64_t>(i % (users / 2)) * 2 + 1;
        const bool erased = first % 5 != 0;
        CHECK(is_left(texts[i]) != erased);
    }
}

TEST_CASE("while a reader is in the way an erasure is not called complete", "[sqlite_erasure]") {
    store_on_disk at;
    const user_row gone = at.add_user(1);
    done(*at.store, erasure(1));
    {
        database other{at.file, database::access::read};
        transaction reading{other, transaction::kind::read};
        CHECK(other.ask("SELECT count(*) FROM users") == "1");

        const auto step = done(*at.store, purge{.now = 20'000, .completed = {}});
        CHECK(step.more);
        CHECK(step.completed.empty());
        CHECK(at.holds(gone.account));
    }

    const auto step = done(*at.store, purge{.now = 20'000, .completed = {}});
    CHECK_FALSE(step.more);
    CHECK(step.completed.size() == 1);
    CHECK_FALSE(at.holds(gone.account));
}

TEST_CASE("a completion that a crash kept from being told is told after the next start",
          "[sqlite_erasure]") {
    store_on_disk at;
    at.add_user(1);
    at.add_user(2);
    done(*at.store, erasure(1));
    {
        database other{at.file, database::access::read};
        transaction reading{other, transaction::kind::read};
        CHECK(other.ask("SELECT count(*) FROM users") == "2");
        CHECK(done(*at.store, purge{.now = 20'000, .completed = {}}).more);
    }

    at.reopen();
    CHECK(purged(*at.store, 20'001).completed.size() == 1);

    done(*at.store, erasure(2));
    CHECK(purged(*at.store, 20'002).completed == std::vector<std::string>{"receipt-2"});
    CHECK(purged(*at.store, 20'003).completed.empty());
    at.reopen();
    CHECK(purged(*at.store, 20'004).completed.empty());
}

TEST_CASE("a truncation that finds no room is tried again; one whose sync fails ends the store",
          "[sqlite_erasure]") {
    faulty_disk disk;
    store_on_disk at;
    at.add_user(1);
    done(*at.store, erasure(1));
    std::array<change, 1> batch{purge{.now = 11'000, .completed = {}}};
    SECTION("no room") {
        faulty_disk::writes = faulty_disk::write_fault::no_space;
        REQUIRE(at.store->commit(batch) == commit_result::done);
        CHECK(std::get<purge>(batch[0]).more);
        faulty_disk::writes = faulty_disk::write_fault::none;
        REQUIRE(at.store->commit(batch) == commit_result::done);
        CHECK_FALSE(std::get<purge>(batch[0]).more);
    }
    SECTION("a failing sync") {
        faulty_disk::syncs_fail = true;
        CHECK(at.store->commit(batch) == commit_result::unknown);
        faulty_disk::syncs_fail = false;
    }
}

TEST_CASE("on a full disk an erasure is not done, and says so", "[sqlite_erasure]") {
    faulty_disk disk;
    store_on_disk at;
    const user_row row = at.add_user(1);
    faulty_disk::writes = faulty_disk::write_fault::no_space;
    std::array<change, 1> batch{erasure(1)};

    CHECK(at.store->commit(batch) == commit_result::full);

    CHECK_FALSE(std::get<erase_user>(batch[0]).erased);
    faulty_disk::writes = faulty_disk::write_fault::none;
    CHECK(answered(*at.store, find_user{.name = row.name, .user = {}, .blocked = {}}).user == row);
    CHECK(at.log().empty());
}

TEST_CASE("every erasure is a line in a log beside the database, by ids alone",
          "[sqlite_erasure]") {
    store_on_disk at;
    const user_row gone = at.add_user(1);
    std::array<change, 2> batch{erasure(1), erasure(1, 11'000, 20'000, "again")};

    REQUIRE(at.store->commit(batch) == commit_result::done);

    CHECK(at.log() == "01000000010101010101010101010101 10000 receipt-1\n");
    CHECK(at.log().find(gone.account) == std::string::npos);
}

TEST_CASE("what the log could not take is added later, or at the next start", "[sqlite_erasure]") {
    store_on_disk at;
    at.add_user(1);
    at.add_user(2);
    std::filesystem::create_directory(at.dir / "erasures.log");
    done(*at.store, erasure(1));
    std::filesystem::remove(at.dir / "erasures.log");

    SECTION("with a later commit") {
        done(*at.store, meeting(1, 2));
        CHECK(at.log().find("receipt-1") != std::string::npos);
    }
    SECTION("at the next start") {
        at.reopen();
        CHECK(at.store->erase_again(30'000) == 0);
        const auto log = at.log();
        CHECK(log.find("receipt-1\n") != std::string::npos);
        CHECK(at.store->erase_again(30'000) == 0);
        CHECK(at.log() == log);
    }
}

TEST_CASE("a restored backup forgets again", "[sqlite_erasure]") {
    store_on_disk at;
    const user_row one = at.add_user(1);
    at.add_user(2);
    const user_row stays = at.add_user(3);
    const pair_id pair = done(*at.store, meeting(1, 3)).live.pair.id;
    done(*at.store, text(pair, 2, "what was said"));
    at.store.reset();
    std::filesystem::copy_file(at.file, at.dir / "backup.db");
    at.reopen();
    done(*at.store, erasure(1, 10'000, 20'000, "first"));
    done(*at.store, erasure(2, 11'000, 21'000, "second"));
    at.store.reset();
    std::filesystem::copy_file(at.dir / "backup.db", at.file,
                               std::filesystem::copy_options::overwrite_existing);
    {
        std::ofstream log{at.dir / "erasures.log", std::ios::app};
        log << std::string(32, 'f') << " 12000 of-nobody\n0101";
    }
    at.reopen();
    CHECK(at.holds(one.account));

    CHECK(at.store->erase_again(50'000) == 2);

    CHECK(events(*at.store, pair)[1].gone == gone_reason::erase);
    CHECK(at.store->erase_again(50'000) == 0);
    CHECK(purged(*at.store, 50'000).completed == std::vector<std::string>{"first", "second"});
    CHECK_FALSE(at.holds(one.account));
    CHECK_FALSE(at.holds("what was said"));
    CHECK(answered(*at.store, find_user{.name = stays.name, .user = {}, .blocked = {}}).user ==
          stays);
}

TEST_CASE("a log that can't be read is not taken for an empty one", "[sqlite_erasure]") {
    store_on_disk at;
    std::filesystem::create_directory(at.dir / "erasures.log");
    CHECK_THROWS_AS(at.store->erase_again(50'000), storage_error);
}
