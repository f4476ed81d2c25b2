#include "storage/sqlite_places.hpp"

#include "storage/migrations.hpp"
#include "storage/sqlite_place_index.hpp"
#include "tests/storage/places.hpp"
#include "tests/support/temp_dir.hpp"

#include <optional>
#include <string>
#include <vector>

using namespace onechat::storage;
using namespace onechat::storage::test;
using onechat::test::temp_dir;

namespace {

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
