// What only a store on a disk can do: survive, run full, break. The contract is in store.cpp.
#include "storage/sqlite_store.hpp"

#include "storage/migrations.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/temp_dir.hpp"

#include <memory>

using namespace onechat::storage;
using namespace onechat::storage::test;
using onechat::test::faulty_disk;
using onechat::test::temp_dir;

namespace {

struct fixture {
    temp_dir dir;
    std::filesystem::path file = dir / "chat.db";
    std::unique_ptr<sqlite_store> store = std::make_unique<sqlite_store>(file);
    live_pair live;

    fixture() {
        for (std::int64_t id = 1; id <= 4; ++id) {
            done(*store, make_user{user(id)});
        }
        live = done(*store, meeting(1, 2)).live;
    }
    void reopen() {
        store.reset();
        store = std::make_unique<sqlite_store>(file);
    }
    // What a killed process leaves: the files as they are now, without anything a destructor does.
    std::filesystem::path crashed_copy() const {
        for (const char* suffix : {"", "-wal"}) {
            std::filesystem::copy_file(file.string() + suffix, (dir / "copy.db").string() + suffix);
        }
        return dir / "copy.db";
    }
    std::vector<change> many(std::uint64_t from, std::uint64_t count) const {
        std::vector<change> batch;
        for (std::uint64_t seq = from; seq < from + count; ++seq) {
            batch.emplace_back(text(live.pair.id, seq, std::string(500, 'x')));
        }
        return batch;
    }
};

}  // namespace

TEST_CASE("everything is there after reopening", "[sqlite_store]") {
    fixture at;
    done(*at.store, text(at.live.pair.id, 2, "still here"));
    done(*at.store, mark_seen{at.live.pair.id, side::two, 2});
    auto end = ending(at.live, 3);
    end.marks[0] = {{.cid = 2, .seq = 2, .digest = 77}};
    done(*at.store, end);
    const auto before = answered(*at.store, keep("pair-1-2", 1, 9, 9));

    at.reopen();

    CHECK(events(*at.store, at.live.pair.id)[1].body == "still here");
    CHECK(answered(*at.store, keep("pair-1-2", 1, 9, 9)).pair == before.pair);
    CHECK(answered(*at.store, find_user{.name = user(2).name, .user = {}, .blocked = {}}).user ==
          user(2));
    CHECK(at.store->partings(0).size() == 1);
    CHECK(at.store->last_user() == user_id{4});
}

TEST_CASE("epochs rise over starts even when the clock falls", "[sqlite_store]") {
    fixture at;
    CHECK(at.store->begin_epoch(5000) == 5000);
    at.reopen();
    CHECK(at.store->begin_epoch(3000) == 5001);
}

TEST_CASE("after a crash the open chat, its marks and the unmarked texts are found",
          "[sqlite_store]") {
    fixture at;
    const pair_id pair = at.live.pair.id;
    auto end = ending(at.live, 2);
    end.marks[1] = {{.cid = 1, .seq = 1, .digest = 5}};
    done(*at.store, end);
    const auto again = done(*at.store, meeting(1, 2, 9500)).live;
    done(*at.store, text(pair, 4));
    done(*at.store, text(pair, 5));

    sqlite_store recovered{at.crashed_copy()};

    const auto live = recovered.open_chats();
    REQUIRE(live.size() == 1);
    CHECK(live[0].chat == again.chat);
    CHECK(live[0].pair.last_seq == 5);
    CHECK(live[0].pair.last_at == 5005);
    CHECK(live[0].pair.seats[1].marks == end.marks[1]);
    CHECK(seqs(live[0].unmarked) == std::vector<std::uint64_t>{4, 5});
    done(recovered, text(pair, 6));
    auto late = ending(live[0], 7, 9900);
    late.marks[0] = {{.cid = 4, .seq = 4, .digest = 1}};
    done(recovered, late);
    CHECK(recovered.open_chats().empty());
}

TEST_CASE("a database of version 1 is opened and goes on", "[sqlite_store]") {
    temp_dir dir;
    {
        database old{dir / "chat.db", database::access::write};
        CHECK(old.ask("PRAGMA journal_mode = WAL") == "wal");
        migrate(old, 1);
        old.run_or_throw(
            "INSERT INTO users VALUES (1, x'01010101010101010101010101010101', 1, 'one', x'11', "
            "1, 2, 0, 0), (2, x'02', 1, 'two', x'12', 1, 2, 0, 0);"
            "INSERT INTO pairs (id, name, user_one, alias_one, avatar_one, user_two, alias_two, "
            "avatar_two) VALUES (1, 'old', 1, 'a', 'b', 2, 'c', 'd');"
            "INSERT INTO chats (pair, started) VALUES (1, 700);"
            "INSERT INTO messages VALUES (1, 9, 1, 1, 2, 2, 0, 0, 0, 0, 700, ''), "
            "(2, 9, 1, 2, 0, 0, 5, 0, 0, 0, 800, 'old text');");
    }

    sqlite_store store{dir / "chat.db"};

    CHECK(
        answered(store, find_user{.name = user(1).name, .user = {}, .blocked = {}}).user->account ==
        "one");
    CHECK(listed(store, 2) == std::vector<std::string>{"old at 700: 2 'old text', 1 unseen"});
    REQUIRE(store.open_chats().size() == 1);
    done(store, ending(store.open_chats()[0], 3));
    done(store, erasure(1));
    CHECK(listed(store, 2) == std::vector<std::string>{"old at 9000: 3 '', 0 unseen"});
}

TEST_CASE("a newer schema is refused at the door", "[sqlite_store]") {
    fixture at;
    at.store.reset();
    {
        database db{at.file, database::access::write};
        db.run_or_throw("PRAGMA user_version = 99");
    }

    CHECK_THROWS_AS(sqlite_store(at.file), storage_error);
}

TEST_CASE("the settings that durability and erasure rest on are on", "[sqlite_store]") {
    temp_dir dir;
    const auto how = GENERATE(durability::full, durability::normal);
    const sqlite_store store{dir / "chat.db", how};
    database other{dir / "chat.db", database::access::read};

    CHECK(other.ask("PRAGMA journal_mode") == "wal");
    CHECK(std::filesystem::status(dir / "chat.db").permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("beyond the quota nothing changes, and with room the same batch goes through",
          "[sqlite_store]") {
    fixture at;
    at.store->limit_pages(40);
    auto batch = at.many(2, 1000);
    batch.insert(batch.begin(), meeting(3, 4));

    REQUIRE(at.store->commit(batch) == commit_result::full);

    CHECK(at.store->why().find("full") != std::string::npos);
    CHECK_FALSE(std::get<open_chat>(batch[0]).opened);
    CHECK(std::get<open_chat>(batch[0]).recent.empty());
    CHECK(seqs(events(*at.store, at.live.pair.id)) == std::vector<std::uint64_t>{1});
    CHECK(at.store->open_chats().size() == 1);

    at.store->limit_pages(100'000);
    REQUIRE(at.store->commit(batch) == commit_result::done);
    CHECK(std::get<open_chat>(batch[0]).opened);
    CHECK(events(*at.store, at.live.pair.id).size() == 1001);
}

TEST_CASE("a full disk is full, not broken, and recovers by itself", "[sqlite_store]") {
    faulty_disk disk;
    fixture at;
    faulty_disk::writes =
        GENERATE(faulty_disk::write_fault::no_space, faulty_disk::write_fault::over_quota);
    std::array<change, 1> batch{text(at.live.pair.id, 2)};

    CHECK(at.store->commit(batch) == commit_result::full);
    CHECK(at.store->begin_epoch(5000) == std::nullopt);
    CHECK(seqs(events(*at.store, at.live.pair.id)) == std::vector<std::uint64_t>{1});

    faulty_disk::writes = faulty_disk::write_fault::none;
    CHECK(at.store->commit(batch) == commit_result::done);
    CHECK(at.store->begin_epoch(5000) == 5000);
    CHECK(seqs(events(*at.store, at.live.pair.id)) == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("after a failed sync or write the fate is unknown, and the store is done for",
          "[sqlite_store]") {
    faulty_disk disk;
    fixture at;
    std::array<change, 2> batch{text(at.live.pair.id, 2), meeting(3, 4)};
    const bool sync = GENERATE(true, false);
    faulty_disk::syncs_fail = sync;
    faulty_disk::writes = sync ? faulty_disk::write_fault::none : faulty_disk::write_fault::broken;

    CHECK(at.store->commit(batch) == commit_result::unknown);
    CHECK_FALSE(at.store->why().empty());
    CHECK_FALSE(std::get<open_chat>(batch[1]).opened);

    faulty_disk::syncs_fail = false;
    faulty_disk::writes = faulty_disk::write_fault::none;
    CHECK(at.store->commit(batch) == commit_result::unknown);
    at.reopen();
    CHECK_FALSE(at.store->open_chats().empty());
}

TEST_CASE("a checkpoint whose sync fails ends the store as well", "[sqlite_store]") {
    faulty_disk disk;
    temp_dir dir;
    {
        sqlite_store store{dir / "chat.db", durability::normal};  // a commit alone does not sync
        done(store, make_user{user(1)});
        done(store, make_user{user(2)});
        const auto live = done(store, meeting(1, 2)).live;
        std::vector<change> batch;
        for (std::uint64_t seq = 2; seq < 4000; ++seq) {
            batch.emplace_back(text(live.pair.id, seq, std::string(6000, 'x')));
        }
        faulty_disk::syncs_fail = true;

        CHECK(store.commit(batch) == commit_result::unknown);
    }
    faulty_disk::syncs_fail = false;
    sqlite_store again{dir / "chat.db"};
    CHECK(again.open_chats().size() == 1);
}

TEST_CASE("the log is copied home and used again", "[sqlite_store]") {
    temp_dir dir;
    sqlite_store store{dir / "chat.db", durability::normal};
    done(store, make_user{user(1)});
    done(store, make_user{user(2)});
    const auto pair = done(store, meeting(1, 2)).live.pair.id;
    std::uint64_t seq = 1;
    for (int round = 0; round < 40; ++round) {
        std::vector<change> batch;
        for (int i = 0; i < 500; ++i) {
            batch.emplace_back(text(pair, ++seq, std::string(2000, 'x')));
        }
        REQUIRE(store.commit(batch) == commit_result::done);
    }

    CHECK(std::filesystem::file_size(dir / "chat.db") > 30U << 20);
    CHECK(std::filesystem::file_size(dir / "chat.db-wal") < 24U << 20);
}

TEST_CASE("the reader sees what is committed, without waiting for who writes", "[sqlite_store]") {
    fixture at;
    database other{at.file, database::access::write};
    {
        transaction writing{other, transaction::kind::write};
        other.run("DELETE FROM messages");
        CHECK(events(*at.store, at.live.pair.id).size() == 1);
    }

    done(*at.store, text(at.live.pair.id, 2));
    CHECK(events(*at.store, at.live.pair.id).size() == 2);
}

TEST_CASE("damaged marks are not read as marks", "[sqlite_store]") {
    fixture at;
    done(*at.store, ending(at.live, 2));
    {
        database other{at.file, database::access::write};
        other.run_or_throw("UPDATE marks SET two = x'0901'");
    }

    question asked = keep("pair-1-2", 1, 9, 9);
    CHECK_FALSE(at.store->reader().answer(asked));
    CHECK_FALSE(std::get<find_keep>(asked).pair);
    question other = find_events{.pair = at.live.pair.id, .events = {}};
    CHECK(at.store->reader().answer(other));
}
