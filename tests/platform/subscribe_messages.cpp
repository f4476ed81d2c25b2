#include "server/platform/subscribe_messages.hpp"

#include "tests/platform/stage.hpp"

using namespace onechat;
using namespace onechat::platform;

namespace {

struct message_stage : stage {
    explicit message_stage(platform_name name = platform_name::wechat, std::string page = "pages/a")
        : from{name},
          token_line{shared, name, "token", base(), {.tries_max = 1}},
          tokens{token_line, {"wx1", "s"}},
          line{shared, name, "message", base(), {}},
          messages{line,
                   tokens,
                   {.id = "tmpl",
                    .page = std::move(page),
                    .values = {{"thing1", "有人在等你"}, {"thing2", "请\"回来\""}}}} {
        answers(R"({"access_token":"tok","expires_in":7200})");
    }
    notice_outcome sent() {
        std::optional<notice_outcome> got;
        messages.notify(account{from, "o1"}, [&](notice_outcome one) { got = one; });
        CHECK_FALSE(got);
        REQUIRE(here.until([&] { return got.has_value(); }));
        return *got;
    }

    platform_name from;
    api_caller token_line;
    access_tokens tokens;
    api_caller line;
    subscribe_messages messages;
};

}  // namespace

TEST_CASE("a subscribe message holds the operator's words and nobody else's") {
    message_stage of;
    of.answers(R"({"errcode":0})");

    CHECK(of.sent() == notice_outcome::sent);

    CHECK(of.asked.back() ==
          "POST /cgi-bin/message/subscribe/send?access_token=tok "
          "{\"touser\":\"o1\",\"template_id\":\"tmpl\",\"page\":\"pages/a\",\"data\":"
          "{\"thing1\":{\"value\":\"有人在等你\"},\"thing2\":{\"value\":\"请\\\"回来\\\"\"}}}");
}

TEST_CASE("QQ has its own place for it, and a message may open nothing") {
    message_stage of{platform_name::qq, ""};
    of.answers(R"({"errcode":0})");

    CHECK(of.sent() == notice_outcome::sent);

    CHECK(of.asked.back().starts_with("POST /api/json/subscribe/SendSubscriptionMessage?"));
    CHECK(of.asked.back().find("page") == std::string::npos);
}

TEST_CASE("a message without a consent says so") {
    message_stage of;
    of.answers(R"({"errcode":43101})");
    CHECK(of.sent() == notice_outcome::no_consent);
    message_stage qq{platform_name::qq};
    qq.answers(R"({"errcode":46001})");
    CHECK(qq.sent() == notice_outcome::no_consent);
}

TEST_CASE("a message that is refused for its form is the operator's to mend") {
    message_stage of;
    of.answers(R"({"errcode":47003,"errmsg":"argument invalid! data.thing1.value invalid"})");

    CHECK(of.sent() == notice_outcome::refused);
}

TEST_CASE("a message that may have been sent is not sent again") {
    message_stage of;
    of.answers("broken", 502);

    CHECK(of.sent() == notice_outcome::failed);

    CHECK(of.asked.size() == 2);  // the token, and this
}

TEST_CASE("a message that cannot have been sent says so") {
    message_stage of;
    of.answers(R"({"errcode":45009})");
    CHECK(of.sent() == notice_outcome::not_sent);
    of.answers(R"({"errcode":48001})");
    CHECK(of.sent() == notice_outcome::not_sent);
    of.answers("", 413);
    CHECK(of.sent() == notice_outcome::not_sent);
    of.here.listening_on.stop_accepting();
    api_caller line{of.shared, platform_name::wechat, "other", of.base(), {}};
    subscribe_messages unreached{line, of.tokens, {.id = "tmpl", .page = {}, .values = {}}};
    std::optional<notice_outcome> got;
    unreached.notify(account{platform_name::wechat, "o1"}, [&](notice_outcome one) { got = one; });
    REQUIRE(of.here.until([&] { return got.has_value(); }));
    CHECK(got == notice_outcome::not_sent);
}

TEST_CASE("without a token no message has been sent") {
    message_stage of;
    of.answers(R"({"errcode":0})");
    CHECK(of.sent() == notice_outcome::sent);
    of.tokens.refused("tok");
    of.answers("broken", 500);

    CHECK(of.sent() == notice_outcome::not_sent);
}
