// Whom nobody shall meet: the banned, who are taken out of everything at once, and the muted, who
// begin nothing new.
#include "server/lobby/lobby.hpp"
#include "tests/lobby/stage.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using protocol::user_state;
namespace server = protocol::server;

namespace {

void expel(stage& here, int user) {
    here.hall.expel(user_id{user}, here.now, here.out);
}
void mute(stage& here, int user, bool muted = true) {
    here.hall.set_muted(person_of(user), muted, here.out);
}

// Users 1 and 2 wait; their match is on its way to the store.
void engage(stage& here) {
    for (const int user : {1, 2}) {
        here.come(user);
        here.find(user);
    }
    here.tick();
}

}  // namespace

TEST_CASE("an expelled person leaves the chat, and the partner hears that they left") {
    stage here;
    here.pair_up(1, 2);

    expel(here, 1);

    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
    CHECK(here.hall.talking(user_id{1}) == nullptr);
    here.commit();
    CHECK(here.hear(1) == words{"end 2 me left"});
    CHECK(here.hall.chat_count() == 0);
}

TEST_CASE("an expelled person's seat doesn't wait for them") {
    stage here;
    here.pair_up(1, 2);
    here.go(1);
    here.hear(2);

    expel(here, 1);

    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
    here.commit();
    CHECK(here.hall.people_count() == 1);
}

TEST_CASE("an expelled person's ticket is gone, also one that is kept without a connection") {
    stage here;
    here.come(1);
    here.find(1);
    here.go(1);

    expel(here, 1);

    CHECK(here.hall.people_count() == 0);
    here.come(2);
    here.find(2);
    here.pass(61s);
    CHECK(take<open_chat>(here.out).empty());
    CHECK(here.come(1, 1).state == user_state::idle);
}

TEST_CASE("a match under way is given up when one of the two is expelled") {
    stage here;
    engage(here);

    expel(here, 1);
    here.open_chats();

    CHECK(take<void_chat>(here.out).size() == 1);
    CHECK(here.hall.talking(user_id{2}) == nullptr);
    CHECK(here.come(2, 1).state == user_state::waiting);
}

TEST_CASE("a person is expelled as whoever they are") {
    stage here;
    here.pair_up(1, 2);
    here.hall.arrive(session_of(3), {user_id{3}, person_of(1), {}}, here.out);
    here.find(3);

    here.hall.expel(person_of(1), here.now, here.out);

    CHECK(here.hall.talking(user_id{2}) == nullptr);
    CHECK(here.hall.session_of(user_id{3}) == session_of(3));
    here.commit();
    here.out.clear();
    here.find(2);
    here.pass(10s);
    CHECK(take<open_chat>(here.out).empty());
}

TEST_CASE("to expel nobody changes nothing") {
    stage here;
    here.pair_up(1, 2);

    expel(here, 9);

    CHECK(here.out.empty());
    CHECK(here.hall.session_of(user_id{9}) == session_id::none);
}

TEST_CASE("a muted person's search is refused with a word, and what they are in goes on") {
    stage here;
    here.pair_up(1, 2);

    mute(here, 1);
    CHECK(here.out.empty());
    here.next(1);
    CHECK(here.hear(1) == words{"error forbidden"});
    CHECK(here.hall.talking(user_id{1}) != nullptr);
    here.leave(1);
    here.commit();
    here.hear(1);
    here.find(1);

    CHECK(here.hear(1) == words{"error forbidden"});
    CHECK(here.hall.limited().muted == 2);
    here.find(2);
    here.pass(10s);
    CHECK(take<open_chat>(here.out).empty());
}

TEST_CASE("who waits when they are muted is told so, and is idle") {
    stage here;
    here.come(1);
    here.find(1);
    here.tick();
    here.hear(1);

    mute(here, 1);

    CHECK(here.hear(1) == words{"error forbidden", "idle"});
    CHECK(here.hall.waiting_count() == 0);
    mute(here, 1, false);
    here.find(1);
    CHECK(here.hear(1) == words{"waiting 0 0"});
}

TEST_CASE("a ticket without a connection goes with a mute, and nobody is told") {
    stage here;
    here.come(1);
    here.find(1);
    here.go(1);
    here.out.clear();

    mute(here, 1);

    CHECK(here.out.empty());
    CHECK(here.hall.people_count() == 0);
}

TEST_CASE("a match under way is given up when one of the two is muted") {
    stage here;
    engage(here);

    mute(here, 2);
    here.open_chats();

    CHECK(take<void_chat>(here.out).size() == 1);
    CHECK(here.come(1, 1).state == user_state::waiting);
}

TEST_CASE("a search that waited for the end of the old chat is refused as well") {
    stage here;
    here.pair_up(1, 2);
    here.leave(1);
    here.find(1);

    mute(here, 1);
    here.commit();

    CHECK(here.hear(1) == words{"end 2 me left", "idle", "error forbidden"});
}

TEST_CASE("who arrives muted is muted") {
    stage here;
    here.hall.arrive(session_of(1), {user_id{1}, person_of(1), {}, true, true}, here.out);

    here.find(1);

    CHECK(here.hear(1) == words{"error forbidden"});
}
