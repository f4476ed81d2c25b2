// The contract is in store.cpp; here is what moves behind it.
#include "storage/sqlite_places.hpp"

#include "storage/migrations.hpp"
#include "storage/place_run.hpp"
#include "storage/sqlite_place_index.hpp"
#include "storage/sqlite_store.hpp"
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

std::int64_t number(database& db, const std::string& sql) {
    return std::stoll(db.ask(sql.c_str()));
}

// Places on disk that the condition fits.
std::int64_t settled(database& db, const std::string& which = "1") {
    statement all{db, "SELECT messages FROM place_runs WHERE " + which};
    auto found = all.query();
    std::int64_t count = 0;
    while (found.next()) {
        const auto run = unpack_run(found.text(0));
        REQUIRE(run);
        count += static_cast<std::int64_t>(run->size());
    }
    return count;
}

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

// A connection that reads what `fresh` has.
struct reading_connection {
    database db;
    sqlite_place_index index;

    reading_connection(const std::filesystem::path& file, const fresh_places& fresh)
        : db{file, database::access::read}, index{db, fresh} {}
};

// The writing connection and the reading one, without a store around them.
struct two_connections {
    temp_dir dir;
    database db{dir / "a.db", database::access::write};
    fresh_places fresh;
    std::optional<sqlite_places> places;
    std::optional<reading_connection> reader;

    two_connections() {
        CHECK(db.ask("PRAGMA journal_mode = WAL") == "wal");
        migrate(db);
        places.emplace(db, fresh);
        reader.emplace(dir / "a.db", fresh);
    }
    // Some events of each of the pairs, in one transaction.
    void add(std::uint64_t first_seq, std::uint64_t last_seq, std::int64_t pairs) {
        statement insert{db, insert_rows("messages (id, epoch, pair, seq, side, kind, cid, ref, "
                                         "reason, gone, at, body)",
                                         12, 1)};
        transaction work{db, transaction::kind::write};
        for (std::uint64_t seq = first_seq; seq <= last_seq; ++seq) {
            for (std::int64_t pair = 1; pair <= pairs; ++pair) {
                insert.run(places->add(pair_id{pair}, seq), 1, pair, seq, 0, 0, seq, 0, 0, 0, 100,
                           std::string_view{"hello"});
            }
        }
        places->write();
        REQUIRE(work.commit());
        places->committed();
    }
    template <typename Act>
    void commit(Act&& act) {
        transaction work{db, transaction::kind::write};
        act(*places);
        places->write();
        REQUIRE(work.commit());
        places->committed();
    }
    std::string runs(int pair) {
        return db.ask(("SELECT group_concat(last || ':' || messages, '; ') FROM place_runs "
                       "WHERE pair = " +
                       std::to_string(pair))
                          .c_str());
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

TEST_CASE("a dropped place comes back when that was not committed", "[places]") {
    two_connections at;
    at.add(1, 5, 1);
    {
        const transaction work{at.db, transaction::kind::write};
        at.places->drop(pair_id{1}, 5);
        at.places->drop_before(pair_id{1}, 3);
        static_cast<void>(at.places->add(pair_id{1}, 5));
    }
    at.places->rolled_back();

    CHECK(at.fresh.from(0) == std::vector<place>{{pair_id{1}, 1, 1},
                                                 {pair_id{1}, 2, 2},
                                                 {pair_id{1}, 3, 3},
                                                 {pair_id{1}, 4, 4},
                                                 {pair_id{1}, 5, 5}});
}

TEST_CASE("a transaction that began before sees each event while its place is written",
          "[places]") {
    two_connections at;
    database& reader = at.reader->db;
    at.add(1, 200, 90);
    {
        const fresh_places::reading before{at.fresh};
        transaction snapshot{reader, transaction::kind::read};
        CHECK(number(reader, "SELECT count(*) FROM place_runs") == 0);

        at.add(201, 350, 90);
        CHECK(settled(at.db) > 90 * 100);

        CHECK(number(reader, "SELECT count(*) FROM place_runs") == 0);
        for (int pair = 1; pair <= 90; ++pair) {
            const auto of_pair = " FROM events WHERE pair = " + std::to_string(pair);
            CHECK(number(reader, "SELECT count(*)" + of_pair) == 200);
            CHECK(number(reader, "SELECT max(seq)" + of_pair) == 200);
        }
        CHECK(snapshot.commit());
    }
    CHECK(number(reader, "SELECT count(*) FROM events WHERE pair = 1") == 350);
    CHECK(at.fresh.from(0).size() == static_cast<std::size_t>(90 * 350 - settled(at.db)));
}

TEST_CASE("a transaction that began before sees what is cut, and so does one while that fails",
          "[places]") {
    two_connections at;
    database& reader = at.reader->db;
    at.add(1, 30, 2);
    const auto seen = [&](const char* pair) {
        return number(reader, std::string{"SELECT count(*) FROM events WHERE pair = "} + pair);
    };
    const auto cut = [&](sqlite_places& places) {
        at.db.run("DELETE FROM messages WHERE pair = 1 AND seq < 21");
        places.drop_before(pair_id{1}, 21);
    };
    {
        const transaction failing{at.db, transaction::kind::write};
        cut(*at.places);
        CHECK(seen("1") == 30);
    }
    at.places->rolled_back();
    CHECK(seen("1") == 30);
    {
        const fresh_places::reading before{at.fresh};
        transaction snapshot{reader, transaction::kind::read};
        CHECK(seen("2") == 30);
        at.commit(cut);
        CHECK(seen("1") == 30);
        CHECK(snapshot.commit());
    }
    CHECK(seen("1") == 10);
    CHECK(at.fresh.from(0).size() == 40);
}

TEST_CASE("places are written in whole runs, however few texts a commit has", "[places]") {
    two_connections at;
    at.add(1, 170, 100);
    REQUIRE(settled(at.db) == 0);

    for (std::uint64_t seq = 171; seq <= 470; ++seq) {
        at.add(seq, seq, 1);
    }

    for (const char* pair : {"pair = 1", "pair = 2", "pair = 3"}) {
        CHECK(settled(at.db, pair) == 170);
        CHECK(number(at.db, std::string{"SELECT count(*) FROM place_runs WHERE "} + pair) == 3);
    }
    CHECK(settled(at.db, "pair > 3") == 64);  // two places for each text, but no smaller run
}

TEST_CASE("places that were written by a transaction that failed are written again", "[places]") {
    two_connections at;
    at.add(1, 170, 100);
    {
        const transaction work{at.db, transaction::kind::write};
        for (std::uint64_t seq = 171; seq <= 300; ++seq) {
            static_cast<void>(at.places->add(pair_id{1}, seq));
        }
        at.places->write();
        REQUIRE(settled(at.db) > 0);
    }
    at.places->rolled_back();
    CHECK(settled(at.db) == 0);

    at.add(171, 400, 100);

    for (int pair = 1; pair <= 100; ++pair) {
        const auto which = "pair = " + std::to_string(pair) + " AND last <= 170";
        CHECK(settled(at.db, which) == 170);
    }
}

TEST_CASE("a run ends with its pair, and before a hole", "[places]") {
    two_connections at;
    at.add(1, 160, 98);
    at.commit([](sqlite_places& places) {
        for (const place& one : {place{pair_id{101}, 1}, place{pair_id{102}, 2},
                                 place{pair_id{102}, 3}, place{pair_id{102}, 5}}) {
            static_cast<void>(places.add(one.pair, one.seq));
        }
    });

    at.add(161, 400, 98);
    at.add(401, 800, 98);

    CHECK(at.runs(101) == "1:15681");
    CHECK(at.runs(102) == "3:15682 1; 5:15684");
}

TEST_CASE("what a reader still keeps in memory is not gathered again", "[places]") {
    two_connections at;
    at.add(1, 200, 90);
    {
        const fresh_places::reading slow{at.fresh};
        at.add(201, 400, 90);
        at.add(401, 600, 90);
        at.add(601, 800, 90);
        CHECK(at.fresh.from(0).size() == 90 * 800);
    }

    CHECK(settled(at.db) + static_cast<std::int64_t>(at.fresh.from(0).size()) == 90 * 800);
    CHECK(at.fresh.from(0).size() < 2 * 90 * 200);
    CHECK(number(at.reader->db, "SELECT count(*) FROM events WHERE pair = 90") == 800);
}

TEST_CASE("what is dropped while places are being written gets none", "[places]") {
    two_connections at;
    at.add(1, 200, 90);
    REQUIRE(settled(at.db) == 0);
    at.commit([](sqlite_places& places) {
        places.drop_before(pair_id{90}, 150);
        places.drop(pair_id{89}, 200);
    });

    at.add(201, 400, 90);

    CHECK(settled(at.db, "pair = 90 AND last <= 200") == 51);
    CHECK(number(at.db, "SELECT max(last) FROM place_runs WHERE pair = 89 AND last <= 200") == 199);
}

TEST_CASE("what is dropped when its place is on disk is cut from it", "[places]") {
    two_connections at;
    at.db.run_or_throw(
        "INSERT INTO place_runs VALUES (1, 4, '11 2'), (1, 7, '21 1 1'), (1, 8, '31')");

    at.commit([](sqlite_places& places) { places.drop(pair_id{1}, 8); });
    CHECK(at.runs(1) == "4:11 2; 7:21 1 1");
    at.commit([](sqlite_places& places) { places.drop(pair_id{1}, 7); });
    CHECK(at.runs(1) == "4:11 2; 6:21 1");
    at.commit([](sqlite_places& places) { places.drop_before(pair_id{1}, 6); });
    CHECK(at.runs(1) == "6:21 1");  // of which the messages are gone as well
    at.commit([](sqlite_places& places) { places.drop_before(pair_id{1}, 7); });
    CHECK(at.runs(1).empty());
}

TEST_CASE("no message gets the number of one that was deleted", "[places]") {
    two_connections at;
    at.add(1, 200, 90);
    at.add(201, 450, 90);
    const auto placed_to = number(at.db, "SELECT value FROM meta WHERE key = 'placed_to'");
    REQUIRE(placed_to > 1);
    at.db.run_or_throw("DELETE FROM messages");
    at.db.run_or_throw("DELETE FROM place_runs");

    fresh_places fresh;
    sqlite_places again{at.db, fresh};

    CHECK(fresh.from(0).size() == 0);
    CHECK(again.add(pair_id{1}, 451) == placed_to);
}

TEST_CASE("a database of version 3 finds all its events", "[places]") {
    temp_dir dir;
    const auto file = dir / "chat.db";
    {
        database old{file, database::access::write};
        migrate(old, 3);
        old.run_or_throw(
            "INSERT INTO users VALUES (1, x'01', 1, 'one', x'11', 1, 2, 0, 4), "
            "(2, x'02', 1, 'two', x'12', 1, 2, 0, 4);"
            "INSERT INTO pairs (id, name, user_one, alias_one, avatar_one, user_two, alias_two, "
            "avatar_two, listed_at) VALUES (1, 'pair', 1, 'a', 'b', 2, 'c', 'd', 100);"
            "INSERT INTO chats (pair, started) VALUES (1, 100);"
            "INSERT INTO messages VALUES (1, 1, 1, 1, 2, 2, 0, 0, 0, 0, 100, ''), "
            "(2, 1, 1, 2, 0, 0, 2, 0, 0, 0, 200, 'an old text');");
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
            "(2, x'02', 1, 'two', x'12', 1, 2, 0);"
            "INSERT INTO pairs (id, name, user_one, alias_one, avatar_one, user_two, alias_two, "
            "avatar_two, listed_at) VALUES (1, 'pair', 1, 'a', 'b', 2, 'c', 'd', 100);"
            "INSERT INTO chats (pair, started) VALUES (1, 100);"
            "INSERT INTO messages VALUES (1, 1, 1, 1, 2, 2, 0, 0, 0, 0, 100, ''), "
            "(2, 1, 1, 2, 0, 0, 2, 0, 0, 0, 200, 'an old text');"
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
