#include "server/platform/text_checks.hpp"

#include "tests/platform/stage.hpp"

using namespace onechat;
using namespace onechat::platform;

namespace {

using kind = outside_opinion::kind;

struct text_stage : stage {
    explicit text_stage(platform_name name = platform_name::wechat)
        : from{name},
          token_line{shared, name, "token", base(), {.tries_max = 1}},
          tokens{token_line, {"wx1", "s"}},
          line{shared, name, "check", base(), {.tries_max = 1}},
          checks{line, tokens, "wx1"} {
        answers(R"({"access_token":"tok","expires_in":7200})");
    }
    outside_opinion judged(std::string words,
                           words_to_judge::kind is = words_to_judge::kind::text) {
        std::optional<outside_opinion> got;
        checks.judge({account{from, "o1"}, is, std::move(words)},
                     [&](outside_opinion one) { got = one; });
        CHECK_FALSE(got);
        REQUIRE(here.until([&] { return got.has_value(); }));
        return *got;
    }

    platform_name from;
    api_caller token_line;
    access_tokens tokens;
    api_caller line;
    text_checks checks;
};

}  // namespace

TEST_CASE("WeChat is asked about a text as a social one, with its author and unescaped") {
    text_stage of;
    of.answers(R"({"errcode":0,"result":{"suggest":"pass","label":100}})");

    CHECK(of.judged("你\"好").is == kind::pass);

    CHECK(of.asked.back() ==
          "POST /wxa/msg_sec_check?access_token=tok "
          "{\"version\":2,\"openid\":\"o1\",\"scene\":4,\"content\":\"你\\\"好\"}");
}

TEST_CASE("WeChat is asked about a nickname as part of a profile") {
    text_stage of;
    of.answers(R"({"errcode":0,"result":{"suggest":"pass","label":100}})");

    static_cast<void>(of.judged("小明", words_to_judge::kind::nickname));

    CHECK(of.asked.back().find("\"scene\":1") != std::string::npos);
}

TEST_CASE("WeChat's suggestions are opinions, with their label") {
    text_stage of;
    of.answers(R"({"errcode":0,"result":{"suggest":"risky","label":20002}})");
    const auto risky = of.judged("a");
    of.answers(R"({"errcode":0,"result":{"suggest":"review","label":20001}})");
    const auto doubtful = of.judged("a");

    CHECK(risky.is == kind::risky);
    CHECK(risky.label == 20002);
    CHECK(doubtful.is == kind::doubtful);
}

TEST_CASE("what says nothing is no opinion") {
    text_stage of;
    for (const char* body :
         {R"({"errcode":40003,"errmsg":"invalid openid"})", R"({"errcode":45009})",
          R"({"errcode":0})", R"({"errcode":0,"result":{"suggest":"maybe","label":1}})",
          R"({"errcode":0,"result":{"suggest":7}})", R"({"errcode":0,"result":7})",
          R"({"errcode":0,"result":"risky"})", "nonsense", "{}"}) {
        INFO(body);
        of.answers(body);
        CHECK(of.judged("a").is == kind::failed);
    }
    CHECK(of.judged("a").is == kind::failed);  // 500
}

TEST_CASE("a strange label does not cost a verdict") {
    text_stage of;
    for (const char* label :
         {"20001.5", "-1", "99999999", "1e300", "\"20001\"", "null", "{}", "[20001]"}) {
        INFO(label);
        of.answers(R"({"errcode":0,"result":{"suggest":"risky","label":)" + std::string{label} +
                   "}}");
        const auto is = of.judged("a");
        CHECK(is.is == kind::risky);
        CHECK(is.label == 0);
    }
    of.answers(R"({"errcode":0,"result":{"suggest":"risky"}})");
    CHECK(of.judged("a").is == kind::risky);
}

TEST_CASE("WeChat may say risky as its first version did") {
    text_stage of;
    of.answers(R"({"errcode":87014,"errmsg":"risky content"})");

    CHECK(of.judged("a").is == kind::risky);
}

TEST_CASE("QQ is asked with our AppID, and knows risky or not") {
    text_stage of{platform_name::qq};
    of.answers(R"({"errCode":0,"errMsg":"ok"})");
    CHECK(of.judged("hi").is == kind::pass);
    CHECK(of.asked.back() ==
          "POST /api/json/security/MsgSecCheck?access_token=tok "
          "{\"appid\":\"wx1\",\"content\":\"hi\"}");
    of.answers(R"({"errCode":87014,"errMsg":"risky content"})");
    CHECK(of.judged("hi").is == kind::risky);
    of.answers(R"({"errCode":44002})");
    CHECK(of.judged("hi").is == kind::failed);
}

TEST_CASE("neither words nor OpenID nor token are told to the operator when a check fails") {
    text_stage of;
    of.answers(R"({"errcode":40003,"errmsg":"o1 secret words, rid: abc"})");

    static_cast<void>(of.judged("secret words"));
    static_cast<void>(of.judged("secret words"));

    for (const auto& line : of.notes) {
        INFO(line);
        CHECK(line.find("secret words") == std::string::npos);
        CHECK(line.find("o1") == std::string::npos);
        CHECK(line.find("tok=") == std::string::npos);
    }
}
