// What is due for its age: overwriting what is sealed or erased, cutting old records.
#include "server/switchboard.hpp"
#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <array>

using namespace onechat;
using namespace onechat::test;
namespace server = protocol::server;

namespace {

switchboard_options sealing(std::chrono::milliseconds time) {
    switchboard_options options;
    options.limits.seal_time = time;
    return options;
}

switchboard_options keeping(std::chrono::milliseconds term) {
    switchboard_options options;
    options.limits.keep_texts = term;
    options.lobby.away_time = 24h;
    return options;
}

server::history history(house& here, int n, const std::string& pair) {
    here.say(n, R"({"t":"history","pair":")" + pair + R"("})");
    here.settle();
    return here.last<server::history>(n);
}

switchboard_options noting(std::optional<std::chrono::milliseconds> term) {
    switchboard_options options;
    options.limits.keep_access = term;
    return options;
}

// What is noted of a user, oldest first.
words access_of(house& here, std::int64_t user) {
    storage::question asked =
        storage::list_access{.user = storage::user_id{user}, .limit = 100, .rows = {}};
    static_cast<void>(here.store.behind.reader().answer(asked));
    words found;
    for (const auto& row : std::get<storage::list_access>(asked).rows) {
        constexpr std::array actions{"", "login", "logout", "close", "erase"};
        found.insert(found.begin(), std::string{actions.at(static_cast<std::size_t>(row.action))} +
                                        " " + std::to_string(row.port));
    }
    return found;
}

std::size_t cuts_written(house& here) {
    std::size_t found = 0;
    for (const auto& job : here.store.writes) {
        found += std::holds_alternative<storage::cut_records>(job.what) ? 1U : 0U;
    }
    return found;
}

}  // namespace

TEST_CASE("what was erased is overwritten when the seal ends, and told when it is done") {
    house here{sealing(10min)};
    here.pair_up(1, 2);
    here.say_text(1, 1, "one");
    here.settle();
    here.say(1, R"({"t":"erase","confirm":true})");
    here.settle();
    const auto receipt = here.last<server::erased>(1).receipt.id;
    here.pass(5min);
    CHECK(here.board->take_completed().empty());
    here.pass(6min);

    CHECK(here.board->take_completed() == words{receipt});
    CHECK(here.board->take_completed().empty());
}

TEST_CASE("after a jump of the clock nothing is overwritten") {
    house here{sealing(10min)};
    here.pair_up(1, 2);
    here.say(1, R"({"t":"erase","confirm":true})");
    here.settle();
    here.now.unix_ms += 86'400'000;
    here.pass(30s);

    CHECK(here.board->clock_jumped());
    CHECK(here.board->take_completed().empty());
    here.pass(20min);
    CHECK(here.board->take_completed().empty());
}

TEST_CASE("texts older than their term are gone, and a history ends before them") {
    house here{keeping(10min)};
    const auto pair = here.pair_up(1, 2);
    here.say_text(1, 1, "old");
    here.settle();
    here.pass(9min);
    CHECK(history(here, 2, pair).events.size() == 2);
    here.say_text(1, 2, "new");
    here.settle();
    here.pass(2min);

    const auto page = history(here, 2, pair);

    REQUIRE(page.events.size() == 1);
    CHECK(page.events[0].seq == 3);
    CHECK(page.events[0].text == "new");
    CHECK_FALSE(page.more);
    CHECK(here.board->counted().cut_rows == 2);
    CHECK_FALSE(here.board->retention_behind());
}

TEST_CASE("without a term nothing is cut") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.pass(10min);
    here.wait(std::chrono::hours{24 * 5000});
    here.board->tick(here.now);
    CHECK(cuts_written(here) == 0);
}

TEST_CASE("after a jump of the clock nothing is cut, until the next start") {
    house here{keeping(10min)};
    const auto pair = here.pair_up(1, 2);
    here.now.unix_ms += 2 * 3'600'000;
    here.pass(20min);
    CHECK(here.board->counted().cut_rows == 0);
    CHECK(history(here, 2, pair).events.size() == 1);
}

TEST_CASE("one step is under way at a time, and none while the store is busy") {
    house here{keeping(10min)};
    here.pair_up(1, 2);
    here.say_text(1, 1, "old");
    here.settle();
    here.wait(11min);
    here.store.state = lobby::store_state::busy;
    here.board->tick(here.now);
    CHECK(cuts_written(here) == 0);
    here.store.state = lobby::store_state::open;

    for (int n = 0; n < 30; ++n) {
        here.wait(100ms);
        here.board->tick(here.now);
    }

    CHECK(cuts_written(here) == 1);
}

TEST_CASE("a step that the disk had no room for is tried again") {
    house here{keeping(10min)};
    const auto pair = here.pair_up(1, 2);
    here.say_text(1, 1, "old");
    here.settle();
    here.wait(11min);
    here.board->tick(here.now);
    here.commit(storage::commit_result::full);
    CHECK(here.board->counted().cut_rows == 0);

    here.pass(2s);

    CHECK(here.board->counted().cut_rows == 2);
}

TEST_CASE("whoever comes back with less than was cut is shown what is left, and a gap") {
    house here{keeping(10min)};
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(2);
    const auto epoch = here.epoch(2);
    for (int cid = 1; cid <= 3; ++cid) {
        here.say_text(1, cid, "old");
        here.settle();
    }
    here.drop(2);
    here.pass(9min);
    here.say_text(1, 4, "new");
    here.settle();
    here.pass(2min);

    here.come_back(3, token, house::held(pair, 2, epoch));

    const auto held = here.last<server::welcome>(3).held.value();
    CHECK(held.keep == 2);
    CHECK(held.gap == true);
    CHECK(here.hear(3) == words{"welcome paired", "text 5 partner new", "partner here"});
}

TEST_CASE("whoever holds all that was cut comes back without a gap, over a restart too") {
    house here{keeping(10min)};
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(2);
    const auto epoch = here.epoch(2);
    here.say_text(1, 1, "old");
    here.settle();
    here.pass(11min);
    here.start();
    here.come_back(4, token, house::held(pair, 2, epoch));

    const auto held = here.last<server::welcome>(4).held.value();
    CHECK(held.keep == 2);
    CHECK_FALSE(held.gap);
    CHECK(here.last<server::welcome>(4).pair->last_seq == 2);
}

TEST_CASE("a text that was cut before a crash is still known when it is said again") {
    house here{keeping(10min)};
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    here.say_text(1, 7, "old");
    here.settle();
    here.pass(11min);
    here.start();
    here.come_back(3, token);
    CHECK(here.last<server::welcome>(3).pair->last_cid == 7);
    here.hear(3);

    here.say_text(3, 7, "old");
    here.settle();

    const auto ack = here.last<server::ack>(3);
    CHECK(ack.seq == 2);
    CHECK(ack.dup);
}

TEST_CASE("who comes and goes is noted, a guest from the first search on") {
    house here{noting(180 * 24h)};
    here.come(1);
    CHECK(access_of(here, 1).empty());
    here.say(1, R"({"t":"find"})");
    here.settle();
    CHECK(access_of(here, 1) == words{"login 4711"});
    const auto token = here.token(1);
    here.drop(1);
    here.settle();
    here.come_back(2, token);
    here.say(2, R"({"t":"logout"})");
    here.settle();
    here.drop(2);
    here.settle();

    CHECK(access_of(here, 1) ==
          words{"login 4711", "close 4711", "login 4711", "logout 4711", "close 4711"});
}

TEST_CASE("a guest who never searches leaves no trace") {
    house here{noting(0ms)};
    here.come(1);
    here.drop(1);
    here.settle();
    CHECK(access_of(here, 1).empty());
}

TEST_CASE("nothing is noted unless it is asked for") {
    house here;
    here.pair_up(1, 2);
    here.drop(1);
    here.settle();
    CHECK(access_of(here, 1).empty());
}

TEST_CASE("access goes when its term is over, and is for ever without one") {
    house here{noting(10min)};
    here.pair_up(1, 2);
    CHECK(access_of(here, 1).size() == 1);
    here.pass(11min);
    CHECK(access_of(here, 1).empty());
    house kept{noting(0ms)};
    kept.pair_up(1, 2);
    kept.pass(11min);
    CHECK(access_of(kept, 1).size() == 1);
}

TEST_CASE("an erasure is noted, and its receipt says until when access is kept") {
    house here{noting(24h)};
    here.pair_up(1, 2);
    here.say(1, R"({"t":"erase","confirm":true})");
    here.settle();

    const auto receipt = here.last<server::erased>(1).receipt;
    const auto kept = std::ranges::find(receipt.kept, "access", &server::kept_item::what);
    REQUIRE(kept != receipt.kept.end());
    CHECK(kept->until == receipt.at + 86'400'000);
    CHECK(access_of(here, 1) == words{"login 4711", "erase 4711"});
}

TEST_CASE("access that the disk has no room for is lost and counted, and nobody waits") {
    house here{noting(24h)};
    here.pair_up(1, 2);
    here.store.admits = storage::admission::trouble;
    here.drop(1);
    CHECK(here.board->counted().lost_access == 1);
    CHECK_FALSE(here.board->failed());
}
