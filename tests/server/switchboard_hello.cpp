// From the first message to `welcome`, and what is refused on the way.
#include "server/switchboard.hpp"
#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::test;
namespace server = protocol::server;

namespace {

const std::string guest_hello = R"({"t":"hello","v":1,"rid":4,"login":{"provider":"guest"}})";

// Refused, and as quickly as that.
void refuse_times(house& here, int n, int times) {
    for (int i = 0; i < times; ++i) {
        here.say(n, R"({"t":"leave"})");
    }
}

}  // namespace

TEST_CASE("a guest is welcomed, idle, with what there is to know") {
    house here;
    here.connect(1);

    here.say(1, guest_hello);
    here.settle();

    const auto told = here.last<server::welcome>(1);
    CHECK(here.lines[1]->said.back().rid == 4);
    CHECK(told.v == 1);
    CHECK(told.state == protocol::user_state::idle);
    CHECK(told.epoch == here.now.unix_ms);
    CHECK(told.now == here.now.unix_ms);
    CHECK(told.expires == here.now.unix_ms + 30LL * 24 * 3600 * 1000);
    CHECK(told.heartbeat_ms == 25'000);
    CHECK(told.away_ms == 120'000);
    CHECK(told.limits.text == 2000);
    CHECK(told.limits.frame == 32 * 1024);
    CHECK(told.limits.in_flight == 64);
    CHECK(told.topics.size() == topics::built_in().size());
    CHECK_FALSE(told.pair);
    CHECK_FALSE(told.held);
}

TEST_CASE("the token of a welcome is good for the next one, which brings a new one") {
    house here;
    here.come(1);
    const auto token = here.token(1);
    here.pass(1s);

    here.come_back(2, token);

    CHECK(here.hear(2) == words{"welcome idle"});
    CHECK(here.token(2) != token);
    CHECK(here.hear(1) == words{"welcome idle", "bye 4500"});
    CHECK(here.lines[1]->closed_with == 4500);
}

TEST_CASE("a token that is not ours is bye 4501") {
    house here;
    here.come_back(1, "nonsense");
    house elsewhere;
    elsewhere.come(1);
    here.come_back(2, elsewhere.token(1));

    CHECK(here.hear(1) == words{"bye 4501"});
    CHECK(here.lines[1]->closed_with == 4501);
    CHECK(here.hear(2) == words{"bye 4501"});
}

TEST_CASE("an expired token is bye 4501, the moment before it is good") {
    switchboard_options options;
    options.token_time = 1h;
    house here{options};
    here.come(1);
    const auto token = here.token(1);

    here.wait(1h - 1ms);
    here.come_back(2, token);
    here.wait(1ms);
    here.come_back(3, token);

    CHECK(here.hear(2) == words{"welcome idle"});
    CHECK(here.hear(3) == words{"bye 4501"});
    CHECK(here.lines[2]->closed_with == 0);
}

TEST_CASE("a wrong token disturbs nobody") {
    house here;
    const auto pair = here.pair_up(1, 2);
    auto token = here.token(1);
    token.back() = token.back() == 'A' ? 'B' : 'A';

    here.come_back(3, token, house::held(pair, 1, here.epoch(1)));
    here.say_text(1, 1, "hi");
    here.settle();

    CHECK(here.hear(3) == words{"bye 4501"});
    CHECK(here.hear(1) == words{"ack 1"});
    CHECK(here.hear(2) == words{"text 2 partner hi"});
}

TEST_CASE("a second hello is forbidden and changes nothing") {
    house here;
    here.come(1);
    here.hear(1);

    here.say(1, guest_hello);
    here.settle();

    CHECK(here.hear(1) == words{"error forbidden"});
    CHECK(here.lines[1]->said.back().rid == 4);
    CHECK(here.lines[1]->closed_with == 0);
}

TEST_CASE("before welcome everything is refused as not ready, a text by nack") {
    house here;
    here.connect(1);

    here.say(1, R"({"t":"find","rid":3})");
    here.say(1, R"({"t":"say","cid":1,"text":"hi"})");
    here.say(1, R"({"t":"ping"})");
    CHECK(here.lines[1]->said.front().rid == 3);
    CHECK(here.hear(1) == words{"error not_ready", "nack 1 not_ready", "error not_ready"});

    here.say(1, guest_hello);
    here.settle();
    CHECK(here.hear(1) == words{"welcome idle"});
}

TEST_CASE("a failed login leaves the connection open for another hello") {
    switchboard_options options;
    house here{options};
    here.platforms.offered.clear();
    here.connect(1);

    here.say(1, R"({"t":"hello","v":1,"login":{"provider":"wechat","code":"x"}})");
    CHECK(here.hear(1) == words{"error login_failed"});
    here.say(1, R"({"t":"hello","v":2,"login":{"provider":"guest"}})");
    CHECK(here.hear(1) == words{"error bad_field"});
    here.say(1, guest_hello);
    here.settle();

    CHECK(here.hear(1) == words{"welcome idle"});
}

TEST_CASE("where guests are off they are not let in") {
    switchboard_options options;
    options.guests = false;
    house here{options};

    here.come(1);

    CHECK(here.hear(1) == words{"error login_failed"});
}

TEST_CASE("a token of a login that is not offered any more lets nobody in") {
    house here;
    here.come(1);
    here.say(1, R"({"t":"find"})");
    here.settle();
    const auto stored = here.token(1);
    here.come(2);
    const auto unknown = here.token(2);

    here.options.guests = false;
    here.start();
    here.come_back(3, stored);
    here.come_back(4, unknown);
    CHECK(here.lines.at(3)->closed_with == 4501);
    CHECK(here.lines.at(4)->closed_with == 4501);

    here.options.guests = true;
    here.start();
    here.come_back(5, stored);
    CHECK(here.hear(5) == words{"welcome idle"});
}

TEST_CASE("without a hello for 10 s the connection is closed, however much is said") {
    house here;
    here.connect(1);
    here.connect(2);
    here.say(2, guest_hello);
    here.pass(9'900ms);
    here.say(1, R"({"t":"find"})");
    here.hear(1);

    here.pass(100ms);

    CHECK(here.hear(1) == words{"bye 4002"});
    CHECK(here.lines[1]->closed_with == 4002);
    CHECK(here.lines[2]->closed_with == 0);
}

TEST_CASE("the fifth malformed message within 10 s closes, the fourth does not") {
    house here;
    here.come(1);
    here.hear(1);
    for (const auto* text : {"{", R"({"t":"nonsense"})", R"({"t":"say"})", "[]"}) {
        here.say(1, text);
    }
    CHECK(here.hear(1) ==
          words{"error bad_json", "error unknown_type", "error bad_field", "error bad_json"});

    here.say(1, "null");

    CHECK(here.hear(1) == words{"error bad_json", "bye 4503"});
    CHECK(here.lines[1]->closed_with == 4503);
}

TEST_CASE("malformed messages further apart, and texts too long, are answered and no more") {
    house here;
    here.come(1);
    for (int n = 0; n < 20; ++n) {
        here.say(1, "{");
        here.wait(2500ms);
    }
    for (int n = 0; n < 20; ++n) {
        here.say_text(1, 1, std::string(2001, 'x'));
    }

    CHECK(here.hear(1).back() == "nack 1 too_long");
    CHECK(here.lines[1]->closed_with == 0);
}

TEST_CASE("malformed messages before hello count as well") {
    house here;
    here.connect(1);
    for (int n = 0; n < 5; ++n) {
        here.say(1, "{");
    }

    CHECK(here.lines[1]->closed_with == 4503);
}

TEST_CASE("the 100th refusal within 10 s is a flood") {
    house here;
    here.come(1);
    refuse_times(here, 1, 99);
    CHECK(here.lines[1]->closed_with == 0);

    refuse_times(here, 1, 1);

    CHECK(here.lines[1]->closed_with == 4003);
    const auto bye = here.last<server::bye>(1);
    CHECK(bye.reason == "flood");
    CHECK(bye.retry_ms);
}

TEST_CASE("with rate limits off a flood of refusals is only answered") {
    switchboard_options options;
    options.rate_limits = false;
    house here{options};
    here.come(1);

    refuse_times(here, 1, 500);

    CHECK(here.lines[1]->closed_with == 0);
    CHECK(here.all<server::error>(1).size() == 500);
}

TEST_CASE("refusals for the store's sake and full flights are no flood") {
    house here;
    here.pair_up(1, 2);
    for (int cid = 1; cid <= 64 + 150; ++cid) {
        here.say_text(1, cid, "x");
    }
    CHECK(here.hear(1).size() == 150);
    here.store.state = lobby::store_state::closed;
    for (int cid = 1; cid <= 150; ++cid) {
        here.say_text(2, cid, "x");
    }

    CHECK(here.lines[1]->closed_with == 0);
    CHECK(here.lines[2]->closed_with == 0);
}

TEST_CASE("a flood ends the visit: the partner hears away") {
    house here;
    here.pair_up(1, 2);

    for (int n = 0; n < 100; ++n) {
        here.say(1, R"({"t":"find"})");
    }

    CHECK(here.lines[1]->closed_with == 4003);
    CHECK(here.hear(2) == words{"partner away"});
}

TEST_CASE("until a start has stored its epoch nobody can search, and then people can") {
    house here;
    here.board.emplace(here.options, here.secrets, here.random, here.store.ports(), start_facts{},
                       here.now);
    here.store.admits = storage::admission::trouble;
    here.store.state = lobby::store_state::closed;
    here.come(1);
    here.pass(1s);

    here.say(1, R"({"t":"find"})");
    CHECK(here.hear(1) == words{"welcome idle", "error store_unavailable"});
    here.store.admits = storage::admission::queued;
    here.store.state = lobby::store_state::open;
    here.say(1, R"({"t":"find"})");
    CHECK(here.hear(1) == words{"error store_unavailable"});

    here.pass(200ms);
    here.say(1, R"({"t":"find"})");
    here.come(2);

    CHECK(here.hear(1) == words{"waiting 0 0"});
    CHECK(here.epoch(2) > 0);
}

TEST_CASE("what this server does not serve is forbidden, and the connection stays") {
    house here;
    here.come(1);
    here.hear(1);

    here.say(1, R"({"t":"ping","rid":2})");

    CHECK(here.hear(1) == words{"pong"});
    CHECK(here.last<server::pong>(1).now == here.now.unix_ms);
    CHECK(here.lines[1]->said.back().rid == 2);
}
