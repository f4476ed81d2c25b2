// Who leaves partner after partner within seconds waits before the next search.
#include "server/lobby/lobby.hpp"
#include "tests/lobby/stage.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
namespace server = protocol::server;

namespace {

// Two skips a minute are free, then ten seconds; people meet again at once.
lobby_options few_skips() {
    auto options = stage_options();
    options.rematch_after = 0ms;
    options.skips = skip_rule{.count = 2, .within = 1min, .shorter_than = 10s, .delay = 10s};
    return options;
}

// Users 1 and 2 meet, talk for so long, and `leaves` leaves.
void meet(stage& here, int leaves, std::chrono::milliseconds talk = 1s) {
    here.find(1);
    here.find(2);
    here.pass(200ms);
    here.open_chats();
    REQUIRE(here.hall.talking(user_id{1}) != nullptr);
    here.pass(talk);
    here.leave(leaves);
    here.commit();
    here.hear(1);
    here.hear(2);
    here.out.clear();
}

std::optional<std::int64_t> refused_for(stage& here, int user, int time = 0) {
    const auto errors = messages<server::error>(here.out, session_of(user, time));
    if (errors.empty() || errors.back().code != protocol::refusal::rate_limited) {
        return std::nullopt;
    }
    return errors.back().retry_ms;
}

}  // namespace

TEST_CASE("one skip too many, and the next search is refused with the time to wait") {
    stage here{few_skips()};
    here.come(1);
    here.come(2);
    meet(here, 1);
    meet(here, 1);
    here.find(1);
    CHECK_FALSE(refused_for(here, 1));
    here.cancel(1);
    here.out.clear();
    meet(here, 1);

    here.find(1);

    CHECK(refused_for(here, 1) == 10'000);
    CHECK(here.hall.limited().skips == 1);
    here.wait(9999ms);
    here.find(1);
    CHECK(refused_for(here, 1) == 1);
    here.wait(1ms);
    here.out.clear();
    here.find(1);
    CHECK(here.hear(1) == words{"waiting 0 0"});
}

TEST_CASE("who is left pays for nothing") {
    stage here{few_skips()};
    here.come(1);
    here.come(2);
    for (int n = 0; n < 3; ++n) {
        meet(here, 1);
    }

    here.find(2);

    CHECK(here.hear(2) == words{"waiting 0 0"});
}

TEST_CASE("a chat of ten seconds is no skip") {
    stage here{few_skips()};
    here.come(1);
    here.come(2);
    for (int n = 0; n < 5; ++n) {
        meet(here, 1, 10s);
    }

    here.find(1);

    CHECK(here.hear(1) == words{"waiting 0 0"});
}

TEST_CASE("a refused next leaves the chat as it is, and leave is never refused") {
    stage here{few_skips()};
    here.come(1);
    here.come(2);
    here.come(3);
    for (int n = 0; n < 3; ++n) {
        meet(here, 1);
    }
    here.wait(10s);
    meet(here, 1);  // twenty seconds now
    here.wait(20s);
    here.find(1);
    here.find(2);
    here.pass(200ms);
    here.open_chats();
    here.out.clear();
    here.next(1);  // lets it go, and waits for another
    CHECK_FALSE(refused_for(here, 1));
    here.commit();
    here.find(3);
    here.pass(200ms);
    here.open_chats();
    REQUIRE(here.hall.talking(user_id{1}) != nullptr);
    here.out.clear();

    here.next(1);

    CHECK(refused_for(here, 1).value_or(0) > 30'000);
    CHECK(here.hall.talking(user_id{1}) != nullptr);
    here.leave(1);
    CHECK(here.hall.talking(user_id{1}) == nullptr);
}

TEST_CASE("a new connection doesn't begin anew") {
    stage here{few_skips()};
    here.come(1);
    here.come(2);
    for (int n = 0; n < 3; ++n) {
        meet(here, 1);
    }
    here.go(1);
    here.pass(2s);

    here.come(1, 1);
    here.find(1, {}, 1);

    CHECK(refused_for(here, 1, 1) == 8000);
}

TEST_CASE("without the limit people leave as quickly as they like") {
    auto options = few_skips();
    options.skips.reset();
    stage here{options};
    here.come(1);
    here.come(2);
    for (int n = 0; n < 20; ++n) {
        meet(here, 1, 0ms);
    }

    here.find(1);

    CHECK_FALSE(refused_for(here, 1));
}
