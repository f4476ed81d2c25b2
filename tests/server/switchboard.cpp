#include "server/switchboard.hpp"

#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace onechat;
using namespace onechat::test;
namespace server = protocol::server;

namespace {

switchboard_options quick_rematch() {
    switchboard_options options;
    options.lobby.rematch_after = 0ms;
    return options;
}

}  // namespace

TEST_CASE("two people meet, talk and part") {
    house here;
    here.come(1);
    here.come(2);
    here.hear(1);
    here.hear(2);

    here.say(1, R"({"t":"find","rid":1,"topics":["music"],"nickname":"小安","avatar":"owl"})");
    here.say(2, R"({"t":"find","topics":["film","music"]})");
    here.settle();  // their rows
    here.pass(200ms);
    CHECK(here.hear(1) == words{"waiting 0 0", "matched"});
    CHECK(here.hear(2).back() == "matched");
    const auto to_two = here.last<server::matched>(2);
    CHECK(to_two.partner.nickname == "小安");
    CHECK(to_two.partner.avatar == "owl");
    CHECK(to_two.topic == "music");
    CHECK(to_two.met == 0);
    CHECK(to_two.last_seq == 1);
    REQUIRE(to_two.recent);
    REQUIRE(to_two.recent->size() == 1);
    CHECK(to_two.recent->front().kind == protocol::event_kind::start);
    CHECK(to_two.pair == here.last<server::matched>(1).pair);
    CHECK(to_two.pair.size() >= 16);  // 96 random bits

    here.say_text(1, 1, "你好");
    CHECK(here.hear(2) == words{"text 2 partner 你好"});
    CHECK(here.hear(1).empty());
    here.settle();
    CHECK(here.hear(1) == words{"ack 1"});

    here.say(2, R"({"t":"leave","rid":6})");
    CHECK(here.hear(1) == words{"end 3 partner left", "partner left left"});
    here.settle();
    CHECK(here.hear(2) == words{"end 3 me left", "idle"});
    CHECK(here.lines[2]->said.back().rid == 6);
}

TEST_CASE("a pair that met before goes on in its record") {
    house here{quick_rematch()};
    const auto pair = here.pair_up(1, 2);
    const auto look = here.last<server::matched>(1).partner;
    here.say_text(1, 5, "a");
    here.say_text(2, 9, "b");
    here.say(1, R"({"t":"leave"})");
    here.settle();

    const auto again = here.pair_up(1, 2);

    CHECK(again == pair);
    const auto told = here.last<server::matched>(1);
    CHECK(told.met == 1);
    CHECK(told.partner == look);
    CHECK(told.last_seq == 5);
    CHECK(told.last_cid == 5);
    CHECK(here.last<server::matched>(2).last_cid == 9);
    REQUIRE(told.recent);
    words recent;
    for (const auto& event : *told.recent) {
        recent.push_back(spoken(event));
    }
    CHECK(recent == words{"start 1 system", "text 2 me a", "text 3 partner b", "end 4 me left",
                          "start 5 system"});
    here.say_text(1, 5, "a");
    here.say_text(1, 6, "c");
    here.settle();
    CHECK(here.hear(1) == words{"ack 5 dup", "ack 6"});
    CHECK(here.hear(2) == words{"text 6 partner c"});
}

TEST_CASE("a record with long texts is cut to fit a frame, the newest staying") {
    house here{quick_rematch()};
    here.pair_up(1, 2);
    std::string long_text;
    for (int n = 0; n < 2000; ++n) {
        long_text += "字";
    }
    for (int cid = 1; cid <= 20; ++cid) {
        here.say_text(1, cid, long_text);
    }
    here.settle();
    here.say(1, R"({"t":"leave"})");
    here.settle();

    here.pair_up(1, 2);

    const auto told = here.last<server::matched>(2);
    REQUIRE(told.recent);
    REQUIRE(told.recent->size() >= 5);
    CHECK(told.recent->back().seq == told.last_seq);
    std::string frame;
    protocol::write(frame, told);
    CHECK(frame.size() <= 64 * 1024);
}

TEST_CASE("an unknown topic is refused and names the field, a known one in any spelling is not") {
    house here;
    here.come(1);
    here.hear(1);

    here.say(1, R"({"t":"find","topics":["music","nonsense"]})");
    CHECK(here.last<server::error>(1).field == "topics");
    CHECK(here.hear(1) == words{"error unknown_topic"});
    CHECK(here.store.writes.empty());

    here.say(1, R"({"t":"find","topics":["ｍｕｓｉｃ"]})");
    CHECK(here.hear(1) == words{"waiting 0 0"});
}

TEST_CASE("what is told of a stranger names no user") {
    house here;
    here.pair_up(1, 2);
    here.say_text(1, 1, "hi");
    here.settle();
    const auto token = here.token(1);

    for (const auto& [message, rid] : here.lines[2]->said) {
        std::string frame;
        protocol::write(frame, message, rid);
        CHECK(frame.find(token) == std::string::npos);
        CHECK(frame.find("user") == std::string::npos);
    }
}

TEST_CASE("takeover: the older connection is bye 4500 and its late frames change nothing") {
    house here;
    here.pair_up(1, 2);
    const auto token = here.token(1);

    here.come_back(3, token);
    CHECK(here.hear(1) == words{"bye 4500"});
    here.say_text(1, 1, "late");
    here.say(1, R"({"t":"leave"})");
    here.drop(1);
    here.pass(3min);

    CHECK(here.hear(3) == words{"welcome paired", "partner here"});
    CHECK(here.hear(2).empty());
    here.say_text(3, 1, "still me");
    CHECK(here.hear(2) == words{"text 2 partner still me"});
}

TEST_CASE("takeover while waiting keeps the place, and waiting follows the welcome") {
    house here;
    here.come(1);
    here.say(1, R"({"t":"find"})");
    const auto since = here.last<server::waiting>(1).since;
    here.pass(4s);

    here.come_back(2, here.token(1));

    CHECK(here.hear(2) == words{"welcome waiting", "waiting 1 0"});
    CHECK(here.last<server::waiting>(2).since == since);
}

TEST_CASE("a user is made at the first find, not at hello") {
    house here;
    here.come(1);
    here.come_back(2, here.token(1));
    CHECK(here.store.behind.last_user() == storage::user_id{0});

    here.say(2, R"({"t":"find"})");
    here.say(2, R"({"t":"find"})");
    CHECK(here.store.writes.size() == 1);
    here.settle();
    here.say(2, R"({"t":"find"})");

    CHECK(here.store.writes.empty());
    CHECK(here.store.behind.last_user() != storage::user_id{0});
}

TEST_CASE("two devices of one guest are one user, before and after the first find") {
    house here;
    here.come(1);
    const auto token = here.token(1);
    here.say(1, R"({"t":"find"})");
    here.come_back(2, token);
    here.say(2, R"({"t":"find"})");

    here.pass(20s);

    CHECK(here.all<server::matched>(2).empty());
    CHECK(here.board->people().people_count() == 1);
}

TEST_CASE("whoever is away is not matched; any message but ping brings them back") {
    house here;
    here.come(1);
    here.come(2);
    here.say(1, R"({"t":"find"})");
    here.say(1, R"({"t":"away"})");
    here.say(2, R"({"t":"find"})");
    here.pass(1s);
    here.say(1, R"({"t":"ping"})");
    here.pass(1s);
    CHECK(here.all<server::matched>(2).empty());

    here.say(1, R"({"t":"find"})");
    here.pass(200ms);

    CHECK(here.all<server::matched>(2).size() == 1);
}

TEST_CASE("drain says bye 4000 to all, with times spread over 500 to 5000 ms") {
    house here;
    for (int n = 1; n <= 300; ++n) {
        here.come(n);
    }
    here.connect(301);

    here.board->drain();
    here.connect(302);

    std::set<std::int64_t> times;
    for (int n = 1; n <= 302; ++n) {
        CHECK(here.lines[n]->closed_with == 4000);
        const auto bye = here.last<server::bye>(n);
        CHECK(bye.code == 4000);
        REQUIRE(bye.retry_ms);
        CHECK(*bye.retry_ms >= 500);
        CHECK(*bye.retry_ms <= 5000);
        times.insert(*bye.retry_ms);
    }
    CHECK(times.size() > 200);
    CHECK(*times.begin() < 800);
    CHECK(*times.rbegin() > 4700);
}

TEST_CASE("what was said before a drain is stored all the same") {
    house here;
    const auto pair = here.pair_up(1, 2);
    here.say_text(1, 1, "last words");

    here.board->drain();
    here.settle();
    const auto chats = here.store.behind.open_chats();

    REQUIRE(chats.size() == 1);
    CHECK(chats[0].pair.last_seq == 2);
}
