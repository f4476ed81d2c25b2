// Messages to people who are away: when one is sent, and what becomes of the consent to it.
#include "tests/server/watched_house.hpp"

using namespace onechat;
using namespace onechat::test;

namespace {

// Two has accepted one message.
void allow_message(watched_house& w) {
    w.at.say(2, R"({"t":"notify","templates":["tmpl"]})");
    w.at.settle();
}

}  // namespace

TEST_CASE("a text that waits for ten seconds for somebody who is gone nudges them, once") {
    watched_house w{moderation_mode::local};
    w.pair_up();
    w.at.say(2, R"({"t":"notify","templates":["tmpl"]})");
    allow_message(w);
    w.at.drop(2);
    w.at.say_text(1, 1, "are you there?");

    w.at.pass(9900ms);
    CHECK(w.nudged.empty());
    w.at.pass(100ms);
    CHECK(w.nudged == words{"openid-2"});
    w.at.say_text(1, 2, "hello?");
    w.at.pass(30s);
    CHECK(w.nudged.size() == 1);
}

TEST_CASE("each absence nudges once, and each consent") {
    watched_house w{moderation_mode::local};
    w.pair_up();
    const auto token = w.at.token(2);
    allow_message(w);
    for (int n = 0; n < 2; ++n) {
        w.at.drop(n == 0 ? 2 : 12);
        w.at.say_text(1, 1 + n, "are you there?");
        w.at.pass(11s);
        w.at.come_back(12, token);
    }

    CHECK(w.nudged == words{"openid-2"});  // the second time there was no consent left
}

TEST_CASE("who comes back in time, or has left the chat, is not nudged") {
    watched_house w{moderation_mode::local};
    w.pair_up();
    const auto token = w.at.token(2);
    allow_message(w);
    w.at.drop(2);
    w.at.say_text(1, 1, "are you there?");
    w.at.pass(5s);
    w.at.come_back(12, token);
    w.at.pass(10s);
    CHECK(w.nudged.empty());

    w.at.drop(12);
    w.at.say_text(1, 2, "again");
    w.at.say(1, R"({"t":"leave"})");
    w.at.pass(11s);
    CHECK(w.nudged.empty());
}

TEST_CASE("what was not seen before somebody went away nudges as well, what was seen does not") {
    watched_house w{moderation_mode::local};
    w.pair_up();
    const auto token = w.at.token(2);
    allow_message(w);

    SECTION("a text over a line that was dead by then") {
        w.at.say_text(1, 1, "are you there?");
        w.at.wait(1s);
        w.at.drop(2);
        w.at.pass(10s);
        CHECK(w.nudged.size() == 1);
    }
    SECTION("a text to an app in the background") {
        w.at.say(2, R"({"t":"away"})");
        w.at.say_text(1, 1, "are you there?");
        w.at.pass(5s);
        w.at.drop(2);
        w.at.pass(5s);
        CHECK(w.nudged.size() == 1);
    }
    SECTION("a text that waits while the server starts anew") {
        w.at.drop(2);
        w.at.say_text(1, 1, "are you there?");
        w.at.settle();
        w.restart();
        w.at.pass(10s);
        CHECK(w.nudged.size() == 1);
    }
    SECTION("a text that was seen") {
        w.at.say_text(1, 1, "are you there?");
        w.at.settle();
        w.at.say(2, R"({"t":"seen","seq":2})");
        w.at.drop(2);
        w.at.pass(20s);
        CHECK(w.nudged.empty());
    }
    SECTION("a text that was answered") {
        w.at.say_text(1, 1, "are you there?");
        w.at.say_text(2, 1, "yes");
        w.at.settle();
        w.at.drop(2);
        w.at.pass(20s);
        CHECK(w.nudged.empty());
    }
    SECTION("an app that comes back from the background in time") {
        w.at.say(2, R"({"t":"away"})");
        w.at.say_text(1, 1, "are you there?");
        w.at.pass(5s);
        w.at.say(2, R"({"t":"typing","on":true})");
        w.at.pass(20s);
        CHECK(w.nudged.empty());
    }
}

TEST_CASE("a nudge is sent when its consent is used up on disk, and not when that failed") {
    watched_house w{moderation_mode::local};
    w.pair_up();
    allow_message(w);
    w.at.drop(2);
    w.at.say_text(1, 1, "are you there?");
    w.at.settle();
    w.at.wait(10s);
    w.at.board->tick(w.at.now);
    REQUIRE(w.written<storage::take_consent>().size() == 1);
    CHECK(w.nudged.empty());

    w.at.commit();

    CHECK(w.nudged == words{"openid-2"});
}

TEST_CASE("when the platform knows of no consent, ours are dropped") {
    watched_house w{moderation_mode::local};
    w.pair_up();

    w.at.board->notified(lobby::user_id{2}, platform::platform_name::wechat,
                         platform::notice_outcome::no_consent, w.at.now);

    const auto dropped = w.written<storage::drop_consents>();
    REQUIRE(dropped.size() == 1);
    CHECK(dropped[0].template_id == "tmpl");
}

TEST_CASE("a consent is given back when nothing can have been sent by it") {
    watched_house w{moderation_mode::local};
    w.pair_up();
    const auto token = w.at.token(2);
    allow_message(w);
    w.at.drop(2);
    w.at.say_text(1, 1, "are you there?");
    w.at.pass(11s);
    REQUIRE(w.nudged.size() == 1);

    w.at.board->notified(lobby::user_id{2}, platform::platform_name::wechat,
                         platform::notice_outcome::not_sent, w.at.now);
    w.at.settle();
    CHECK(w.nudged.size() == 1);  // not in the same absence
    w.at.come_back(12, token);
    w.at.drop(12);
    w.at.say_text(1, 2, "hello?");
    w.at.pass(11s);

    CHECK(w.nudged.size() == 2);
    w.at.board->notified(lobby::user_id{2}, platform::platform_name::wechat,
                         platform::notice_outcome::failed, w.at.now);
    w.at.settle();
    w.at.come_back(12, token);
    w.at.drop(12);
    w.at.say_text(1, 3, "hello?");
    w.at.pass(11s);
    CHECK(w.nudged.size() == 2);
    CHECK_FALSE(w.at.board->failed());
}
