#include "storage/migrations.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

using namespace onechat::storage;
using onechat::test::temp_dir;

namespace {

struct fixture {
    temp_dir dir;
    database db{dir / "a.db", database::access::write};
};

std::string schema(database& db) {
    return db.ask(
        "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)");
}

// The sentence that a person gets to read.
std::string refusal(database& db) {
    try {
        migrate(db);
    } catch (const storage_error& failure) {
        return failure.what();
    }
    return {};
}

}  // namespace

TEST_CASE("an empty file gets the whole schema", "[migrations]") {
    fixture at;

    migrate(at.db);

    CHECK(at.db.ask("PRAGMA user_version") == std::to_string(schema_version()));
    CHECK(
        at.db.ask("SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema "
                  "WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name)") ==
        "access,admin_tokens,audit,bans,blocks,chats,consents,erasures,evidence,flags,marks,masks,"
        "messages,meta,pairs,place_runs,reports,seals,users");
    CHECK(at.db.ask("PRAGMA integrity_check") == "ok");
}

TEST_CASE("migrating again changes nothing", "[migrations]") {
    fixture at;
    migrate(at.db);
    const auto before = schema(at.db);

    migrate(at.db);

    CHECK(schema(at.db) == before);
}

TEST_CASE("a newer schema is refused with a sentence one can act on, and left alone",
          "[migrations]") {
    fixture at;
    migrate(at.db);
    const auto newer = std::to_string(schema_version() + 1);
    at.db.run_or_throw(("PRAGMA user_version = " + newer).c_str());

    const auto sentence = refusal(at.db);

    CHECK(sentence.find("newer version of onechat (schema " + newer) != std::string::npos);
    CHECK(sentence.find("restore a backup") != std::string::npos);
    CHECK(at.db.ask("PRAGMA user_version") == newer);
}

TEST_CASE("another program's database is refused", "[migrations]") {
    fixture at;
    at.db.run_or_throw("CREATE TABLE recipes (a)");

    CHECK(refusal(at.db).find("onechat did not make") != std::string::npos);
    CHECK(at.db.ask("PRAGMA user_version") == "0");
}

TEST_CASE("what is no database is refused", "[migrations]") {
    temp_dir dir;
    std::ofstream{dir / "a.db"} << std::string(5000, 'x');
    database db{dir / "a.db", database::access::write};

    CHECK(refusal(db).find("a.db") != std::string::npos);
}

TEST_CASE("a step that fails leaves the version as it was", "[migrations]") {
    fixture at;
    at.db.run_or_throw("PRAGMA max_page_count = 3");

    CHECK_FALSE(refusal(at.db).empty());
    at.db.forgive();

    CHECK(at.db.ask("PRAGMA user_version") == "0");
    CHECK(at.db.ask("SELECT count(*) FROM sqlite_schema") == "0");
}

TEST_CASE("the hot questions are answered by an index", "[migrations]") {
    fixture at;
    migrate(at.db);
    const auto plan = [&](const char* sql) {
        statement explain{at.db, std::string{"EXPLAIN QUERY PLAN "} + sql};
        auto rows = explain.query();
        std::string text;
        while (rows.next()) {
            text += rows.text(3) + "; ";
        }
        return text;
    };

    CHECK(plan("SELECT id FROM pairs WHERE user_one = 1 AND user_two = 2 AND cleared_one = 0 "
               "AND cleared_two = 0")
              .find("pairs_open") != std::string::npos);
    CHECK(plan("SELECT id FROM chats WHERE ended IS NULL").find("chats_open") != std::string::npos);
    CHECK(plan("SELECT id FROM chats WHERE ended >= 5 ORDER BY ended").find("chats_ended") !=
          std::string::npos);
    CHECK(plan("SELECT 1 FROM users WHERE provider = 1 AND person = x'00' AND account IS NOT NULL")
              .find("users_of_person") != std::string::npos);
    const auto list = plan(
        "SELECT id, listed_at FROM pairs WHERE user_one = 1 AND cleared_one = 0 "
        "AND listed_at > 0 AND (listed_at, id) < (5, 6) UNION ALL "
        "SELECT id, listed_at FROM pairs WHERE user_two = 1 AND cleared_two = 0 "
        "AND listed_at > 0 AND (listed_at, id) < (5, 6) ORDER BY listed_at DESC, id DESC");
    INFO(list);
    CHECK(list.find("pairs_of_one") != std::string::npos);
    CHECK(list.find("pairs_of_two") != std::string::npos);
    CHECK(list.find("TEMP B-TREE") == std::string::npos);
    CHECK(plan("SELECT at FROM messages ORDER BY id DESC LIMIT 1").find("TEMP B-TREE") ==
          std::string::npos);
    const auto reports =
        plan("SELECT id FROM reports WHERE reporter = 1 AND id >= 5 ORDER BY id LIMIT 3");
    CHECK(reports.find("reports_of_reporter (reporter=? AND rowid>?)") != std::string::npos);
    CHECK(reports.find("TEMP B-TREE") == std::string::npos);
    const auto evidence = plan(
        "SELECT rowid FROM evidence WHERE report = 1 AND (pair, seq) > (2, 3) "
        "ORDER BY pair, seq");
    CHECK(evidence.find("INDEX sqlite_autoindex_evidence_1 (report=?") != std::string::npos);
    CHECK(evidence.find("TEMP B-TREE") == std::string::npos);
    const auto standing = plan(
        "SELECT ifnull((SELECT max(until) FROM bans WHERE bans.person = users.person), 0), "
        "EXISTS (SELECT 1 FROM reports WHERE reports.person = users.person "
        "AND resolved IS NULL AND mutes = 1) FROM users WHERE id = 1");
    INFO(standing);
    CHECK(standing.find("COVERING INDEX bans_of_person (person=?)") != std::string::npos);
    CHECK(standing.find("reports_muting (person=?)") != std::string::npos);
    CHECK(plan("SELECT 1 FROM bans WHERE until <= 5").find("bans_by_end (until<?)") !=
          std::string::npos);
    CHECK(plan("SELECT id FROM flags WHERE kept_until <= 5 ORDER BY kept_until LIMIT 3")
              .find("flags_due (kept_until<?)") != std::string::npos);
    CHECK(plan("SELECT seq, digest FROM masks WHERE pair = 1 AND seq > 2")
              .find("masks_of_text (pair=? AND seq>?)") != std::string::npos);
    CHECK(plan("DELETE FROM masks WHERE pair = 1").find("masks_of_text (pair=?)") !=
          std::string::npos);
    const auto walk = plan("SELECT id FROM pairs WHERE user_one = 1 AND +id >= 5");
    CHECK(walk.find("COVERING INDEX pairs_of_one") != std::string::npos);
}

TEST_CASE("a database of version 1 keeps everything and gets its list", "[migrations]") {
    fixture at;
    migrate(at.db, 1);
    at.db.run_or_throw(
        "PRAGMA secure_delete = ON;"
        "INSERT INTO users VALUES (1, x'01', 1, 'one', x'11', 1, 2, 3, 4), "
        "(2, x'02', 0, 'two', x'12', 1, 2, 3, 4), (3, x'03', 1, NULL, x'13', 1, 2, 3, 4);"
        "INSERT INTO pairs (id, name, user_one, alias_one, avatar_one, user_two, alias_two, "
        "avatar_two, last_seq, last_at) VALUES (1, 'ended', 1, 'a', 'b', 2, 'c', 'd', 3, 500), "
        "(2, 'open', 1, 'a', 'b', 3, 'c', 'd', 3, 500), "
        "(3, 'voided', 2, 'a', 'b', 3, 'c', 'd', 0, 0);"
        "INSERT INTO chats (pair, started, ended) VALUES (1, 100, 500), (2, 100, 500), "
        "(2, 700, NULL);"
        "INSERT INTO messages VALUES (1, 9, 1, 1, 2, 2, 0, 0, 0, 0, 100, 'body');");

    migrate(at.db);

    CHECK(at.db.ask("PRAGMA user_version") == std::to_string(schema_version()));
    CHECK(at.db.ask("SELECT group_concat(name || listed_at, ' ') FROM pairs") ==
          "ended500 open700 voided0");
    CHECK(at.db.ask("SELECT group_concat(id || hex(subject) || provider || ifnull(account, '-') || "
                    "hex(person) || created || seen || tokens_from, ' ') "
                    "FROM users") == "1011one11124 2020two12124 3031-13124");
    CHECK(at.db.ask("SELECT group_concat(user || hex(person) || since || until || level, ' ') "
                    "FROM bans") == "111231 212231 313231");
    CHECK(at.db.ask("SELECT body FROM messages") == "body");
    CHECK(at.db.ask("PRAGMA foreign_key_check").empty());
    CHECK(at.db.ask("PRAGMA integrity_check") == "ok");
    at.db.run_or_throw("PRAGMA foreign_keys = ON");
    at.db.run("DELETE FROM users WHERE id = 1");
    CHECK(at.db.failed());  // pairs still refer to it
}
