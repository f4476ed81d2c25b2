// Taking leave: who is told what, in which order, and what is left behind.
#include "server/lobby/lobby.hpp"
#include "tests/lobby/stage.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using protocol::user_state;
namespace server = protocol::server;

namespace {

lobby_options immediate() {
    auto options = stage_options();
    options.rematch_after = 0ms;
    return options;
}

}  // namespace

TEST_CASE("the leaver is idle after the commit, the partner hears left at once") {
    stage here;
    here.pair_up(1, 2);

    here.hall.leave({session_of(1), 31}, "pair1", here.now, here.out);
    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
    CHECK(here.hear(1).empty());
    here.commit();

    const auto idle_rid = std::get<tell>(here.out.back()).rid;
    CHECK(idle_rid == 31);
    CHECK(here.hear(1) == words{"end 2 me left", "idle"});
    CHECK(here.hall.chat_count() == 0);
}

TEST_CASE("who was left may look for somebody at once") {
    stage here;
    here.pair_up(1, 2);
    here.leave(1);
    here.hear(2);

    here.find(2);

    CHECK(here.hear(2) == words{"waiting 0 0"});
}

TEST_CASE("leave and find in one breath: idle comes before waiting") {
    stage here;
    here.pair_up(1, 2);

    here.leave(1);
    here.hall.find({session_of(1), 8}, {}, here.now, here.out);
    CHECK(here.hear(1).empty());
    here.commit();

    CHECK(std::get<tell>(here.out.back()).rid == 8);
    CHECK(here.hear(1) == words{"end 2 me left", "idle", "waiting 0 0"});
}

TEST_CASE("leave, find and cancel in one breath are answered one after the other") {
    stage here;
    here.pair_up(1, 2);

    here.leave(1);
    here.find(1);
    here.cancel(1);
    here.commit();

    const auto heard = here.hear(1);
    CHECK(heard == words{"end 2 me left", "idle", "waiting 0 0", "idle"});
    CHECK(here.hall.waiting_count() == 0);
}

TEST_CASE("idle never comes before the end of the chat that was left") {
    stage here;
    here.pair_up(1, 2);

    here.leave(1);
    here.find(1);
    here.cancel(1);
    here.commit();

    CHECK(here.hear(1).front() == "end 2 me left");
}

TEST_CASE("a second leave is refused, and hurts nobody") {
    stage here;
    here.pair_up(1, 2);

    here.leave(1);
    here.leave(1);
    here.leave(2);
    here.commit();

    CHECK(here.hear(1) == words{"error not_paired", "end 2 me left", "idle"});
    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left", "error not_paired"});
}

TEST_CASE("a text after leaving is refused before the end is told") {
    stage here;
    here.pair_up(1, 2);
    here.leave(1);

    here.say(1, 1, "too late", "pair1");
    here.commit();

    CHECK(here.hear(1) == words{"nack 1 not_paired", "end 2 me left", "idle"});
}

TEST_CASE("next leaves and looks on: waiting, then the end, and no idle") {
    stage here;
    here.pair_up(1, 2);

    here.hall.next({session_of(1), 9}, {}, "pair1", here.now, here.out);
    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
    CHECK(std::ranges::any_of(here.out, [](const effect& one) {
        const auto* told = std::get_if<tell>(&one);
        return told != nullptr && told->rid == 9;
    }));
    here.commit();

    CHECK(here.hear(1) == words{"waiting 0 0", "end 2 me left"});
}

TEST_CASE("next without a chat is a find, and keeps since") {
    stage here;
    here.come(1);
    here.next(1);
    here.wait(4s);

    here.next(1, "whatever");

    const auto news = messages<server::waiting>(here.out, session_of(1));
    REQUIRE(news.size() == 2);
    CHECK(news[1].since == news[0].since);
}

TEST_CASE("after next the two do not meet again at once") {
    stage here;
    here.pair_up(1, 2);
    here.next(1);
    here.commit();
    here.find(2);

    here.pass(7500ms);

    CHECK(take<open_chat>(here.out).empty());
}

TEST_CASE("a named pair that is not the current one is refused and changes nothing") {
    stage here;
    here.pair_up(1, 2);

    here.say(1, 1, "for somebody else", "pair0");
    here.hall.leave({session_of(1), {}}, "pair0", here.now, here.out);
    here.next(1, "pair0");

    const auto nacks = messages<server::nack>(here.out, session_of(1));
    REQUIRE(nacks.size() == 1);
    CHECK(nacks[0].pair == "pair0");
    CHECK(here.hear(1) == words{"nack 1 not_paired", "error not_paired", "error not_paired"});
    CHECK(here.hear(2).empty());
    here.say(1, 1, "for you", "pair1");
    CHECK(here.hear(2) == words{"text 2 partner for you"});
}

TEST_CASE("without a chat texts and leave are refused") {
    stage here;
    here.come(1);

    here.say(1, 4, "hello?");
    here.leave(1);

    CHECK(here.hear(1) == words{"nack 4 not_paired", "error not_paired"});
}

TEST_CASE("a leaver who comes back before the commit is idle, and shown nothing twice") {
    stage here;
    here.pair_up(1, 2);
    here.leave(1);

    CHECK(here.come(1, 1).state == user_state::idle);
    CHECK(here.hall.settling(pair_id{1}));
    here.commit();

    CHECK_FALSE(here.hall.settling(pair_id{1}));
    CHECK(here.hear(1, 1).empty());
    CHECK(here.hall.chat_count() == 0);
}

TEST_CASE("two who meet again go on in the same record") {
    stage here{immediate()};
    here.pair_up(1, 2);
    here.say(1, 1, "a");
    here.leave(1);
    here.commit();
    here.find(1);
    here.find(2);
    here.pass(200ms);
    here.open_chats();
    here.out.clear();

    here.say(2, 1, "b");

    CHECK(here.hear(1) == words{"text 5 partner b"});
    CHECK(here.hall.chat_count() == 1);
}

TEST_CASE("next said while catching up: the replay goes on to the end, and leaves nothing behind") {
    stage here;
    here.pair_up(1, 2);
    here.go(1);
    here.come(1, 1);  // has not been shown what was missed yet
    here.say(2, 1, "a");
    here.commit();
    here.out.clear();
    const auto catch_up = [&](std::uint64_t shown) {
        return here.hall.catch_up(session_of(1, 1), pair_id{1}, shown, here.now, here.out).made;
    };

    here.next(1, {}, 1);
    here.commit();

    CHECK(catch_up(1) == chat::progress::read_on);
    CHECK(catch_up(3) == chat::progress::over);
    CHECK(here.hear(1, 1) == words{"waiting 0 0"});  // neither idle nor partner left
    CHECK(here.hall.chat_count() == 0);
}

TEST_CASE("somebody who goes after such a next leaves nothing behind") {
    stage here;
    here.pair_up(1, 2);
    here.go(1);
    here.come(1, 1);
    here.next(1, {}, 1);
    here.commit();

    here.go(1, 1);

    CHECK(here.hall.chat_count() == 0);
}

TEST_CASE("after such a next the two meet again when the replay is through, in a chat of its own") {
    stage here{immediate()};
    here.pair_up(1, 2);
    here.go(1);
    here.come(1, 1);
    here.next(1, {}, 1);
    here.commit();
    here.find(2);
    here.pass(1s);
    CHECK(take<open_chat>(here.out).empty());  // one pair, one chat
    const auto up = here.hall.catch_up(session_of(1, 1), pair_id{1}, 2, here.now, here.out);
    CHECK(up.made == chat::progress::over);
    here.pass(1s);
    here.open_chats();
    here.out.clear();

    const chat* current = here.hall.talking(user_id{2});
    REQUIRE(current != nullptr);
    REQUIRE(current == here.hall.talking(user_id{1}));
    CHECK_FALSE(current->ended());
    here.say(2, 9, "hi");
    here.leave(2);
    here.commit();
    CHECK(here.hear(1, 1) == words{"text 4 partner hi", "end 5 partner left", "partner left left"});
    CHECK(here.hear(2) == words{"ack 9", "end 5 me left", "idle"});
    CHECK(here.hall.chat_count() == 0);
}

TEST_CASE("a next that is refused for the store's sake leaves nobody in doubt") {
    stage here;
    here.pair_up(1, 2);
    here.hall.set_store(store_state::closed);

    here.next(1);
    here.commit();

    // Either the chat goes on, or it is over and the client is told that it is idle.
    const auto heard = here.hear(1);
    const bool goes_on = here.hall.talking(user_id{1}) != nullptr;
    const bool told_idle = std::ranges::find(heard, "idle") != heard.end();
    CHECK(goes_on != told_idle);
}
