// A match that is not written yet, and what may come between; connections that go and come back.
#include "server/lobby/lobby.hpp"
#include "tests/lobby/stage.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using protocol::user_state;
namespace server = protocol::server;

namespace {

// Users 1 and 2 are engaged; the store has not answered.
open_chat engage(stage& here) {
    for (const int user : {1, 2}) {
        here.come(user);
        here.find(user);
        here.wait(1s);
    }
    here.tick();
    auto asked = take<open_chat>(here.out);
    REQUIRE(asked.size() == 1);
    here.out.clear();
    return asked[0];
}

// User 2 has not been told of a chat, waits still since when they came, and is matched again.
void check_place_kept(stage& here, std::int64_t since) {
    CHECK(take<void_chat>(here.out).size() == 1);
    CHECK(here.hear(2).empty());
    here.find(2);
    const auto news = messages<server::waiting>(here.out, session_of(2));
    REQUIRE(news.size() == 1);
    CHECK(news[0].since == since);
    here.come(3);
    here.find(3);
    here.pass(400ms);
    const auto again = take<open_chat>(here.out);
    REQUIRE(again.size() == 1);
    CHECK(again[0].users == std::array{user_id{2}, user_id{3}});
}

}  // namespace

// ---- engaged ----

TEST_CASE("find while engaged answers waiting and changes nothing of the match") {
    stage here;
    const auto asked = engage(here);

    here.find(1);
    CHECK(here.hear(1) == words{"waiting 0 0"});
    here.pass(1s);
    CHECK(take<open_chat>(here.out).empty());

    here.open(asked);
    CHECK(here.hear(1).back() == "matched");
    CHECK(here.hear(2).back() == "matched");
}

TEST_CASE("a cancel wins against a match, and the other keeps their place") {
    stage here;
    const auto since = here.now.unix_ms + 1000;
    const auto asked = engage(here);

    here.cancel(1);
    CHECK(here.hear(1) == words{"idle"});
    here.open(asked);

    CHECK(here.hear(1).empty());
    CHECK(here.hall.talking(user_id{1}) == nullptr);
    check_place_kept(here, since);
}

TEST_CASE("a cancel and a new find do not revive the match that was cancelled") {
    stage here;
    const auto asked = engage(here);

    here.cancel(1);
    here.find(1);
    here.open(asked);

    CHECK(here.hear(1) == words{"idle", "waiting 0 0"});
    CHECK(here.hear(2).empty());
    CHECK(take<void_chat>(here.out).size() == 1);
    here.pass(200ms);
    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("a lost socket wins against a match, and the other keeps their place") {
    stage here;
    const auto since = here.now.unix_ms + 1000;
    const auto asked = engage(here);

    here.go(1);
    here.open(asked);

    check_place_kept(here, since);
}

TEST_CASE("a socket lost and back before the answer is not told of the old match") {
    stage here;
    const auto asked = engage(here);

    here.go(1);
    CHECK(here.come(1, 1).state == user_state::waiting);
    here.open(asked);

    CHECK(here.hear(1, 1).empty());
    CHECK(take<void_chat>(here.out).size() == 1);
}

TEST_CASE("both gone before the answer: the chat is undone and nobody is told") {
    stage here;
    const auto asked = engage(here);

    here.cancel(1);
    here.cancel(2);
    here.out.clear();
    here.open(asked);

    CHECK(here.out.size() == 1);
    CHECK(take<void_chat>(here.out).size() == 1);
    CHECK(here.hall.chat_count() == 0);
}

TEST_CASE("a newer connection of somebody engaged is the one that hears matched") {
    stage here;
    const auto asked = engage(here);

    const auto arrival = here.come(1, 1);
    CHECK(arrival.state == user_state::waiting);
    CHECK(arrival.replaced == session_of(1));
    here.open(asked);

    CHECK(here.hear(1).empty());
    CHECK(here.hear(1, 1) == words{"matched"});
    CHECK(here.hear(2) == words{"matched"});
    CHECK(take<void_chat>(here.out).empty());
}

TEST_CASE("when writing fails both keep their place and are matched again") {
    stage here;
    const auto since = here.now.unix_ms;
    const auto asked = engage(here);

    here.hall.chat_not_opened(asked.match);
    CHECK(here.hear(1).empty());
    here.find(1);
    CHECK(messages<server::waiting>(here.out, session_of(1)).at(0).since == since);

    here.pass(200ms);
    here.open_chats();
    CHECK(here.hear(1).back() == "matched");
    CHECK(here.hear(2).back() == "matched");
}

TEST_CASE("whoever goes away before the answer is not matched into the background") {
    stage here;
    const auto asked = engage(here);

    here.hall.away(session_of(1), here.now, here.out);
    here.open(asked);

    CHECK(here.hear(1).empty());
    CHECK(here.hear(2).empty());
    CHECK(take<void_chat>(here.out).size() == 1);
}

// ---- eligible or not ----

TEST_CASE("somebody away keeps their place and is not matched until they are here") {
    stage here;
    here.come(1);
    here.find(1);
    here.hall.away(session_of(1), here.now, here.out);
    here.come(2);
    here.find(2);
    here.pass(10s);
    CHECK(take<open_chat>(here.out).empty());

    here.hall.here(session_of(1), here.out);
    here.pass(200ms);

    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("a ticket without a socket is not matched, and keeps its place for 60 s") {
    stage here;
    here.come(1);
    here.find(1);
    const auto since = here.now.unix_ms;
    here.go(1);
    here.come(2);
    here.find(2);
    here.pass(59'900ms);
    CHECK(take<open_chat>(here.out).empty());

    CHECK(here.come(1).state == user_state::waiting);
    here.out.clear();
    here.hall.tell_waiting({session_of(1), {}}, here.now, here.out);
    CHECK(messages<server::waiting>(here.out, session_of(1)).at(0).since == since);
    here.pass(200ms);
    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("after 60 s without a socket the ticket is gone and the person forgotten") {
    stage here;
    here.come(1);
    here.find(1);
    here.go(1);
    CHECK(here.hall.people_count() == 1);

    here.pass(60s);

    CHECK(here.hall.people_count() == 0);
    CHECK(here.come(1).state == user_state::idle);
}

TEST_CASE("a ticket whose owner comes and goes has 60 s anew each time") {
    stage here;
    here.come(1);
    here.find(1);
    for (int n = 0; n < 5; ++n) {
        here.go(1, n);
        here.pass(50s);
        REQUIRE(here.come(1, n + 1).state == user_state::waiting);
    }
}

// ---- seats ----

TEST_CASE("a lost socket keeps the seat: the partner hears away, then here, and the chat goes on") {
    stage here;
    here.pair_up(1, 2);
    here.go(1);
    CHECK(here.hear(2) == words{"partner away"});
    here.say(2, 1, "are you there?");
    here.pass(119s);

    CHECK(here.come(1, 1).state == user_state::paired);
    CHECK(here.hear(2) == words{"partner here"});
    here.commit();
    const auto up = here.hall.catch_up(session_of(1, 1), pair_id{1}, 2, here.now, here.out);

    CHECK(up.made == chat::progress::live);
    CHECK(here.hear(1, 1) == words{"partner here"});
    CHECK(here.hear(2) == words{"ack 1"});
}

TEST_CASE("after 120 s without a socket the chat ends with timeout, for both") {
    stage here;
    here.pair_up(1, 2);
    here.go(1);
    here.pass(119'900ms);
    CHECK(here.hear(2) == words{"partner away"});

    here.pass(100ms);

    CHECK(here.hear(2) == words{"end 2 system timeout", "partner left timeout"});
    here.commit();
    CHECK(here.hall.chat_count() == 0);
    CHECK(here.hall.people_count() == 1);
    CHECK(here.come(1, 1).state == user_state::idle);
}

TEST_CASE("the time of a seat is counted while there is no socket: away alone does not end it") {
    stage here;
    here.pair_up(1, 2);

    here.hall.away(session_of(1), here.now, here.out);
    here.pass(10min);

    CHECK(here.hear(2) == words{"partner away"});
    CHECK(here.hall.talking(user_id{1}) != nullptr);
}

TEST_CASE("a seat's time starts anew with each lost socket") {
    stage here;
    here.pair_up(1, 2);
    for (int n = 0; n < 4; ++n) {
        here.go(1, n);
        here.pass(100s);
        REQUIRE(here.come(1, n + 1).state == user_state::paired);
    }
}

TEST_CASE("both gone: the chat ends once, after the earlier one's time") {
    stage here;
    here.pair_up(1, 2);
    here.go(1);
    here.pass(60s);
    here.go(2);

    here.pass(60s);
    CHECK(take<end_chat>(here.out).size() == 1);
    here.pass(120s);

    CHECK(take<end_chat>(here.out).empty());
    CHECK(here.hall.people_count() == 0);
}

TEST_CASE("a partner who leaves while I am away is told to me at once") {
    stage here;
    here.pair_up(1, 2);
    here.hall.away(session_of(1), here.now, here.out);

    here.leave(2);

    CHECK(here.hear(1) == words{"end 2 partner left", "partner left left"});
}

TEST_CASE("a partner who leaves while I have no socket leaves me idle") {
    stage here;
    here.pair_up(1, 2);
    here.go(1);
    here.leave(2);
    here.commit();

    CHECK(here.come(1, 1).state == user_state::idle);
    CHECK(here.hear(1, 1).empty());
    CHECK(here.hall.chat_count() == 0);
}

TEST_CASE("the next message but ping brings here") {
    stage here;
    here.pair_up(1, 2);
    here.hall.away(session_of(1), here.now, here.out);
    here.hear(2);

    here.hall.here(session_of(1), here.out);
    here.hall.here(session_of(1), here.out);

    CHECK(here.hear(2) == words{"partner here"});
}

// ---- a newer connection ----

TEST_CASE("of the replaced connection nothing more comes, and its end changes nothing") {
    stage here;
    here.pair_up(1, 2);

    const auto arrival = here.come(1, 1);
    CHECK(arrival.replaced == session_of(1));
    CHECK(arrival.state == user_state::paired);
    here.go(1);  // the old socket's close
    here.pass(130s);

    CHECK(here.hear(2).empty());  // neither away nor here: there was a socket all the time
    CHECK(here.hall.talking(user_id{1}) != nullptr);
}

TEST_CASE("a newer connection of one who waits keeps the place") {
    stage here;
    here.come(1);
    here.find(1);
    here.wait(2s);

    const auto arrival = here.come(1, 1);
    here.find(1, {}, 1);

    CHECK(arrival.state == user_state::waiting);
    const auto news = messages<server::waiting>(here.out, session_of(1, 1));
    REQUIRE(news.size() == 1);
    CHECK(news[0].waited_ms == 2000);
}

TEST_CASE("taking over from a connection that had not read the end leaves nothing behind") {
    stage here;
    here.pair_up(1, 2);
    here.go(2);
    here.come(2, 1);  // is still shown what was missed
    here.leave(1);
    here.commit();

    CHECK(here.come(2, 2).state == user_state::idle);

    CHECK(here.hall.chat_count() == 0);
}

// ---- a start ----

TEST_CASE("a restored chat keeps both seats for their full time, then ends once") {
    stage here;
    opened_chat opened;
    opened.pair = pair_id{7};
    opened.name = "old";
    opened.last_seq = 40;
    opened.seats[0].user = user_id{1};
    opened.seats[1].user = user_id{2};
    here.hall.restore(opened, here.now);
    here.pass(119'900ms);
    CHECK(here.out.empty());

    here.pass(100ms);

    const auto ends = take<end_chat>(here.out);
    REQUIRE(ends.size() == 1);
    CHECK(ends[0].end.seq == 41);
    CHECK(ends[0].end.reason == protocol::end_reason::timeout);
    CHECK(here.hall.people_count() == 0);
}

TEST_CASE("people of a restored chat are paired again and hear of each other") {
    stage here;
    opened_chat opened;
    opened.pair = pair_id{7};
    opened.name = "old";
    opened.last_seq = 40;
    opened.seats[0].user = user_id{1};
    opened.seats[0].accepted = {{3, 39, 1000, digest_of("before")}};
    opened.seats[1].user = user_id{2};
    here.hall.restore(opened, here.now);

    CHECK(here.come(1).state == user_state::paired);
    CHECK(here.hall.catch_up(session_of(1), pair_id{7}, 40, here.now, here.out).made ==
          chat::progress::live);
    CHECK(here.come(2).state == user_state::paired);
    here.say(1, 3, "before");
    here.say(1, 4, "after");
    here.pass(10min);

    CHECK(here.hear(1) == words{"partner away", "partner here", "ack 3 dup"});
    CHECK(here.hall.chat_count() == 1);
}
