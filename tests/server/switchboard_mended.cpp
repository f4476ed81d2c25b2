// What once went wrong with hellos and replays that were held up, each as a story.
#include "server/switchboard.hpp"
#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace onechat;
using namespace onechat::test;
namespace server = protocol::server;

namespace {

std::string hello(const std::string& token, const std::string& held = {}) {
    return R"({"t":"hello","v":1,"token":")" + token + '"' + held + "}";
}

}  // namespace

TEST_CASE("a second hello while the first is held up is answered once, by the last") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto held = house::held(pair, 1, here.epoch(1));
    here.say(1, R"({"t":"leave"})");  // its end is not on disk
    here.connect(3);
    here.say(3, hello(token, held));
    here.answer();  // the pair is known, and its end is awaited

    here.say(3, hello(token));
    here.commit();
    here.settle();

    CHECK(here.all<server::welcome>(3).size() == 1);
    CHECK_FALSE(here.last<server::welcome>(3).held);
}

TEST_CASE("hellos that wait for the store are bounded") {
    house here;
    here.pair_up(1, 2);
    here.connect(3);
    for (int n = 0; n < 10; ++n) {
        here.say(3, hello(here.token(1)));
    }

    CHECK(here.store.reads.size() == 4);
    CHECK(here.all<server::error>(3).size() == 6);
}

TEST_CASE("guests who come and go leave nothing behind, welcomed or not") {
    house here;
    for (int n = 1; n <= 50; ++n) {
        here.connect(n);
        here.say(n, R"({"t":"hello","v":1,"login":{"provider":"guest"}})");
        here.drop(n);
    }
    here.come(60);
    here.come(61);
    here.say(60, R"({"t":"find"})");
    here.say(61, R"({"t":"find"})");

    CHECK(here.store.writes.size() == 2);  // the rows of those who search, and no others
}

TEST_CASE("a guest whose first connection closes during a second hello keeps a row to come") {
    house here;
    here.come(1);
    const auto token = here.token(1);
    here.connect(2);
    here.say(2, hello(token, house::held("unknown", 1, 1)));  // asks the store
    here.drop(1);
    here.settle();

    here.say(2, R"({"t":"find"})");
    here.come(3);
    here.say(3, R"({"t":"find"})");
    here.settle();
    here.pass(200ms);

    CHECK(here.all<server::matched>(2).size() == 1);
}

TEST_CASE("somebody whom a crash left in two chats is in the newer one, and the other ends") {
    house here;
    here.pair_up(1, 2);
    here.come(3);
    here.say(3, R"({"t":"find"})");
    here.settle();
    // As two transactions of which the second should have come after the first was undone.
    storage::open_chat second;
    second.users = {storage::user_id{1}, storage::user_id{3}};
    second.seeds = {storage::open_chat::seed{"a", "fox"}, storage::open_chat::seed{"b", "cat"}};
    second.name = "second";
    second.at = here.now.unix_ms;
    std::array<storage::change, 1> batch{std::move(second)};
    REQUIRE(here.store.behind.commit(batch) == storage::commit_result::done);
    REQUIRE(here.store.behind.open_chats().size() == 2);
    const auto one = here.token(1);
    const auto two = here.token(2);

    here.wait(1s);
    here.start();
    here.pass(200ms);
    here.settle();
    here.come_back(4, one);
    here.come_back(5, two);
    here.pass(10min);
    here.settle();

    CHECK(here.last<server::welcome>(4).pair->pair == "second");
    CHECK(here.last<server::welcome>(5).state == protocol::user_state::idle);
    CHECK_FALSE(here.board->failed());
}

TEST_CASE("control characters, six times as long on the wire, don't overfill a replay") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto epoch = here.epoch(1);
    here.drop(1);
    std::string text;
    for (int n = 0; n < 2000; ++n) {
        text += R"(\u0001)";
    }
    for (int cid = 1; cid <= 40; ++cid) {
        here.say_text(2, cid, text);
        here.settle();
    }
    here.connect(3);
    here.lines[3]->queues = true;
    here.say(3, hello(token, house::held(pair, 1, epoch)));

    std::size_t most = 0;
    for (int n = 0; n < 100; ++n) {
        here.settle();
        most = std::max(most, here.lines[3]->waiting_bytes);
        here.lines[3]->waiting_bytes = 0;
        here.board->drained(lobby::session_id{3}, here.now);
    }

    CHECK(here.all<server::event>(3).size() == 40);
    CHECK(most < protocol::limits::outbox_bytes_max / 2);
}
