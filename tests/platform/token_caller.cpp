#include "server/platform/token_caller.hpp"

#include "tests/platform/stage.hpp"

using namespace onechat;
using namespace onechat::platform;

namespace {

struct checks : stage {
    checks()
        : token_line{shared, platform_name::wechat, "token", base(), {.tries_max = 1}},
          tokens{token_line, {"wx1", "s"}},
          line{shared, platform_name::wechat, "check", base(), {.tries_max = 1}},
          calls{line, tokens} {}

    void gives(const std::string& token) {
        answers("{\"access_token\":\"" + token + "\",\"expires_in\":7200}");
    }
    api_caller::reply ask(std::string target) {
        return outcome(
            calls.ask({.method = "POST", .target = std::move(target), .body = "{\"a\":1}"}));
    }

    api_caller token_line;
    access_tokens tokens;
    api_caller line;
    token_caller calls;
};

using asked_list = std::vector<std::string>;

asked_list without_tokens_asked(const asked_list& asked) {
    asked_list rest = asked;
    std::erase_if(rest, [](const auto& one) { return one.find("stable_token") != one.npos; });
    return rest;
}

}  // namespace

TEST_CASE("a call carries the token in its URL, and the next one the same") {
    checks of;
    of.gives("a+b");
    of.answers("{}");
    of.answers("{}");

    CHECK(of.ask("/wxa/x").what == call_outcome::done);
    CHECK(of.ask("/wxa/x?y=z").what == call_outcome::done);

    CHECK(without_tokens_asked(of.asked) ==
          asked_list{"POST /wxa/x?access_token=a%2Bb {\"a\":1}",
                     "POST /wxa/x?y=z&access_token=a%2Bb {\"a\":1}"});
    CHECK(of.asked.size() == 3);
}

TEST_CASE("when the token is not taken the call is made once more with a new one") {
    checks of;
    of.gives("first");
    of.answers(GENERATE(R"({"errcode":40001})", R"({"errcode":42001})"));
    of.gives("second");
    of.answers("{\"b\":2}");

    const auto got = of.ask("/x");

    CHECK(got.what == call_outcome::done);
    CHECK(got.body == "{\"b\":2}");
    CHECK(without_tokens_asked(of.asked) == asked_list{"POST /x?access_token=first {\"a\":1}",
                                                       "POST /x?access_token=second {\"a\":1}"});
}

TEST_CASE("a second refusal of a token is told, not tried again") {
    checks of;
    of.gives("first");
    of.answers(R"({"errcode":40001})");
    of.gives("second");
    of.answers(R"({"errcode":40001})");

    CHECK(of.ask("/x").what == call_outcome::token);

    CHECK(of.asked.size() == 4);
}

TEST_CASE("without a token the call is not made") {
    checks of;
    of.answers("oops", 500);

    const auto got = of.ask("/x");

    CHECK(got.what == call_outcome::failed);
    CHECK(without_tokens_asked(of.asked).empty());
}

TEST_CASE("a token that has worked and is refused once serves again when it comes back") {
    checks of;
    of.gives("first");
    of.answers("{}");
    CHECK(of.ask("/x").what == call_outcome::done);
    for (int i = 0; i < 3; ++i) {
        of.answers(R"({"errcode":40001})");
        of.gives("first");
        if (i == 0) {
            of.answers(R"({"errcode":45009})");  // forced, in vain
        }
        of.answers("{}");
        CHECK(of.ask("/x").what == call_outcome::done);
    }
}
