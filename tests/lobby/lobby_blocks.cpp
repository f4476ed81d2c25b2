// Whom one does not want to meet: people are held while a block is written, then kept apart.
#include "server/lobby/lobby.hpp"
#include "tests/lobby/stage.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using protocol::user_state;
namespace server = protocol::server;

namespace {

void both_wait(stage& here) {
    for (const int user : {1, 2}) {
        here.come(user);
        here.find(user);
        here.wait(1s);
    }
    here.out.clear();
}

bool are_matched(stage& here) {
    here.pass(10s);
    return !take<open_chat>(here.out).empty();
}

// How long user 2 waits by the lobby's word.
std::int64_t waited_ms(stage& here, int user) {
    here.hear(user);
    here.hall.tell_waiting({session_of(user), {}}, here.now, here.out);
    return messages<server::waiting>(here.out, session_of(user)).at(0).waited_ms;
}

}  // namespace

// ---- held ----

TEST_CASE("nobody is matched while they are held, and they are right after") {
    stage here;
    both_wait(here);
    here.hold(1);
    CHECK_FALSE(are_matched(here));

    here.release(1);
    here.pass(200ms);

    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("who is held twice is released twice") {
    stage here;
    both_wait(here);
    here.hold(1);
    here.hold(1);

    here.release(1);
    CHECK_FALSE(are_matched(here));
    here.release(1);

    CHECK(are_matched(here));
}

TEST_CASE("who is held may search and stop, and is told how they stand") {
    stage here;
    here.come(1);
    here.hold(1);

    here.find(1);
    CHECK(here.hall.waiting_count() == 0);
    here.cancel(1);

    CHECK(here.hear(1) == words{"waiting 0 0", "idle"});
    here.release(1);
    CHECK(here.hall.waiting_count() == 0);
}

TEST_CASE("a match under way is given up for who is held, and the partner keeps the place") {
    stage here;
    both_wait(here);
    here.tick();
    const auto asked = take<open_chat>(here.out);
    REQUIRE(asked.size() == 1);

    here.hold(1);
    here.open(asked[0]);

    CHECK(take<void_chat>(here.out).size() == 1);
    CHECK(here.out.empty());  // neither is told anything
    CHECK(here.hall.talking(user_id{1}) == nullptr);
    CHECK(here.hall.talking(user_id{2}) == nullptr);
    CHECK(waited_ms(here, 2) == 1000);
    here.come(3);
    here.find(3);
    here.pass(200ms);
    const auto again = take<open_chat>(here.out);
    REQUIRE(again.size() == 1);
    CHECK(again[0].users == std::array{user_id{2}, user_id{3}});
}

TEST_CASE("a match under way is not revived when who was held is released before it is written") {
    stage here;
    both_wait(here);
    here.tick();
    const auto asked = take<open_chat>(here.out);
    REQUIRE(asked.size() == 1);

    here.hold(2);
    here.set_block(2, 1, true);
    here.release(2);
    here.open(asked[0]);

    CHECK(take<void_chat>(here.out).size() == 1);
    CHECK_FALSE(are_matched(here));
}

TEST_CASE("who is held and goes away is not forgotten before the release") {
    stage here;
    here.come(1);
    here.hold(1);
    here.go(1);
    CHECK(here.hall.people_count() == 1);

    here.release(1);

    CHECK(here.hall.people_count() == 0);
}

TEST_CASE("who is held, goes away and loses the place is not forgotten before the release") {
    stage here;
    here.come(1);
    here.find(1);
    here.hold(1);
    here.go(1);
    here.pass(61s);
    CHECK(here.hall.people_count() == 1);

    here.set_block(1, 2, true);
    here.release(1);

    CHECK(here.hall.people_count() == 0);
}

TEST_CASE("who is held and comes back is held over the new connection, too") {
    stage here;
    both_wait(here);
    here.hold(1);
    here.go(1);
    CHECK(here.come(1, 1).state == user_state::waiting);
    CHECK_FALSE(are_matched(here));

    here.release(1);

    CHECK(are_matched(here));
}

// ---- blocks ----

TEST_CASE("a block in either direction prevents a match, and taking it back allows one") {
    const int who = GENERATE(1, 2);
    stage here;
    both_wait(here);

    here.set_block(who, 3 - who, true);
    CHECK_FALSE(are_matched(here));
    here.set_block(who, 3 - who, false);

    CHECK(are_matched(here));
}

TEST_CASE("of two blocks each prevents a match") {
    stage here;
    both_wait(here);
    here.set_block(1, 2, true);
    here.set_block(2, 1, true);

    here.set_block(1, 2, false);
    CHECK_FALSE(are_matched(here));
    here.set_block(2, 1, false);

    CHECK(are_matched(here));
}

TEST_CASE("a block said twice is taken back at once, and one that is not there hurts nobody") {
    stage here;
    both_wait(here);
    here.set_block(1, 2, true);
    here.set_block(1, 2, true);
    here.set_block(1, 2, false);
    here.set_block(1, 9, false);

    CHECK(are_matched(here));
}

TEST_CASE("many blocks in any order are all remembered") {
    stage here;
    here.come(1);
    for (const int whom : {7, 3, 9, 2, 5, 8, 4, 6}) {
        here.set_block(1, whom, true);
    }
    here.set_block(1, 5, false);
    here.find(1);
    for (int user = 2; user <= 9; ++user) {
        here.come(user);
        for (int whom = 2; whom <= 9; ++whom) {
            here.set_block(user, whom, true);
        }
        here.find(user);
    }

    here.pass(10s);

    const auto asked = take<open_chat>(here.out);
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].users == std::array{user_id{1}, user_id{5}});
}

TEST_CASE("a block that comes with the arrival prevents a match") {
    stage here;
    here.come(1, 0, {person_of(2)});
    here.find(1);
    here.come(2);
    here.find(2);

    CHECK_FALSE(are_matched(here));
}

TEST_CASE("a newer arrival with an older list does not forget a live block") {
    stage here;
    both_wait(here);
    here.set_block(1, 2, true);

    here.come(1, 1);  // was read before the block was written
    CHECK_FALSE(are_matched(here));
    here.go(1, 1);
    here.come(1, 2);

    CHECK_FALSE(are_matched(here));
}

TEST_CASE("a newer arrival with an older list does not bring back a block that is gone") {
    stage here;
    here.come(1, 0, {person_of(2)});
    here.find(1);
    here.come(2);
    here.find(2);
    here.set_block(1, 2, false);

    here.come(1, 1, {person_of(2)});

    CHECK(are_matched(here));
}

TEST_CASE("who was restored and comes for the first time brings their blocks along") {
    stage here;
    opened_chat opened;
    opened.pair = pair_id{7};
    opened.name = "old";
    opened.last_seq = 40;
    opened.seats[0].user = user_id{1};
    opened.seats[1].user = user_id{3};
    here.hall.restore(opened, here.now);
    here.come(1, 0, {person_of(2)});
    here.leave(1);
    here.commit();
    here.find(1);
    here.come(2);
    here.find(2);

    CHECK_FALSE(are_matched(here));
}

TEST_CASE("a block of somebody who is not here is left to the store") {
    stage here;

    here.set_block(1, 2, true);

    CHECK(here.hall.people_count() == 0);
}

TEST_CASE("a block of the current partner leaves first, and keeps the two apart for good") {
    auto options = stage_options();
    options.rematch_after = 0ms;
    stage here{options};
    here.pair_up(1, 2);

    here.hold(1);
    here.depart(1);
    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
    here.find(2);
    here.find(1);
    here.commit();
    CHECK_FALSE(are_matched(here));
    here.set_block(1, 2, true);
    here.release(1);

    CHECK_FALSE(are_matched(here));
}
