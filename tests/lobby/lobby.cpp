#include "server/lobby/lobby.hpp"

#include "tests/lobby/stage.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using protocol::user_state;
namespace server = protocol::server;

namespace {

std::vector<server::waiting> news_of(const stage& of, int user) {
    return messages<server::waiting>(of.out, session_of(user));
}

}  // namespace

// ---- tickets ----

TEST_CASE("two who look for somebody are told of each other once the chat is written") {
    stage here;
    here.come(1);
    here.come(2);
    here.find(1);
    here.find(2);
    CHECK(here.hear(1) == words{"waiting 0 0"});
    here.hear(2);

    here.tick();
    CHECK(here.hear(1).empty());
    CHECK(here.hear(2).empty());

    here.open_chats();
    CHECK(here.hear(1) == words{"matched"});
    CHECK(here.hear(2) == words{"matched"});
    CHECK(here.hall.chat_count() == 1);
}

TEST_CASE("a user has one ticket however often they look: nobody meets themself") {
    stage here;
    here.come(1);
    for (int n = 0; n < 20; ++n) {
        here.find(1);
        here.pass(500ms);
        here.come(1, n + 1);  // another device
        here.find(1, {}, n + 1);
        here.pass(500ms);
        here.come(1);
    }

    CHECK(take<open_chat>(here.out).empty());
    CHECK(here.hall.waiting_count() == 1);
}

TEST_CASE("a repeated find keeps since, and a cancel gives it up") {
    stage here;
    here.come(1);
    here.find(1);
    here.wait(4s);
    here.find(1);
    here.cancel(1);
    here.wait(1s);
    here.find(1);

    const auto news = news_of(here, 1);
    REQUIRE(news.size() == 3);
    CHECK(news[1].since == news[0].since);
    CHECK(news[1].waited_ms == 4000);
    CHECK(news[1].tier == 1);
    CHECK(news[2].since == news[0].since + 5000);
    CHECK(news[2].waited_ms == 0);
}

TEST_CASE("a repeated find replaces the topics in place") {
    stage here;
    here.come(1);
    here.come(2);
    here.find(1, topic_list({0}));
    here.find(2, topic_list({1}));
    here.tick();
    CHECK(take<open_chat>(here.out).empty());

    here.wait(200ms);
    here.find(1, topic_list({1, 2}));
    here.tick();

    const auto opened = take<open_chat>(here.out);
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].topic == topic_id{1});
}

TEST_CASE("a repeated find replaces what it names and leaves the rest") {
    stage here;
    here.come(1);
    here.come(2);
    here.hall.find({session_of(1), {}}, {topic_list({0}), "old", "owl"}, here.now, here.out);
    here.hall.find({session_of(1), {}}, {std::nullopt, "new", std::nullopt}, here.now, here.out);
    here.find(2, topic_list({0}));
    here.tick();
    here.open_chats();

    const auto matched = messages<server::matched>(here.out, session_of(2));
    REQUIRE(matched.size() == 1);
    CHECK(matched[0].partner.nickname == "new");
    CHECK(matched[0].partner.avatar == "owl");
    CHECK(matched[0].topic == "music");
}

TEST_CASE("whoever searched under a nickname is not called so in the next chat") {
    stage here;
    here.come(1);
    here.come(2);
    here.hall.find({session_of(1), {}}, {{}, "once", {}}, here.now, here.out);
    here.find(2);
    here.tick();
    here.open_chats();
    here.leave(1);
    here.commit();
    here.come(3);
    here.find(3);
    here.find(1);
    here.wait(200ms);
    here.tick();
    here.open_chats();

    const auto matched = messages<server::matched>(here.out, session_of(3));
    REQUIRE(matched.size() == 1);
    CHECK_FALSE(matched[0].partner.nickname);
}

TEST_CASE("find during a chat is refused and the chat goes on") {
    stage here;
    here.pair_up(1, 2);

    here.find(1);
    here.say(1, 1, "still here");

    CHECK(here.hear(1) == words{"error already_paired"});
    CHECK(here.hear(2) == words{"text 2 partner still here"});
}

TEST_CASE("cancel without a ticket is refused, and in a chat it leaves") {
    stage here;
    here.come(3);
    here.cancel(3);
    CHECK(here.hear(3) == words{"error not_waiting"});

    here.pair_up(1, 2);
    here.cancel(1);
    here.commit();

    CHECK(here.hear(1) == words{"end 2 me left", "idle"});
    CHECK(here.hear(2) == words{"end 2 partner left", "partner left left"});
}

TEST_CASE("only those who wait are matched: neither the idle nor the paired") {
    stage here;
    here.pair_up(1, 2);
    here.come(3);
    here.come(4);
    here.find(4);

    here.pass(20s);

    CHECK(take<open_chat>(here.out).empty());
}

TEST_CASE("of people who wait alike the longer waiting one is served first") {
    stage here;
    for (const int user : {3, 1, 2}) {
        here.come(user);
        here.find(user);
        here.wait(10ms);
    }

    here.tick();

    const auto opened = take<open_chat>(here.out);
    REQUIRE(opened.size() == 1);
    CHECK((opened[0].users[0] == user_id{3} || opened[0].users[1] == user_id{3}));
}

// ---- tiers and time ----

TEST_CASE("people of other topics meet when the later one has waited 3 s") {
    stage here;
    here.come(1);
    here.come(2);
    here.find(1, topic_list({0}));
    here.pass(5s);
    here.find(2, topic_list({1}));
    here.pass(2900ms);
    CHECK(take<open_chat>(here.out).empty());

    here.pass(400ms);

    const auto opened = take<open_chat>(here.out);
    REQUIRE(opened.size() == 1);
    CHECK_FALSE(opened[0].topic);
}

TEST_CASE("people who parted meet again when both have waited 8 s") {
    stage here;
    here.pair_up(1, 2);
    here.leave(1);
    here.commit();
    here.find(1);
    here.find(2);
    here.pass(7900ms);
    CHECK(take<open_chat>(here.out).empty());

    here.pass(400ms);

    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("rematch-after moves when recent partners meet and nothing of the topics") {
    auto options = stage_options();
    options.rematch_after = 0ms;
    stage here{options};
    here.pair_up(1, 2);
    here.leave(1);
    here.commit();
    here.find(1, topic_list({0}));
    here.find(2, topic_list({1}));

    here.pass(2900ms);
    CHECK(take<open_chat>(here.out).empty());
    here.pass(400ms);
    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("people who parted half an hour ago meet at once, and not a moment earlier") {
    stage here;
    here.hall.remember_parting(user_id{3}, user_id{4}, here.now.steady - 30min);
    here.hall.remember_parting(user_id{1}, user_id{2}, here.now.steady - 30min + 1s);
    for (int user = 1; user <= 4; ++user) {
        here.come(user);
    }
    here.find(1, topic_list({0}));
    here.find(2, topic_list({0}));
    here.find(3, topic_list({1}));
    here.find(4, topic_list({1}));

    here.tick();

    const auto opened = take<open_chat>(here.out);
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].users == std::array{user_id{3}, user_id{4}});
}

TEST_CASE("a parting from before a restart counts") {
    stage here;
    here.hall.remember_parting(user_id{1}, user_id{2}, here.now.steady - 10min);
    here.come(1);
    here.come(2);
    here.find(1);
    here.find(2);

    here.pass(7900ms);
    CHECK(take<open_chat>(here.out).empty());
    here.pass(400ms);
    CHECK(take<open_chat>(here.out).size() == 1);
}

TEST_CASE("nobody is paired between rounds, and with rounds of 0 at once") {
    stage slow;
    slow.tick();
    slow.come(1);
    slow.come(2);
    slow.find(1);
    slow.find(2);
    slow.wait(199ms);
    slow.tick();
    CHECK(take<open_chat>(slow.out).empty());
    slow.wait(1ms);
    slow.tick();
    CHECK(take<open_chat>(slow.out).size() == 1);

    auto options = stage_options();
    options.match_round = 0ms;
    stage quick{options};
    quick.come(1);
    quick.come(2);
    quick.find(1);
    quick.find(2);
    CHECK(quick.hear(2) == words{"waiting 0 1-4"});
    CHECK(take<open_chat>(quick.out).size() == 1);
}

TEST_CASE("a thousand waiting pairs drain in one round") {
    stage here;
    for (int user = 1; user <= 2000; ++user) {
        here.come(user);
        here.find(user);
    }

    here.tick();

    CHECK(take<open_chat>(here.out).size() == 1000);
}

TEST_CASE("a block set by either side holds, and costs nobody their place") {
    stage here;
    here.come(1, 0, {person_of(2)});
    here.come(2);
    here.find(1);
    here.find(2);
    here.pass(20s);
    CHECK(take<open_chat>(here.out).empty());

    here.come(3);
    here.find(3);
    here.pass(200ms);

    const auto opened = take<open_chat>(here.out);
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].users == std::array{user_id{1}, user_id{3}});
}
