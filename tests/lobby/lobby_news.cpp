// What those who wait are told, and what happens while the store takes nothing.
#include "server/lobby/lobby.hpp"
#include "tests/lobby/stage.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
namespace server = protocol::server;

// ---- what those who wait are told ----

TEST_CASE("a waiting person hears of each new tier") {
    stage here;
    here.come(1);
    here.find(1);

    here.pass(20s);

    CHECK(here.hear(1) == words{"waiting 0 0", "waiting 1 0", "waiting 2 0"});
}

TEST_CASE("news of the pool comes at most every 2 s, and only when it changes") {
    stage here;
    here.come(1);
    here.find(1, topic_list({0}));
    here.pass(10s);  // tier 2
    here.out.clear();

    std::vector<std::chrono::milliseconds> told;
    for (auto time = 0ms; time < 20s; time += 100ms) {
        if (time % 400ms == 0ms && time < 8s) {  // somebody tier 0 comes or goes
            if (here.hall.people_count() == 1) {
                here.come(2);
                here.find(2, topic_list({1}));
            } else {
                here.cancel(2);
                here.go(2);
            }
        }
        here.pass(100ms);
        for (std::size_t n = here.hear(1).size(); n > 0; --n) {
            told.push_back(time);
        }
    }

    REQUIRE(told.size() >= 2);
    CHECK(told.size() <= 6);
    for (std::size_t n = 1; n < told.size(); ++n) {
        CHECK(told[n] - told[n - 1] >= 2s);
    }
}

TEST_CASE("the pool is told roughly, without oneself") {
    stage here;
    const auto pool_with = [&](int others) {
        for (int user = 2; user <= others + 1; ++user) {
            here.come(user, 0, {person_of(1)});
            here.find(user, topic_list({user % 3}));
        }
        here.wait(200ms);
        here.hall.set_store(store_state::busy);  // nobody is matched meanwhile
        here.tick();
        here.hall.set_store(store_state::open);
        here.out.clear();
        here.find(1);
        return here.hear(1).back().substr(std::string{"waiting 0 "}.size());
    };
    here.come(1);
    here.find(1);

    CHECK(pool_with(0) == "0");
    CHECK(pool_with(1) == "1-4");
    CHECK(pool_with(4) == "1-4");
    CHECK(pool_with(5) == "5-19");
    CHECK(pool_with(19) == "5-19");
    CHECK(pool_with(20) == "20+");
}

TEST_CASE("topics count those who wait with them") {
    stage here;
    here.hall.set_store(store_state::open);
    here.come(1);
    here.come(2, 0, {person_of(1)});
    here.find(1, topic_list({0, 2}));
    here.find(2, topic_list({2}));

    here.tick();

    CHECK(here.hall.waiting_count(topic_id{0}) == 1);
    CHECK(here.hall.waiting_count(topic_id{1}) == 0);
    CHECK(here.hall.waiting_count(topic_id{2}) == 2);
}

// ---- the store ----

TEST_CASE("while the store is busy no new ticket is taken, and chats go on") {
    stage here;
    here.pair_up(1, 2);
    here.come(3);
    here.hall.set_store(store_state::busy);

    here.find(3);
    here.say(1, 1, "hi");

    const auto errors = messages<server::error>(here.out, session_of(3));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].code == protocol::refusal::platform_busy);
    CHECK(errors[0].retry_ms);
    CHECK(here.hear(2) == words{"text 2 partner hi"});
}

TEST_CASE("while the store is closed texts are refused before the partner sees them") {
    stage here;
    here.pair_up(1, 2);
    here.come(3);
    here.hall.set_store(store_state::closed);

    here.find(3);
    here.say(1, 1, "hi");

    CHECK(here.hear(3) == words{"error store_unavailable"});
    CHECK(here.hear(2).empty());
    const auto nacks = messages<server::nack>(here.out, session_of(1));
    REQUIRE(nacks.size() == 1);
    CHECK(nacks[0].code == protocol::refusal::store_unavailable);
    CHECK(nacks[0].retry_ms);
    here.leave(1);
    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
}

TEST_CASE("after a retryable nack every new text within its time is refused too") {
    stage here;
    here.pair_up(1, 2);
    here.hall.set_store(store_state::closed);
    here.say(1, 1, "first");
    const auto nacks = messages<server::nack>(here.out, session_of(1));
    REQUIRE(nacks.size() == 1);
    REQUIRE(nacks[0].retry_ms);
    here.out.clear();
    here.hall.set_store(store_state::open);

    here.wait(std::chrono::milliseconds{*nacks[0].retry_ms / 2});
    here.say(1, 2, "second, on its way already");
    CHECK(here.hear(1) == words{"nack 2 store_unavailable"});
    CHECK(here.hear(2).empty());

    here.wait(std::chrono::milliseconds{*nacks[0].retry_ms});
    here.say(1, 3, "first");
    CHECK(here.hear(2) == words{"text 2 partner first"});
}

TEST_CASE("those who wait are not matched while the store takes no chats, and are after") {
    stage here;
    here.come(1);
    here.come(2);
    here.find(1);
    here.find(2);
    here.hall.set_store(store_state::busy);
    here.pass(10s);
    CHECK(take<open_chat>(here.out).empty());

    here.hall.set_store(store_state::open);
    here.pass(200ms);

    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("beyond the most people none are taken") {
    auto options = stage_options();
    options.people_max = 2;
    stage here{options};
    for (const int user : {1, 2, 3}) {
        here.come(user);
    }

    here.find(1);
    CHECK(here.hear(1) == words{"error platform_busy"});
    here.go(3);
    here.find(1);
    CHECK(here.hear(1) == words{"waiting 0 0"});
}
