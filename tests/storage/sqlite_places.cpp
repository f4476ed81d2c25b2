// The contract is in store.cpp; here is what moves behind it.
#include "storage/sqlite_places.hpp"

#include "storage/migrations.hpp"
#include "storage/sqlite_store.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/temp_dir.hpp"

#include <string>
#include <vector>

using namespace onechat::storage;
using namespace onechat::storage::test;
using onechat::test::temp_dir;

namespace {

constexpr std::int64_t people = 41;  // the first has met all the others

struct fixture {
    temp_dir dir;
    sqlite_store store{dir / "chat.db", durability::normal};
    database other{dir / "chat.db", database::access::read};
    std::vector<live_pair> live;
    std::vector<std::uint64_t> seqs;

    fixture() {
        for (std::int64_t id = 1; id <= people; ++id) {
            user_row one = user(id);
            one.name[1] = one.person[1] = static_cast<std::uint8_t>(id);
            done(store, make_user{one});
        }
        for (std::int64_t id = 2; id <= people; ++id) {
            live.push_back(done(store, meeting(1, id)).live);
            seqs.push_back(1);
        }
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
            REQUIRE(store.commit(batch) == commit_result::done);
        }
    }
    std::int64_t ask(const std::string& sql) { return std::stoll(other.ask(sql.c_str())); }
    // Pairs of which something fresh is older than something that is not.
    std::int64_t disorder() {
        return ask(
            "SELECT count(*) FROM (SELECT pair, min(seq) AS first FROM fresh_places GROUP BY pair) "
            "AS fresh WHERE first <= (SELECT max(seq) FROM places WHERE pair = fresh.pair)");
    }
};

}  // namespace

TEST_CASE("few places are fresh however much is said, and each event is found once", "[places]") {
    fixture at;

    at.say(600);

    CHECK(at.ask("SELECT count(*) FROM fresh_places") <= 16'384);
    CHECK(at.ask("SELECT count(*) FROM places") > 40 * 601 - 16'384 - 1);
    CHECK(at.ask("SELECT count(*) FROM events") == 40 * 601);
    CHECK(at.ask("SELECT count(DISTINCT pair || ':' || seq) FROM events") == 40 * 601);
    CHECK(at.ask("SELECT count(*) FROM events JOIN messages USING (id) WHERE messages.pair <> "
                 "events.pair OR messages.seq <> events.seq") == 0);
    CHECK(at.disorder() == 0);
    CHECK(at.other.ask("PRAGMA integrity_check") == "ok");
}

TEST_CASE("a record is read across both places, forwards and backwards", "[places]") {
    fixture at;
    at.say(600);
    std::int64_t both =
        at.ask("SELECT min(pair) FROM fresh_places WHERE pair IN (SELECT pair FROM places)");
    const pair_id pair{both};
    const auto first_fresh = static_cast<std::uint64_t>(
        at.ask("SELECT min(seq) FROM fresh_places WHERE pair = " + std::to_string(both)));

    CHECK(seqs(answered(at.store, find_events{.pair = pair,
                                              .after = first_fresh - 3,
                                              .limit = 4,
                                              .bytes_max = SIZE_MAX,
                                              .newest = false,
                                              .events = {}})
                   .events) == std::vector<std::uint64_t>{first_fresh - 2, first_fresh - 1,
                                                          first_fresh, first_fresh + 1});
    CHECK(seqs(answered(at.store, find_events{.pair = pair,
                                              .before = first_fresh + 2,
                                              .limit = 4,
                                              .bytes_max = SIZE_MAX,
                                              .events = {}})
                   .events) == std::vector<std::uint64_t>{first_fresh - 2, first_fresh - 1,
                                                          first_fresh, first_fresh + 1});
}

TEST_CASE("after a rollback the fresh ones are counted again", "[places]") {
    fixture at;
    at.say(400);
    at.store.limit_pages(1);
    std::vector<change> batch;
    for (std::uint64_t i = 1; i <= 2000; ++i) {
        batch.emplace_back(text(at.live[0].pair.id, at.seqs[0] + i, std::string(500, 'x')));
    }
    REQUIRE(at.store.commit(batch) == commit_result::full);
    at.store.limit_pages(1'000'000);

    at.say(200);

    CHECK(at.ask("SELECT count(*) FROM fresh_places") <= 16'384);
    CHECK(at.ask("SELECT count(*) FROM events") == 40 * 601);
    CHECK(at.disorder() == 0);
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
