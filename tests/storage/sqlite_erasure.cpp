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

// Every word in the files, by its first twenty letters.
class words {
public:
    explicit words(const store_on_disk& at) {
        const std::string all = content(at.file) + content(at.file.string() + "-wal");
        for (std::size_t i = 0; i < all.size();) {
            std::size_t end = i;
            while (end < all.size() && all[end] >= 'a' && all[end] <= 'z') {
                ++end;
            }
            for (std::size_t from = i; from + 20 <= end && from < i + 30; ++from) {
                left_.push_back(all.substr(from, 20));
            }
            i = end + 1;
        }
        std::ranges::sort(left_);
    }
    [[nodiscard]] bool hold(const std::string& word) const {
        return std::ranges::binary_search(left_, word.substr(0, 20));
    }

private:
    std::vector<std::string> left_;
};

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

    const words left{at};
    std::size_t gone = 0;
    for (std::int64_t id = 1; id <= users; ++id) {
        const bool erased = (id % 2 == 1 && id % 5 != 0) ||
                            ((id + 290) % 30 == 0 && id + 290 > 300 && id + 290 <= users);
        gone += erased ? 1U : 0U;
        CHECK(left.hold(accounts[static_cast<std::size_t>(id - 1)]) != erased);
    }
    CHECK(gone > 2400);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto first = static_cast<std::int64_t>(i % (users / 2)) * 2 + 1;
        const bool erased = first % 5 != 0;
        CHECK(left.hold(texts[i]) != erased);
    }
}

TEST_CASE("of many erased reporters none is left behind in a page", "[sqlite_erasure]") {
    store_on_disk at;
    constexpr std::int64_t users = 2000;
    struct report {
        std::int64_t reporter = 0;
        std::vector<std::string> said;
    };
    std::vector<report> reports;
    std::vector<change> batch;
    for (std::int64_t id = 1; id <= users; ++id) {
        user_row row = user(id);
        for (std::size_t i = 0; i < row.person.size(); ++i) {
            row.person[i] = static_cast<std::uint8_t>(at.random());
            row.name[i] = static_cast<std::uint8_t>(at.random());
        }
        row.account = "o" + at.word(27);
        batch.emplace_back(make_user{row});
    }
    // Every report is said twice, with a longer note, and those of one kind are over early.
    const auto length = [&](std::int64_t n) {
        return std::array<std::size_t, 5>{20, 60, 200, 900, 2500}[static_cast<std::size_t>(n) % 5];
    };
    for (int round = 0; round < 2; ++round) {
        for (std::int64_t id = 1; id < users; id += 2) {
            const pair_id pair{(id + 1) / 2};
            const std::string name = "pair-" + std::to_string(id) + "-" + std::to_string(id + 1);
            if (round == 0) {
                batch.emplace_back(meeting(id, id + 1));
                reports.push_back({.reporter = id, .said = {}});
            }
            auto& said = reports[static_cast<std::size_t>(id / 2)].said;
            for (std::uint64_t i = 0; i < 3; ++i) {
                said.push_back(at.word(length(id / 2 + round)));
                batch.emplace_back(
                    text(pair, 2 + static_cast<std::uint64_t>(round) * 3 + i, said.back()));
            }
            auto asked = reporting(id, name, id % 3 == 0 ? 15'000 + id % 100 * 10 : 90'000);
            asked.note = at.word(length(id + round) + (round == 0 ? 0 : 300));
            said.push_back(asked.note);
            batch.emplace_back(asked);
            if (batch.size() > 100) {
                REQUIRE(at.store->commit(batch) == commit_result::done);
                batch.clear();
            }
        }
    }
    for (std::int64_t id = 1; id < users; id += 2) {
        batch.emplace_back(erasure(id, 10'000, 15'000 + id * 7 % 50 * 20));
    }
    REQUIRE(at.store->commit(batch) == commit_result::done);
    CHECK(words{at}.hold(reports.front().said.front()));
    CHECK(words{at}.hold(reports.back().said.back()));
    for (unix_ms now = 15'000; now <= 16'000; now += 10) {
        CHECK_FALSE(purged(*at.store, now, 100).more);
    }

    const words left{at};
    std::size_t held = 0;
    for (const report& one : reports) {
        for (const std::string& word : one.said) {
            held += left.hold(word) ? 1U : 0U;
        }
    }
    CHECK(held == 0);
    CHECK(at.ask("SELECT count(*) > 600 FROM reports") == "1");
    CHECK(at.ask("PRAGMA integrity_check") == "ok");
}

TEST_CASE(
    "of an erased reporter no byte of texts and note is left, and the evidence against the "
    "reported person stays",
    "[sqlite_erasure]") {
    store_on_disk at;
    at.add_user(1);
    at.add_user(2);
    const pair_id pair = done(*at.store, meeting(1, 2)).live.pair.id;
    std::vector<std::string> reporters;
    std::vector<std::string> reported;
    std::uint64_t seq = 1;
    for (const std::size_t size : {20U, 900U, 5000U, 30U}) {
        reporters.push_back(at.word(size));
        reported.push_back(at.word(size));
        done(*at.store, text(pair, ++seq, reporters.back()));
        done(*at.store, from(side::two, text(pair, ++seq, reported.back())));
    }
    done(*at.store, recall(pair, ++seq, 2));
    auto report = reporting(1, "pair-1-2", 90'000);
    report.note = at.word(200);
    done(*at.store, report);
    auto against = reporting(2, "pair-1-2", 30'000);
    against.note = at.word(200);
    const auto is_left = [&](std::string_view whole) {
        bool left = false;
        for (std::size_t i = 0; i + 20 <= whole.size(); i += 10) {
            left = left || at.holds(whole.substr(i, 20));
        }
        return left;
    };

    SECTION("at the end of the seal") {
        done(*at.store, erasure(1));
        purged(*at.store, 19'999);
        CHECK(is_left(reporters[1]));
        CHECK(is_left(report.note));

        CHECK(purged(*at.store, 20'000).completed.size() == 1);
    }
    SECTION("what another report holds of them as the reported person stays as long as that") {
        done(*at.store, against);
        CHECK(done(*at.store, erasure(1)).reports_until == 30'000);
        CHECK(purged(*at.store, 20'000).completed.size() == 1);
        CHECK_FALSE(is_left(report.note));
        CHECK(is_left(against.note));
        CHECK(at.ask("SELECT count(*) FROM evidence WHERE side = 0 AND kind = 0 AND body <> ''") ==
              "4");
        CHECK(at.ask("SELECT count(*) FROM evidence WHERE side = 1 AND kind = 0 AND body <> ''") ==
              "8");

        purged(*at.store, 30'000);
    }

    for (const auto& one : reporters) {
        CHECK_FALSE(is_left(one));
    }
    CHECK_FALSE(is_left(report.note));
    for (std::size_t i = 0; i < reported.size(); ++i) {
        CHECK(at.ask(("SELECT group_concat(side || ' ' || gone || ' ' || body) FROM evidence "
                      "WHERE seq = " +
                      std::to_string(2 * i + 3))
                         .c_str()) == "1 0 " + reported[i]);
    }
    CHECK(at.ask("SELECT group_concat(gone) FROM evidence WHERE side = 0 AND kind = 0") ==
          "1,2,2,2");
    CHECK(at.ask("SELECT reason || nickname || '[' || note || ']' FROM reports") ==
          "2the nickname[]");
    purged(*at.store, 90'000);
    for (const auto& one : reported) {
        CHECK(at.holds(std::string_view{one}.substr(0, 20)));  // in the pair
    }
    CHECK(at.ask("SELECT count(*) FROM evidence") == "0");
}

TEST_CASE("a reporter of many is forgotten in many steps, over a restart", "[sqlite_erasure]") {
    store_on_disk at;
    at.add_user(1);
    std::vector<change> batch;
    for (std::int64_t id = 2; id <= 200; ++id) {
        at.add_user(id);
        const pair_id pair{id - 1};
        batch.emplace_back(meeting(1, id));
        for (std::uint64_t seq = 2; seq <= 11; ++seq) {
            batch.emplace_back(seq % 2 == 0 ? text(pair, seq, "own words")
                                            : from(side::two, text(pair, seq, "their words")));
        }
        batch.emplace_back(reporting(1, "pair-1-" + std::to_string(id), 90'000));
    }
    batch.emplace_back(erasure(1));
    REQUIRE(at.store->commit(batch) == commit_result::done);
    for (int step = 0; step < 150; ++step) {
        done(*at.store, purge{.now = 20'000, .rows_max = 10, .completed = {}});
    }
    at.reopen();
    CHECK(at.ask("SELECT report > 1 FROM erasures") == "1");
    CHECK(at.holds("own words"));

    CHECK(purged(*at.store, 20'000, 10).completed.size() == 1);

    CHECK_FALSE(at.holds("own words"));
    CHECK_FALSE(at.holds("the note"));
    CHECK(at.ask("SELECT count(*) FROM evidence WHERE body = 'their words'") == "995");
    CHECK(at.ask("SELECT count(*) FROM evidence WHERE gone = 2") == "995");
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
    CHECK(at.store->logs_behind());
    std::filesystem::remove(at.dir / "erasures.log");

    SECTION("with a later commit") {
        done(*at.store, meeting(1, 2));
        CHECK_FALSE(at.store->logs_behind());
        CHECK(at.log().find("receipt-1") != std::string::npos);
    }
    SECTION("at the next start") {
        at.reopen();
        CHECK(at.store->erase_again(30'000) == 0);
        CHECK_FALSE(at.store->logs_behind());
        const auto log = at.log();
        CHECK(log.find("receipt-1\n") != std::string::npos);
        CHECK(at.store->erase_again(30'000) == 0);
        CHECK(at.log() == log);
    }
}

TEST_CASE("when the log missed more erasures than are kept for it, it stays behind until a start",
          "[sqlite_erasure]") {
    store_on_disk at;
    constexpr std::int64_t users = 10'001;
    std::vector<change> batch;
    for (std::int64_t id = 1; id <= users; ++id) {
        user_row row = user(id);
        for (std::size_t i = 0; i < 4; ++i) {
            row.name[i] = row.person[i] = static_cast<std::uint8_t>(id >> (8 * i));
        }
        row.name[15] = row.person[15] = 1;
        batch.emplace_back(make_user{row});
        batch.emplace_back(erasure(id));
    }
    std::filesystem::create_directory(at.dir / "erasures.log");
    REQUIRE(at.store->commit(batch) == commit_result::done);
    std::filesystem::remove(at.dir / "erasures.log");

    std::array<change, 1> later{purge{.now = 1, .completed = {}}};
    REQUIRE(at.store->commit(later) == commit_result::done);
    CHECK(std::ranges::count(at.log(), '\n') == users - 1);
    CHECK(at.store->logs_behind());

    at.reopen();
    CHECK(at.store->erase_again(30'000) == 0);
    CHECK_FALSE(at.store->logs_behind());
    CHECK(std::ranges::count(at.log(), '\n') == users);
}

TEST_CASE("a chat that comes back with a backup is closed once its user is erased again",
          "[sqlite_erasure]") {
    store_on_disk at;
    at.add_user(1);
    at.add_user(2);
    const pair_id pair = done(*at.store, meeting(1, 2)).live.pair.id;
    done(*at.store, text(pair, 2, "what was said"));
    at.store.reset();
    std::filesystem::copy_file(at.file, at.dir / "backup.db");
    at.reopen();
    done(*at.store, ending(at.store->open_chats()[0], 3));
    done(*at.store, erasure(1, 10'000, 20'000));
    at.store.reset();
    std::filesystem::copy_file(at.dir / "backup.db", at.file,
                               std::filesystem::copy_options::overwrite_existing);
    at.reopen();
    CHECK_FALSE(at.store->open_chats()[0].closed);
    CHECK(at.store->erase_again(50'000) == 1);

    const auto open = at.store->open_chats();

    REQUIRE(open.size() == 1);
    CHECK(open[0].closed);
    done(*at.store, ending(open[0], 3, 50'000));
    CHECK(at.store->open_chats().empty());
    CHECK(purged(*at.store, 50'000).completed == std::vector<std::string>{"receipt-1"});
    CHECK_FALSE(at.holds("what was said"));
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
