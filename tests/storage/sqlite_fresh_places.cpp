#include "storage/sqlite_fresh_places.hpp"

#include "storage/migrations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

using namespace onechat::storage;
using onechat::test::temp_dir;

namespace {

constexpr pair_id ours{7};

// Events 1 to 3 are settled, 4 to 6 fresh, and 3 is both: it was written a moment ago.
struct fixture {
    temp_dir dir;
    database db{dir / "a.db", database::access::write};
    fresh_places places;

    fixture() {
        migrate(db);
        show_fresh_places(db, places);
        for (int seq = 1; seq <= 6; ++seq) {
            insert(10 + seq, 7, seq);
            if (seq <= 3) {
                db.run_or_throw(("INSERT INTO places VALUES (7, " + std::to_string(seq) + ", " +
                                 std::to_string(10 + seq) + ")")
                                    .c_str());
            }
            if (seq >= 3) {
                places.add(
                    {.pair = ours, .seq = static_cast<std::uint64_t>(seq), .message = 10 + seq});
            }
        }
    }
    void insert(std::int64_t id, int pair, int seq) {
        db.run_or_throw(("INSERT INTO messages VALUES (" + std::to_string(id) + ", 1, " +
                         std::to_string(pair) + ", " + std::to_string(seq) +
                         ", 0, 0, 0, 0, 0, 0, 100, '')")
                            .c_str());
    }
    std::string seqs(const std::string& rest) {
        return db.ask(
            ("SELECT group_concat(seq) FROM (SELECT seq FROM events WHERE pair = 7 " + rest + ")")
                .c_str());
    }
    std::string fresh(const std::string& rest) {
        return db.ask(
            ("SELECT group_concat(seq) FROM (SELECT seq FROM fresh_places WHERE pair = 7 " + rest +
             ")")
                .c_str());
    }
};

}  // namespace

TEST_CASE("each event is told once, wherever its place is", "[sqlite_fresh_places]") {
    fixture at;

    CHECK(at.seqs("ORDER BY seq") == "1,2,3,4,5,6");
    CHECK(at.seqs("ORDER BY seq DESC") == "6,5,4,3,2,1");
    CHECK(at.seqs("AND seq > 2 AND seq < 6 ORDER BY seq") == "3,4,5");
    CHECK(at.seqs("AND seq > 1 ORDER BY seq LIMIT 4") == "2,3,4,5");
    CHECK(at.seqs("AND seq < 6 ORDER BY seq DESC LIMIT 4") == "5,4,3,2");
    for (const char* seq : {"1", "3", "6"}) {
        CHECK(at.seqs(std::string{"AND seq = "} + seq) == seq);
    }
    CHECK(at.seqs("AND seq = 7").empty());
}

TEST_CASE("fresh places keep every kind of bound", "[sqlite_fresh_places]") {
    fixture at;

    CHECK(at.fresh("ORDER BY seq") == "3,4,5,6");
    CHECK(at.fresh("ORDER BY seq DESC") == "6,5,4,3");
    CHECK(at.fresh("AND seq >= 4 ORDER BY seq") == "4,5,6");
    CHECK(at.fresh("AND seq > 4 ORDER BY seq") == "5,6");
    CHECK(at.fresh("AND seq <= 4 ORDER BY seq DESC") == "4,3");
    CHECK(at.fresh("AND seq < 4") == "3");
    CHECK(at.fresh("AND seq = 5 AND seq > 3") == "5");
    CHECK(at.fresh("AND seq > 9223372036854775806").empty());
    CHECK(at.fresh("AND seq > 9223372036854775807").empty());
    CHECK(at.fresh("AND seq < 0").empty());
    CHECK(at.fresh("AND seq >= -9223372036854775808 ORDER BY seq") == "3,4,5,6");
    CHECK(at.db.ask("SELECT max(seq) FROM fresh_places WHERE pair = 7") == "6");
    CHECK(at.db.ask("SELECT ifnull(max(seq), 'none') FROM fresh_places WHERE pair = 8") == "none");
}

TEST_CASE("a place that is too early names no event", "[sqlite_fresh_places]") {
    fixture at;
    at.places.add({.pair = ours, .seq = 7, .message = 17});  // whose row isn't there yet
    at.insert(18, 9, 1);
    at.places.add({.pair = ours, .seq = 8, .message = 18});  // where another pair's event is

    CHECK(at.seqs("ORDER BY seq") == "1,2,3,4,5,6");
    CHECK(at.db.ask("SELECT id FROM fresh_events WHERE pair = 7 ORDER BY seq DESC LIMIT 1") ==
          "16");
}

TEST_CASE("one can't go through the places of all pairs", "[sqlite_fresh_places]") {
    fixture at;

    CHECK_THROWS_AS(at.db.ask("SELECT count(*) FROM fresh_places"), storage_error);
}

TEST_CASE("both halves of a record are read in order, and by what finds them",
          "[sqlite_fresh_places]") {
    fixture at;
    const auto plan = [&](const char* sql) {
        statement explain{at.db, std::string{"EXPLAIN QUERY PLAN "} + sql};
        auto rows = explain.query();
        std::string text;
        while (rows.next()) {
            text += rows.text(3) + "; ";
        }
        return text;
    };

    for (const char* sql :
         {"SELECT seq, body FROM events WHERE pair = 1 AND seq > 5 AND seq < 9 ORDER BY seq DESC",
          "SELECT seq, side FROM events WHERE pair = 1 AND seq > 5 ORDER BY seq LIMIT 7"}) {
        const auto page = plan(sql);
        INFO(page);
        CHECK(page.find("MERGE (UNION ALL)") != std::string::npos);
        CHECK(page.find("SEARCH place USING PRIMARY KEY (pair=? AND seq>?") != std::string::npos);
        CHECK(page.find("TEMP B-TREE") == std::string::npos);
    }
    const auto one = plan("SELECT epoch FROM events WHERE pair = 1 AND seq = 5");
    INFO(one);
    CHECK(one.find("SEARCH place USING PRIMARY KEY (pair=? AND seq=?)") != std::string::npos);
}
