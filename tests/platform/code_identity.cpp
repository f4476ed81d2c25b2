#include "server/platform/code_identity.hpp"

#include "tests/platform/stage.hpp"

using namespace onechat;
using namespace onechat::platform;
using namespace std::chrono_literals;

namespace {

using refusal = login_refusal::kind;

struct logins : stage {
    explicit logins(platform_name of = platform_name::wechat)
        : line{shared, of, "login", base(), {.pause = 1ms}}, who{line, {"wx1", "s3&cret"}} {}

    identity::answer ask(std::string code = "c0de") {
        std::optional<identity::answer> got;
        who.identify(std::move(code), [&](identity::answer with) { got = std::move(with); });
        REQUIRE_FALSE(got);
        REQUIRE(here.until([&] { return got.has_value(); }));
        return *std::move(got);
    }
    refusal refused() {
        const auto got = ask();
        REQUIRE(got.has_error());
        return got.error().why;
    }

    api_caller line;
    code_identity who;
};

}  // namespace

TEST_CASE("a code is asked about as the platforms' documents have it, and leads to an account") {
    const auto of = GENERATE(platform_name::wechat, platform_name::qq);
    logins at{of};
    at.answers(R"({"session_key":"k","openid":"o-1","unionid":"u"})");

    const auto got = at.ask("a+b&c");

    REQUIRE(got.has_value());
    CHECK(*got == account{of, "o-1"});
    CHECK(at.asked == std::vector<std::string>{"GET /sns/jscode2session?appid=wx1&secret=s3%26cret"
                                               "&js_code=a%2Bb%26c&grant_type=authorization_code"});
}

TEST_CASE("each of the platforms' refusals means something of its own") {
    const auto [errcode, why] = GENERATE(table<int, refusal>({{40163, refusal::used},
                                                              {40226, refusal::risky},
                                                              {40029, refusal::failed},
                                                              {41008, refusal::failed},
                                                              {45011, refusal::busy},
                                                              {40013, refusal::busy},
                                                              {40125, refusal::busy},
                                                              {40001, refusal::busy}}));
    logins at;
    at.answers("{\"errcode\":" + std::to_string(errcode) + "}");

    CHECK(at.refused() == why);

    CHECK(at.asked.size() == 1);
}

TEST_CASE("minus one is asked again, and a good answer then is good") {
    logins at;
    at.answers(R"({"errcode":-1})");
    at.answers(R"({"openid":"o-1"})");

    CHECK(at.ask().has_value());

    CHECK(at.asked.size() == 2);
}

TEST_CASE("an answer without an acceptable OpenID names nobody") {
    const std::string body =
        GENERATE(std::string{"{}"}, std::string{R"({"openid":""})"}, std::string{R"({"openid":7})"},
                 std::string{R"({"openid":"a\u0000"})"}, std::string{"<html>"},
                 R"({"openid":")" + std::string(129, 'x') + "\"}");
    logins at;
    at.answers(body);

    CHECK(at.refused() == refusal::busy);
}

TEST_CASE("what was logged of a refusal holds neither code nor secret") {
    logins at;
    at.answers(R"({"errcode":40125,"errmsg":"invalid s3&cret for c0de, rid: 6a"})");
    at.ask();

    REQUIRE(at.notes.size() == 1);
    CHECK(at.notes[0].find("s3") == std::string::npos);
    CHECK(at.notes[0].find("c0de") == std::string::npos);
}

TEST_CASE("a code that no platform can have given out is not shown to it") {
    for (const std::string code : {"a b", "a\r\n", "\x7F", "\xE4\xB8\xAD", "\x01"}) {
        logins at;

        const auto got = at.ask(code);

        REQUIRE(got.has_error());
        CHECK(got.error().why == refusal::failed);
        CHECK(at.asked.empty());
    }
}
