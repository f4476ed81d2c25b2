// Somebody departs for another reason than asking to leave: a block, a ban, a logout. They are told
// nothing of it but the end of the chat, since what they asked for has an answer of its own.
#include "server/lobby/lobby.hpp"
#include "tests/lobby/stage.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using protocol::user_state;
namespace server = protocol::server;

TEST_CASE("who departs from a chat hears its end and no idle, the partner that they left") {
    stage here;
    here.pair_up(1, 2);
    here.say(1, 1, "bye");
    here.hear(2);

    here.depart(1);
    CHECK(here.hear(2) == words{"end 3 partner left", "partner left left"});
    CHECK(here.hear(1).empty());
    here.commit();

    CHECK(here.hear(1) == words{"ack 1", "end 3 me left"});
    CHECK(here.hall.talking(user_id{1}) == nullptr);
    CHECK(here.hall.chat_count() == 0);
}

TEST_CASE("who departs may search again, and is told of it after the end") {
    stage here;
    here.pair_up(1, 2);

    here.depart(1);
    here.find(1);
    here.commit();

    CHECK(here.hear(1) == words{"end 2 me left", "waiting 0 0"});
}

TEST_CASE("who departs from the line waits no more, and is told nothing") {
    stage here;
    here.come(1);
    here.find(1);
    here.tick();
    here.hear(1);
    CHECK(here.hall.waiting_count() == 1);

    here.depart(1);

    CHECK(here.hall.waiting_count() == 0);
    here.come(2);
    here.find(2);
    here.pass(10s);
    CHECK(take<open_chat>(here.out).empty());
    CHECK(here.hear(1).empty());
    CHECK(here.come(1, 1).state == user_state::idle);
}

TEST_CASE("who departs while a match is under way is not matched, and the other waits on") {
    stage here;
    for (const int user : {1, 2}) {
        here.come(user);
        here.find(user);
    }
    here.tick();
    const auto asked = take<open_chat>(here.out);
    REQUIRE(asked.size() == 1);
    here.out.clear();

    here.depart(1);
    here.open(asked[0]);

    CHECK(take<void_chat>(here.out).size() == 1);
    CHECK(here.out.empty());
    here.come(3);
    here.find(3);
    here.pass(400ms);
    const auto again = take<open_chat>(here.out);
    REQUIRE(again.size() == 1);
    CHECK(again[0].users == std::array{user_id{2}, user_id{3}});
}

TEST_CASE("who departs while leaving is idle by that leave, and what they asked since is void") {
    stage here;
    here.pair_up(1, 2);
    here.leave(1);
    here.find(1);
    here.find(1);

    here.depart(1);
    here.commit();

    CHECK(here.hear(1) == words{"end 2 me left", "idle"});
    here.come(3);
    here.find(3);
    here.pass(10s);
    CHECK(take<open_chat>(here.out).empty());
}

TEST_CASE("who departs after a next hears the end of the old chat and waits no more") {
    stage here;
    here.pair_up(1, 2);
    here.next(1);
    here.hear(1);

    here.depart(1);
    here.commit();

    CHECK(here.hear(1) == words{"end 2 me left"});
    here.cancel(1);
    CHECK(here.hear(1) == words{"error not_waiting"});
}

TEST_CASE("who departs while catching up is shown the end by the replay, and no idle") {
    stage here;
    here.pair_up(1, 2);
    here.go(1);
    here.come(1, 1);
    here.hall.depart(session_of(1, 1), here.now, here.out);
    here.commit();

    const auto up = here.hall.catch_up(session_of(1, 1), pair_id{1}, 2, here.now, here.out);

    CHECK(up.made == chat::progress::over);
    CHECK(here.hear(1, 1).empty());
    CHECK(here.hall.chat_count() == 0);
}

TEST_CASE("who departs while idle changes nothing, and twice is as once") {
    stage here;
    here.come(3);
    here.depart(3);
    CHECK(here.out.empty());
    here.pair_up(1, 2);

    here.depart(1);
    here.depart(1);

    CHECK(take<end_chat>(here.out).size() == 1);
    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
}

TEST_CASE("both may depart at once") {
    stage here;
    here.pair_up(1, 2);

    here.depart(1);
    here.depart(2);
    here.commit();

    CHECK(here.hear(1) == words{"end 2 me left"});
    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
    CHECK(here.hall.chat_count() == 0);
}
