// Where events lie, as a store and its reader find them. The contract is in store.cpp; here is what
// moves behind it.
#include "storage/migrations.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/storage/places.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/temp_dir.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace onechat::storage;
using namespace onechat::storage::test;
using onechat::test::temp_dir;

namespace {

constexpr std::int64_t people = 41;  // the first has met all the others
constexpr std::size_t events_each = 601;

// Of two who talk, in the tables of versions 3 to 9.
constexpr const char* old_record =
    "INSERT INTO pairs (id, name, user_one, alias_one, avatar_one, user_two, alias_two, "
    "avatar_two, listed_at) VALUES (1, 'pair', 1, 'a', 'b', 2, 'c', 'd', 100);"
    "INSERT INTO chats (pair, started) VALUES (1, 100);"
    "INSERT INTO messages VALUES (1, 1, 1, 1, 2, 2, 0, 0, 0, 0, 100, ''), "
    "(2, 1, 1, 2, 0, 0, 2, 0, 0, 0, 200, 'an old text');";

struct world {
    temp_dir dir;
    std::optional<sqlite_store> store{std::in_place, dir / "chat.db", durability::normal};
    database other{dir / "chat.db", database::access::read};
    std::vector<live_pair> live;
    std::vector<std::uint64_t> seqs;

    world() {
        for (std::int64_t id = 1; id <= people; ++id) {
            user_row one = user(id);
            one.name[1] = one.person[1] = static_cast<std::uint8_t>(id);
            done(*store, make_user{one});
        }
        for (std::int64_t id = 2; id <= people; ++id) {
            live.push_back(done(*store, meeting(1, id)).live);
            seqs.push_back(1);
        }
    }
    void reopen() {
        store.reset();
        store.emplace(dir / "chat.db", durability::normal);
    }
    // Every pair says as many, some in each commit.
    void say(std::uint64_t texts) {
        for (std::uint64_t n = 0; n < texts; n += 20) {
            std::vector<change> batch;
            for (std::size_t pair = 0; pair < live.size(); ++pair) {
                for (int i = 0; i < 20; ++i) {
                    batch.emplace_back(text(live[pair].pair.id, ++seqs[pair]));
                }
            }
            REQUIRE(store->commit(batch) == commit_result::done);
        }
    }
    std::int64_t ask(const std::string& sql) { return number(other, sql); }
    // Of whose record not each event is read, once and in order.
    std::vector<std::size_t> wrong_records(std::size_t expected = events_each) {
        std::vector<std::size_t> wrong;
        for (std::size_t pair = 0; pair < live.size(); ++pair) {
            std::uint64_t next = 0;
            bool right = true;
            for (const message_row& one : events(*store, live[pair].pair.id)) {
                right = right && one.seq == ++next && one.pair == live[pair].pair.id;
            }
            if (!right || next != expected) {
                wrong.push_back(pair);
            }
        }
        return wrong;
    }
};

}  // namespace

TEST_CASE("most places are on disk however much is said, and each event is found once",
          "[places]") {
    world at;

    at.say(events_each - 1);

    CHECK(settled(at.other) > 0);
    CHECK(at.ask("SELECT count(*) FROM messages") - settled(at.other) <= 2 * 16'384);
    CHECK(at.wrong_records().empty());
    CHECK(at.other.ask("PRAGMA integrity_check") == "ok");
}

TEST_CASE("a start finds the events whose places were in memory only", "[places]") {
    world at;
    at.say(20);
    CHECK(settled(at.other) == 0);

    at.reopen();
    CHECK(at.wrong_records(21).empty());
    at.say(events_each - 21);
    CHECK(settled(at.other) > 0);
    CHECK(settled(at.other) < at.ask("SELECT count(*) FROM messages"));
    at.reopen();

    CHECK(at.wrong_records().empty());
    // So many that what was left, and what comes after it, is written as well.
    at.say(1000);
    at.reopen();
    CHECK(at.wrong_records(events_each + 1000).empty());
}

TEST_CASE("a reader beside the writer sees each event that was committed before it asked",
          "[places]") {
    world at;
    std::atomic<std::uint64_t> committed = 1;  // of every pair
    std::thread writing{[&] {
        for (std::uint64_t first = 2; first < 2000; first += 20) {
            std::vector<change> batch;
            for (const live_pair& one : at.live) {
                for (std::uint64_t seq = first; seq < first + 20; ++seq) {
                    batch.emplace_back(text(one.pair.id, seq));
                }
            }
            if (at.store->commit(batch) != commit_result::done) {
                break;
            }
            committed = first + 19;
        }
    }};
    std::size_t late = 0;
    while (committed < 2001) {
        const std::uint64_t least = committed;
        question asked = list_pairs{.user = user_id{1}, .before = {}, .limit = 50, .pairs = {}};
        late += at.store->reader().answer(asked) ? 0U : 1U;
        for (const listed_pair& one : std::get<list_pairs>(asked).pairs) {
            late += one.last.seq >= least ? 0U : 1U;
        }
    }
    writing.join();

    CHECK(late == 0);
    CHECK(at.wrong_records(2001).empty());
}

TEST_CASE("a record is read across both places, forwards and backwards", "[places]") {
    world at;
    at.say(events_each - 1);
    const std::int64_t both = at.ask("SELECT max(pair) FROM place_runs");
    const pair_id pair{both};
    const auto first_fresh =
        1 + static_cast<std::uint64_t>(
                at.ask("SELECT max(last) FROM place_runs WHERE pair = " + std::to_string(both)));
    REQUIRE(first_fresh < events_each);

    CHECK(seqs(answered(*at.store, find_events{.pair = pair,
                                               .after = first_fresh - 3,
                                               .limit = 4,
                                               .bytes_max = SIZE_MAX,
                                               .newest = false,
                                               .events = {}})
                   .events) == std::vector<std::uint64_t>{first_fresh - 2, first_fresh - 1,
                                                          first_fresh, first_fresh + 1});
    CHECK(seqs(answered(*at.store, find_events{.pair = pair,
                                               .before = first_fresh + 2,
                                               .limit = 4,
                                               .bytes_max = SIZE_MAX,
                                               .events = {}})
                   .events) == std::vector<std::uint64_t>{first_fresh - 2, first_fresh - 1,
                                                          first_fresh, first_fresh + 1});
}

TEST_CASE("what was not committed has no place", "[places]") {
    world at;
    at.say(400);
    at.store->limit_pages(1);
    std::vector<change> batch;
    for (std::uint64_t i = 1; i <= 2000; ++i) {
        batch.emplace_back(text(at.live[0].pair.id, at.seqs[0] + i, std::string(500, 'x')));
    }
    REQUIRE(at.store->commit(batch) == commit_result::full);
    CHECK(at.wrong_records(401).empty());
    at.store->limit_pages(1'000'000);

    at.say(200);

    CHECK(at.wrong_records().empty());
}

TEST_CASE("places that are taken out of the file are found anew", "[places]") {
    world at;
    at.say(events_each - 1);
    at.store.reset();
    {
        database db{at.dir / "chat.db", database::access::write};
        db.run_or_throw(
            "DELETE FROM place_runs; UPDATE meta SET value = 1 WHERE key = 'placed_to'");
    }

    at.store.emplace(at.dir / "chat.db", durability::normal);

    CHECK(at.wrong_records().empty());
}

TEST_CASE("a database of version 3 finds all its events", "[places]") {
    temp_dir dir;
    const auto file = dir / "chat.db";
    {
        database old{file, database::access::write};
        migrate(old, 3);
        old.run_or_throw(
            "INSERT INTO users VALUES (1, x'01', 1, 'one', x'11', 1, 2, 0, 4), "
            "(2, x'02', 1, 'two', x'12', 1, 2, 0, 4);");
        old.run_or_throw(old_record);
    }

    sqlite_store store{file};

    REQUIRE(store.open_chats().size() == 1);
    const auto pair = store.open_chats()[0].pair;
    CHECK(pair.last_seq == 2);
    CHECK(events(store, pair.id).back().body == "an old text");
    done(store, text(pair.id, 3));
    CHECK(seqs(events(store, pair.id)) == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE("a database of version 9 finds the events whose places were fresh", "[places]") {
    temp_dir dir;
    const auto file = dir / "chat.db";
    {
        database old{file, database::access::write};
        migrate(old, 9);
        old.run_or_throw(
            "INSERT INTO users VALUES (1, x'01', 1, 'one', x'11', 1, 2, 0), "
            "(2, x'02', 1, 'two', x'12', 1, 2, 0);");
        old.run_or_throw(old_record);
        old.run_or_throw(
            "INSERT INTO places VALUES (1, 1, 1);"
            "INSERT INTO fresh_places VALUES (1, 2, 2);"
            // Of this one the first four were cut.
            "INSERT INTO pairs (id, name, user_one, alias_one, avatar_one, user_two, alias_two, "
            "avatar_two, first_seq, last_seq, cleared_one) "
            "VALUES (2, 'cut', 1, 'a', 'b', 2, 'c', 'd', 5, 150, 1);"
            "WITH RECURSIVE n(seq) AS (VALUES (5) UNION ALL SELECT seq + 1 FROM n WHERE seq < 150) "
            "INSERT INTO messages SELECT 100 + 3 * seq, 1, 2, seq, 0, 0, seq, 0, 0, 0, 300, '' "
            "FROM n;"
            "INSERT INTO places SELECT 2, seq, id FROM messages WHERE pair = 2 AND seq < 100;"
            "INSERT INTO fresh_places SELECT 2, seq, id FROM messages "
            "WHERE pair = 2 AND seq >= 100;");
    }

    sqlite_store store{file};

    const auto pair = store.open_chats()[0].pair.id;
    done(store, text(pair, 3));
    CHECK(seqs(events(store, pair)) == std::vector<std::uint64_t>{1, 2, 3});
    CHECK(events(store, pair)[1].body == "an old text");
    const auto cut = events(store, pair_id{2});
    REQUIRE(cut.size() == 146);
    CHECK(cut.front().seq == 5);
    CHECK(cut.back().seq == 150);
    database db{file, database::access::read};
    CHECK(db.ask("SELECT group_concat(pair || ':' || last) FROM place_runs") ==
          "1:2,2:68,2:132,2:150");
    CHECK(settled(db) == 148);
    CHECK(db.ask("SELECT value FROM meta WHERE key = 'placed_to'") == "551");
}
