// Matches that are under way to the disk, and people who can't be matched for a moment.
#include "server/lobby/lobby.hpp"
#include "tests/lobby/stage.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using namespace std::chrono_literals;

TEST_CASE("who steps back from a match is in no other before it is undone") {
    stage here;
    for (const int user : {1, 2, 3}) {
        here.come(user);
    }
    here.find(1);
    here.find(2);
    here.tick();
    const auto first = take<open_chat>(here.out);
    REQUIRE(first.size() == 1);

    here.cancel(1);
    here.find(1);
    here.find(3);
    here.pass(10s);
    CHECK(take<open_chat>(here.out).empty());
    here.open(first[0]);
    CHECK(take<void_chat>(here.out).size() == 1);
    here.pass(200ms);

    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("who vanishes from a match is remembered until it is undone") {
    stage here;
    here.come(1);
    here.come(2);
    here.find(1);
    here.find(2);
    here.tick();
    const auto first = take<open_chat>(here.out);

    here.go(1);
    here.pass(61s);  // the ticket's time is over
    CHECK(here.hall.people_count() == 2);
    here.open(first.at(0));

    CHECK(here.hall.people_count() == 1);
}

TEST_CASE("nobody is matched who is still shown the record of an earlier chat") {
    stage here;
    here.come(1);
    here.come(2);
    here.hall.set_reading(session_of(1), true);
    here.find(1);
    here.find(2);
    here.pass(10s);
    CHECK(take<open_chat>(here.out).empty());

    here.hall.set_reading(session_of(1), false);
    here.pass(200ms);

    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("a guest without a row is matched when it is written") {
    stage here;
    newcomer guest;
    guest.user = user_id{1};
    guest.stored = false;
    here.hall.arrive(session_of(1), guest, here.out);
    here.come(2);
    here.find(1);
    here.find(2);
    here.pass(10s);
    CHECK(take<open_chat>(here.out).empty());

    here.hall.user_stored(user_id{1}, here.now, here.out);
    here.pass(200ms);

    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("finds behind the end of a chat are bounded, and the surplus is told") {
    stage here;
    here.pair_up(1, 2);
    here.leave(1);
    for (int n = 0; n < 8; ++n) {
        here.find(1);
    }
    CHECK(here.hear(1).empty());

    here.find(1);

    CHECK(here.hear(1) == words{"error rate_limited"});
}

TEST_CASE("who begins to read an earlier record gives up the match under way") {
    stage here;
    here.come(1);
    here.come(2);
    here.find(1);
    here.find(2);
    here.tick();
    const auto first = take<open_chat>(here.out);

    here.come(1, 1);
    here.hall.set_reading(session_of(1, 1), true);
    here.open(first.at(0));

    CHECK(take<void_chat>(here.out).size() == 1);
    CHECK(here.hall.talking(user_id{1}) == nullptr);
}

TEST_CASE("a block that comes while a match is written wins, and both keep their places") {
    stage here;
    here.come(1);
    here.come(2);
    here.find(1);
    here.find(2);
    here.tick();
    const auto first = take<open_chat>(here.out);

    here.set_block(1, 2, true);
    here.open(first.at(0));
    here.pass(10min);

    CHECK(take<void_chat>(here.out).size() == 1);
    CHECK(take<open_chat>(here.out).empty());
    CHECK(here.hall.waiting_count() == 2);
}
