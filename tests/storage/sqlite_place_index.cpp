#include "storage/sqlite_place_index.hpp"

#include "storage/migrations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>

using namespace onechat::storage;
using onechat::test::temp_dir;

namespace {

constexpr pair_id ours{7};

// Events 1 to 5 are on disk, in two runs, 6 to 8 only fresh, and 5 is both: it was written a moment
// ago.
struct fixture {
    temp_dir dir;
    database db{dir / "a.db", database::access::write};
    fresh_places fresh;
    sqlite_place_index index{migrated(), fresh};

    fixture() {
        for (int seq = 1; seq <= 8; ++seq) {
            insert(10 + seq, 7, seq);
        }
        db.run_or_throw("INSERT INTO place_runs VALUES (7, 3, '11 1 1'), (7, 5, '14 1')");
        for (std::uint64_t seq = 5; seq <= 8; ++seq) {
            fresh.add({.pair = ours, .seq = seq, .message = static_cast<std::int64_t>(10 + seq)});
        }
    }
    database& migrated() {
        migrate(db);
        return db;
    }
    void insert(std::int64_t id, int pair, int seq) {
        db.run_or_throw(("INSERT INTO messages VALUES (" + std::to_string(id) + ", 1, " +
                         std::to_string(pair) + ", " + std::to_string(seq) +
                         ", 0, 0, 0, 0, 0, 0, 100, '')")
                            .c_str());
    }
    std::string ask(const std::string& sql) { return db.ask(sql.c_str()); }
    std::string seqs(const std::string& rest, const std::string& from = "events") {
        return ask("SELECT group_concat(seq) FROM (SELECT seq FROM " + from + " WHERE pair = 7 " +
                   rest + ")");
    }
};

}  // namespace

TEST_CASE("each event is told once, wherever its place is", "[place_index]") {
    fixture at;

    CHECK(at.seqs("ORDER BY seq") == "1,2,3,4,5,6,7,8");
    CHECK(at.seqs("ORDER BY seq DESC") == "8,7,6,5,4,3,2,1");
    CHECK(at.seqs("AND seq > 2 AND seq < 7 ORDER BY seq") == "3,4,5,6");
    CHECK(at.seqs("AND seq > 2 AND seq < 7 ORDER BY seq DESC") == "6,5,4,3");
    CHECK(at.seqs("AND seq > 1 ORDER BY seq LIMIT 4") == "2,3,4,5");
    CHECK(at.seqs("AND seq < 7 ORDER BY seq DESC LIMIT 4") == "6,5,4,3");
    for (const char* seq : {"1", "3", "4", "5", "6", "8"}) {
        CHECK(at.seqs(std::string{"AND seq = "} + seq) == seq);
    }
    CHECK(at.seqs("AND seq = 9").empty());
    CHECK(at.ask("SELECT group_concat(id) FROM events WHERE pair = 7") ==
          "11,12,13,14,15,16,17,18");
}

TEST_CASE("places keep every kind of bound", "[place_index]") {
    fixture at;
    const auto seqs = [&](const char* rest) { return at.seqs(rest, "places"); };

    CHECK(seqs("AND seq >= 4 ORDER BY seq") == "4,5,6,7,8");
    CHECK(seqs("AND seq > 4 ORDER BY seq") == "5,6,7,8");
    CHECK(seqs("AND seq <= 4 ORDER BY seq DESC") == "4,3,2,1");
    CHECK(seqs("AND seq < 4 ORDER BY seq DESC") == "3,2,1");
    CHECK(seqs("AND seq > 5 ORDER BY seq DESC") == "8,7,6");
    CHECK(seqs("AND seq = 5 AND seq > 3 AND seq <= 7") == "5");
    CHECK(seqs("AND seq > 9223372036854775806").empty());
    CHECK(seqs("AND seq > 9223372036854775807").empty());
    CHECK(seqs("AND seq < 0").empty());
    CHECK(seqs("AND seq < 1 ORDER BY seq DESC").empty());
    CHECK(seqs("AND seq >= -9223372036854775808 ORDER BY seq") == "1,2,3,4,5,6,7,8");
    CHECK(at.ask("SELECT max(seq) FROM places WHERE pair = 7") == "8");
    CHECK(at.ask("SELECT ifnull(max(seq), 'none') FROM places WHERE pair = 8") == "none");
    CHECK(at.ask("SELECT ifnull(max(seq), 'none') FROM places WHERE pair = NULL") == "none");
}

TEST_CASE("a pair that is on disk only, or fresh only, is read as well", "[place_index]") {
    fixture at;
    at.db.run_or_throw("INSERT INTO place_runs VALUES (6, 2, '21 1')");
    at.fresh.add({.pair = pair_id{8}, .seq = 1, .message = 31});
    at.fresh.add({.pair = pair_id{8}, .seq = 2, .message = 32});
    const auto messages = [&](const char* rest) {
        return at.ask(std::string{"SELECT group_concat(message) FROM (SELECT message FROM places "
                                  "WHERE pair = "} +
                      rest + ")");
    };

    CHECK(messages("6 ORDER BY seq") == "21,22");
    CHECK(messages("6 ORDER BY seq DESC") == "22,21");
    CHECK(messages("8 ORDER BY seq") == "31,32");
    CHECK(messages("8 ORDER BY seq DESC") == "32,31");
}

TEST_CASE("places may have holes, and begin late", "[place_index]") {
    fixture at;
    at.db.run_or_throw("DELETE FROM place_runs WHERE last = 3");
    at.db.run_or_throw("INSERT INTO place_runs VALUES (7, 2, '12')");

    CHECK(at.seqs("ORDER BY seq") == "2,4,5,6,7,8");
    CHECK(at.seqs("ORDER BY seq DESC") == "8,7,6,5,4,2");
    CHECK(at.seqs("AND seq <= 3 ORDER BY seq DESC") == "2");
    CHECK(at.seqs("AND seq >= 3 ORDER BY seq LIMIT 1") == "4");
}

TEST_CASE("a place that is too early, or too old, names no event", "[place_index]") {
    fixture at;
    at.fresh.add({.pair = ours, .seq = 9, .message = 19});  // whose row isn't there yet
    at.insert(20, 9, 1);
    at.fresh.add({.pair = ours, .seq = 10, .message = 20});  // where another pair's event is
    at.db.run_or_throw("DELETE FROM messages WHERE id = 11");

    CHECK(at.seqs("ORDER BY seq") == "2,3,4,5,6,7,8");
    CHECK(at.ask("SELECT id FROM events WHERE pair = 7 ORDER BY seq DESC LIMIT 1") == "18");
}

TEST_CASE("one can't go through the places of all pairs", "[place_index]") {
    fixture at;

    CHECK_THROWS_AS(at.db.ask("SELECT count(*) FROM places"), storage_error);
}

TEST_CASE("damaged places are told, not passed over", "[place_index]") {
    for (const char* damaged : {"14 x", "14 1 1 1 1 1"}) {
        fixture at;
        at.db.run_or_throw(
            ("UPDATE place_runs SET messages = '" + std::string{damaged} + "' WHERE last = 5")
                .c_str());

        for (const char* order : {"ORDER BY seq", "ORDER BY seq DESC"}) {
            INFO(damaged << ", " << order);
            CHECK_THROWS_AS(at.seqs(order), storage_error);
            CHECK(at.db.fault() == fault::lost);
            at.db.forgive();
        }
    }
}

TEST_CASE("a record is read in order, by its places and no sorting", "[place_index]") {
    fixture at;
    for (const char* sql :
         {"SELECT seq, body FROM events WHERE pair = 1 AND seq > 5 AND seq < 9 ORDER BY seq DESC",
          "SELECT seq, side FROM events WHERE pair = 1 AND seq > 5 ORDER BY seq LIMIT 7",
          "SELECT epoch FROM events WHERE pair = 1 AND seq = 5"}) {
        statement explain{at.db, std::string{"EXPLAIN QUERY PLAN "} + sql};
        auto rows = explain.query();
        std::string plan;
        while (rows.next()) {
            plan += rows.text(3) + "; ";
        }
        INFO(plan);
        CHECK(plan.starts_with("SCAN place VIRTUAL TABLE INDEX "));
        CHECK(plan.ends_with("; SEARCH messages USING INTEGER PRIMARY KEY (rowid=?); "));
        CHECK(std::ranges::count(plan, ';') == 2);  // no sorting
    }
}

TEST_CASE("bounds that are no integers mean what SQL says", "[place_index]") {
    fixture at;

    CHECK(at.seqs("AND seq < 5.5 ORDER BY seq DESC LIMIT 1", "places") == "5");
    CHECK(at.seqs("AND seq > NULL", "places").empty());
    CHECK(at.seqs("AND seq < 'x' ORDER BY seq DESC LIMIT 1", "places") == "8");
    CHECK(at.ask("SELECT count(*) FROM places WHERE pair = 'x'") == "0");
}
