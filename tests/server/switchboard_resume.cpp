// Coming back: what was missed, what holds of what a client has, and restarts.
#include "server/switchboard.hpp"
#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::test;
namespace server = protocol::server;

namespace {

server::held_answer held_of(house& here, int n) {
    return here.last<server::welcome>(n).held.value();
}

// The process dies: what was not committed is lost.
void restart(house& here) {
    here.wait(1s);
    here.start();
}

}  // namespace

TEST_CASE("whoever held everything is shown nothing but the partner's state") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.say_text(2, 1, "a");
    here.settle();
    here.drop(1);

    here.come_back(3, here.token(2), house::held(pair, 2, here.epoch(2)));

    CHECK(held_of(here, 3).keep == 2);
    CHECK_FALSE(held_of(here, 3).gap);
    CHECK(here.hear(3) == words{"welcome paired", "partner away"});
    const auto resumed = here.last<server::welcome>(3).pair;
    REQUIRE(resumed);
    CHECK(resumed->pair == pair);
    CHECK(resumed->resumed == true);
    CHECK_FALSE(resumed->recent);
    CHECK(resumed->last_seq == 2);
    CHECK(resumed->last_cid == 1);
}

TEST_CASE("what was missed comes once and in order, one's own texts too, then here, then live") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto epoch = here.epoch(1);
    here.say_text(1, 1, "mine");
    here.say_text(2, 1, "a");
    here.settle();
    here.drop(1);
    here.say_text(2, 2, "b");
    here.settle();
    here.say_text(2, 3, "c");  // on its way to the disk

    here.connect(3);
    here.say(3,
             R"({"t":"hello","v":1,"token":")" + token + '"' + house::held(pair, 1, epoch) + "}");
    here.say_text(2, 4, "d");
    here.settle();
    here.say_text(2, 5, "e");

    CHECK(here.hear(3) == words{"welcome paired", "text 2 me mine", "text 3 partner a",
                                "text 4 partner b", "text 5 partner c", "text 6 partner d",
                                "partner here", "text 7 partner e"});
    CHECK(held_of(here, 3).keep == 1);
}

TEST_CASE("without held the newest events come in the welcome, and nothing twice") {
    house here;
    here.pair_up(1, 2);
    const auto token = here.token(1);
    for (int cid = 1; cid <= 40; ++cid) {
        here.say_text(2, cid, "x");
    }
    here.settle();

    here.come_back(3, token);

    const auto resumed = here.last<server::welcome>(3).pair;
    REQUIRE(resumed);
    REQUIRE(resumed->recent);
    CHECK(resumed->recent->size() == 20);
    CHECK(resumed->recent->front().seq == 22);
    CHECK(resumed->recent->back().seq == 41);
    CHECK_FALSE(here.last<server::welcome>(3).held);
    CHECK(here.hear(3) == words{"welcome paired", "partner here"});
}

TEST_CASE("of more than 1000 missed events the newest 1000 come, paced, and gap is true") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto epoch = here.epoch(1);
    here.drop(1);
    for (int cid = 1; cid <= 1100; ++cid) {
        here.say_text(2, cid, "x");
        here.settle();
    }

    here.come_back(3, token, house::held(pair, 1, epoch));

    CHECK(held_of(here, 3).gap == true);
    CHECK(held_of(here, 3).keep == 1);
    const auto shown = here.all<server::event>(3);
    REQUIRE(shown.size() == 1000);
    CHECK(shown.front().seq == 102);
    CHECK(shown.back().seq == 1101);
}

TEST_CASE("exactly 1000 missed events come without a gap") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto epoch = here.epoch(1);
    here.drop(1);
    for (int cid = 1; cid <= 1000; ++cid) {
        here.say_text(2, cid, "x");
        here.settle();
    }

    here.come_back(3, token, house::held(pair, 1, epoch));

    CHECK_FALSE(held_of(here, 3).gap);
    CHECK(here.all<server::event>(3).size() == 1000);
}

TEST_CASE("a replay waits for a connection that does not keep up") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto epoch = here.epoch(1);
    here.drop(1);
    for (int cid = 1; cid <= 300; ++cid) {
        here.say_text(2, cid, "x");
        here.settle();
    }
    here.connect(3).waiting_bytes = 100'000;
    here.say(3,
             R"({"t":"hello","v":1,"token":")" + token + '"' + house::held(pair, 1, epoch) + "}");
    here.settle();
    CHECK(here.all<server::event>(3).empty());

    here.lines[3]->waiting_bytes = 0;
    here.board->drained(lobby::session_id{3}, here.now);
    here.settle();

    CHECK(here.all<server::event>(3).size() == 300);
    CHECK(here.hear(3).back() == "partner here");
}

TEST_CASE("resume works when the chat is over: up to its end, and no partner frame") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto epoch = here.epoch(1);
    here.drop(1);
    here.say_text(2, 1, "bye");
    here.say(2, R"({"t":"leave"})");
    here.settle();

    here.come_back(3, token, house::held(pair, 1, epoch));

    CHECK(here.hear(3) == words{"welcome idle", "text 2 partner bye", "end 3 partner left"});
    CHECK(held_of(here, 3).keep == 1);
}

TEST_CASE("resume of a chat whose end is on its way to the disk waits for it") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto epoch = here.epoch(1);
    here.drop(1);
    here.say(2, R"({"t":"leave"})");
    here.connect(3);
    here.say(3,
             R"({"t":"hello","v":1,"token":")" + token + '"' + house::held(pair, 1, epoch) + "}");
    here.answer();
    here.answer();

    here.settle();

    CHECK(here.hear(3) == words{"welcome idle", "end 2 partner left"});
}

TEST_CASE("an unknown pair, or somebody else's, is kept up to 0 and nothing follows") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.come(4);
    here.come_back(5, here.token(4), house::held("nonsense", 9, here.epoch(4)));
    CHECK(here.hear(5) == words{"welcome idle"});
    CHECK(held_of(here, 5).keep == 0);
    CHECK(held_of(here, 5).pair == "nonsense");

    here.come_back(6, here.token(4), house::held(pair, 1, here.epoch(4)));
    CHECK(here.hear(6) == words{"welcome idle"});
    CHECK(held_of(here, 6).keep == 0);
}

TEST_CASE("held of an older chat comes before the current one") {
    house here;
    const auto old_pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto epoch = here.epoch(1);
    here.say(2, R"({"t":"leave"})");
    here.settle();
    here.hear(1);
    here.come(3);
    here.say(3, R"({"t":"find"})");
    here.say(1, R"({"t":"find"})");
    here.pass(400ms);
    here.say_text(3, 1, "hi");
    here.settle();

    here.come_back(4, token, house::held(old_pair, 1, epoch));

    CHECK(here.hear(4) == words{"welcome paired", "end 2 partner left", "partner here"});
    CHECK(here.last<server::welcome>(4).pair->recent->back().text == "hi");
}

TEST_CASE("texts that the older connection left unacked arrive on the new one as events") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto epoch = here.epoch(1);
    here.say_text(1, 1, "a");
    here.connect(3);
    here.say(3,
             R"({"t":"hello","v":1,"token":")" + token + '"' + house::held(pair, 1, epoch) + "}");
    here.answer();
    here.answer();
    CHECK(here.hear(1) == words{"bye 4500"});
    CHECK(here.hear(3) == words{"welcome paired"});

    here.settle();

    CHECK(here.hear(3) == words{"text 2 me a", "partner here"});
    CHECK(here.all<server::event>(3).at(0).cid == 1);
    CHECK(here.hear(1).empty());
}

TEST_CASE("a text said again over the new connection is acked there and not shown as well") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto epoch = here.epoch(1);
    here.say_text(1, 1, "a");
    here.connect(3);
    here.say(3,
             R"({"t":"hello","v":1,"token":")" + token + '"' + house::held(pair, 1, epoch) + "}");
    here.answer();
    here.answer();

    here.say_text(3, 1, "a");
    here.settle();

    const words heard = here.hear(3);
    CHECK(heard == words{"welcome paired", "ack 1 dup", "partner here"});
    CHECK(here.hear(2) == words{"text 2 partner a"});
}

// ---- restarts ----

TEST_CASE("after a restart the chat goes on where it was stored, with a higher epoch") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto partners = here.token(2);
    const auto epoch = here.epoch(1);
    here.say_text(1, 1, "a");
    here.say_text(2, 1, "b");
    here.settle();

    restart(here);
    here.come_back(1, token, house::held(pair, 3, epoch));
    CHECK(here.hear(1) == words{"welcome paired", "partner away"});
    CHECK(here.epoch(1) > epoch);
    CHECK(held_of(here, 1).keep == 3);
    CHECK(here.last<server::welcome>(1).pair->last_cid == 1);

    here.come_back(2, partners, house::held(pair, 1, epoch));
    CHECK(here.hear(1) == words{"partner here"});
    CHECK(here.hear(2) ==
          words{"welcome paired", "text 2 partner a", "text 3 me b", "partner here"});
    here.say_text(1, 1, "a");
    here.say_text(1, 2, "c");
    here.settle();
    CHECK(here.hear(1) == words{"ack 1 dup", "ack 2"});
    CHECK(here.hear(2) == words{"text 4 partner c"});
}

TEST_CASE("after a crash keep drops what was shown and never stored") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto partners = here.token(2);
    const auto epoch = here.epoch(1);
    here.say_text(1, 1, "stored");
    here.settle();
    here.say_text(1, 2, "lost");
    CHECK(here.hear(2) == words{"text 2 partner stored", "text 3 partner lost"});

    restart(here);
    here.come_back(1, token, house::held(pair, 2, epoch));
    here.say_text(1, 2, "lost");  // said again, as it had no ack
    here.settle();
    here.come_back(2, partners, house::held(pair, 3, epoch));

    CHECK(held_of(here, 2).keep == 2);
    CHECK(here.hear(2) == words{"welcome paired", "text 3 partner lost", "partner here"});
    CHECK(here.hear(1) == words{"welcome paired", "partner away", "ack 2", "partner here"});
}

TEST_CASE("after a crash another text in the place of the lost one is not taken for it") {
    house here;
    const auto pair = here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto partners = here.token(2);
    const auto epoch = here.epoch(1);
    here.say_text(1, 1, "lost");

    restart(here);
    here.come_back(2, partners, house::held(pair, 1, epoch));
    here.say_text(2, 1, "something else");
    here.settle();
    here.come_back(1, token, house::held(pair, 2, epoch));

    CHECK(held_of(here, 1).keep == 1);
    CHECK(here.hear(1) == words{"welcome paired", "text 2 partner something else", "partner here"});
}

TEST_CASE("a restored chat that nobody comes back to ends with timeout, once") {
    house here;
    here.pair_up(1, 2);

    restart(here);
    here.pass(119s);
    CHECK(here.store.behind.open_chats().size() == 1);
    here.pass(2s);

    CHECK(here.store.behind.open_chats().empty());
    CHECK_FALSE(here.board->failed());
}

TEST_CASE("those who parted before a restart do not meet at once after it") {
    house here;
    here.pair_up(1, 2);
    const auto token = here.token(1);
    const auto partners = here.token(2);
    here.say(1, R"({"t":"leave"})");
    here.settle();

    restart(here);
    here.come_back(1, token);
    here.come_back(2, partners);
    here.say(1, R"({"t":"find"})");
    here.say(2, R"({"t":"find"})");
    here.pass(7900ms);
    CHECK(here.all<server::matched>(1).empty());

    here.pass(400ms);
    CHECK(here.all<server::matched>(1).size() == 1);
}

TEST_CASE("tickets are not kept over a restart") {
    house here;
    here.come(1);
    here.say(1, R"({"t":"find"})");
    here.settle();
    const auto token = here.token(1);

    restart(here);
    here.come_back(1, token);

    CHECK(here.hear(1) == words{"welcome idle"});
}

TEST_CASE("the token of a guest who never searched is good after a restart, and others' too") {
    house here;
    here.come(1);
    const auto token = here.token(1);
    here.pair_up(2, 3);
    const auto others = here.token(2);

    restart(here);
    here.come_back(1, token);
    here.come_back(2, others);

    CHECK(here.hear(1) == words{"welcome idle"});
    CHECK(here.hear(2).front() == "welcome paired");
    here.come(4);
    here.say(4, R"({"t":"find"})");
    here.say(1, R"({"t":"find"})");
    here.settle();  // their rows
    here.pass(200ms);
    CHECK(here.all<server::matched>(1).size() == 1);
    CHECK_FALSE(here.board->failed());
}
