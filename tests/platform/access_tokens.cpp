#include "server/platform/access_tokens.hpp"

#include "protocol/json.hpp"
#include "tests/platform/stage.hpp"

using namespace onechat;
using namespace onechat::platform;
using namespace std::chrono_literals;

namespace {

struct keeper : stage {
    explicit keeper(platform_name of = platform_name::wechat)
        : line{shared, of, "token", base(), {.tries_max = 1}}, tokens{line, {"wx1", "s3&cret"}} {}

    void gives(const std::string& token, int seconds = 7200) {
        answers("{\"access_token\":\"" + token + "\",\"expires_in\":" + std::to_string(seconds) +
                "}");
    }
    access_tokens::answer get() { return outcome(tokens.fetch()); }

    api_caller line;
    access_tokens tokens;
};

using token_list = std::vector<std::string>;

}  // namespace

TEST_CASE("one fetch serves all who wait, and all who come later") {
    keeper of;
    of.gives("first");
    token_list got;
    for (int i = 0; i < 5; ++i) {
        of.tokens.get([&](access_tokens::answer with) { got.push_back(*with); });
    }
    CHECK(got.empty());
    REQUIRE(of.here.until([&] { return got.size() == 5; }));

    CHECK(*of.get() == "first");

    CHECK(got == token_list(5, "first"));
    CHECK(of.asked ==
          token_list{"POST /cgi-bin/stable_token {\"grant_type\":\"client_credential\","
                     "\"appid\":\"wx1\",\"secret\":\"s3&cret\",\"force_refresh\":false}"});
}

TEST_CASE("QQ's token is fetched its own way") {
    keeper of{platform_name::qq};
    of.gives("first");

    CHECK(*of.get() == "first");

    CHECK(of.asked ==
          token_list{"GET /api/getToken?grant_type=client_credential&appid=wx1&secret=s3%26cret"});
}

TEST_CASE("a token is renewed before it ends, while the old one still serves") {
    keeper of;
    of.gives("first");
    CHECK(*of.get() == "first");
    of.here.pass(7200s - 5min - 1s);
    CHECK(*of.get() == "first");
    CHECK(of.asked.size() == 1);
    of.gives("second");

    of.here.pass(1s);
    CHECK(*of.get() == "first");

    REQUIRE(of.here.until([&] { return of.asked.size() == 2; }));
    of.here.settle();
    CHECK(*of.get() == "second");
    CHECK(of.asked.size() == 2);
}

TEST_CASE("when renewing fails the old one serves to its end, and trying goes on") {
    keeper of;
    of.gives("first");
    CHECK(*of.get() == "first");
    of.answers("oops", 500);
    of.here.pass(7200s - 2min);
    CHECK(*of.get() == "first");
    REQUIRE(of.here.until([&] { return of.asked.size() == 2; }));
    of.here.settle();

    CHECK(*of.get() == "first");
    CHECK(of.asked.size() == 2);  // not at once again

    of.gives("second");
    of.here.pass(2s);
    CHECK(*of.get() == "first");
    REQUIRE(of.here.until([&] { return of.asked.size() == 3; }));
    of.here.settle();
    CHECK(*of.get() == "second");
}

TEST_CASE("an ended token is not given out") {
    keeper of;
    of.gives("first", 10);
    CHECK(*of.get() == "first");
    of.gives("second");

    of.here.pass(10s);

    CHECK(*of.get() == "second");
}

TEST_CASE("a refused token is fetched anew, once for all who were refused with it") {
    keeper of;
    of.gives("first");
    CHECK(*of.get() == "first");
    of.gives("second");

    of.tokens.refused("first");
    CHECK(*of.get() == "second");
    of.tokens.refused("first");

    CHECK(*of.get() == "second");
    CHECK(of.asked.size() == 2);
}

TEST_CASE("the same token after a refusal is answered with force, as often as WeChat allows") {
    keeper of;
    of.gives("0");
    CHECK(*of.get() == "0");
    const auto refuse_and_get = [&of](int token) {
        of.tokens.taken(std::to_string(token));
        of.tokens.refused(std::to_string(token));
        of.gives(std::to_string(token));
        of.gives(std::to_string(token + 1));
        of.asked.clear();
        return *of.get();
    };

    for (int n = 0; n < 20; ++n) {
        CHECK(refuse_and_get(n) == std::to_string(n + 1));
        REQUIRE(of.asked.size() == 2);
        CHECK(of.asked[0].find("\"force_refresh\":false") != std::string::npos);
        CHECK(of.asked[1].find("\"force_refresh\":true") != std::string::npos);
        of.here.pass(30s);
    }

    CHECK(refuse_and_get(20) == "20");
    CHECK(of.asked.size() == 1);
}

TEST_CASE("half a minute after it WeChat may be forced again") {
    keeper of;
    of.gives("first");
    CHECK(*of.get() == "first");
    of.tokens.refused("first");
    of.gives("first");
    of.gives("second");
    CHECK(*of.get() == "second");
    of.here.pass(29s);
    of.tokens.taken("second");
    of.tokens.refused("second");
    of.gives("second");
    CHECK(*of.get() == "second");
    of.here.pass(1s);
    of.tokens.refused("second");
    of.gives("second");
    of.gives("third");

    CHECK(*of.get() == "third");
}

TEST_CASE("two refusals in a row don't switch the calls off: the token that comes back is used") {
    const auto at = GENERATE(platform_name::wechat, platform_name::qq);
    keeper of{at};
    of.gives("first");
    CHECK(*of.get() == "first");
    of.tokens.taken("first");
    of.tokens.refused("first");
    of.gives("first");
    if (at == platform_name::wechat) {
        of.answers(R"({"errcode":45009})");  // they force nothing today
    }

    CHECK(*of.get() == "first");
    of.tokens.taken("first");
    of.tokens.refused("first");
    of.gives("first");
    CHECK(*of.get() == "first");
}

TEST_CASE("a token that is refused whenever it is tried rests, a little longer each time") {
    keeper of{platform_name::qq};
    of.gives("first");
    CHECK(*of.get() == "first");
    for (const auto rest : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        of.tokens.refused("first");
        of.gives("first");
        const auto none = of.get();
        REQUIRE(none.has_error());
        CHECK(none.error().why == call_outcome::token);
        CHECK(none.error().retry == rest);
        of.here.pass(rest - 1ms);
        CHECK(of.get().has_error());

        of.here.pass(1ms);
        of.gives("first");
        CHECK(*of.get() == "first");
    }
}

TEST_CASE("a wrong secret is no token's fault, and nothing is forced for it") {
    keeper of;
    of.answers(R"({"errcode":40001,"errmsg":"invalid credential"})");

    CHECK(of.get().error().why == call_outcome::misconfigured);

    CHECK(of.asked.size() == 1);
}

TEST_CASE("without a token all who wait hear why, and nobody asks again in the next moment") {
    keeper of;
    of.answers(R"({"errcode":40125,"errmsg":"invalid appsecret"})");
    const auto none = of.get();
    REQUIRE(none.has_error());
    CHECK(none.error().why == call_outcome::misconfigured);

    const auto still = of.get();
    REQUIRE(still.has_error());
    CHECK(still.error().why == call_outcome::misconfigured);
    CHECK(still.error().retry > 0ms);
    CHECK(of.asked.size() == 1);

    of.gives("first");
    of.here.pass(3s);
    CHECK(*of.get() == "first");
}

TEST_CASE("what is no token is none") {
    for (const auto* const body :
         {"{}", R"({"access_token":"","expires_in":7200})", R"({"access_token":"a"})",
          R"({"access_token":"a","expires_in":0})", R"({"access_token":"a","expires_in":-5})",
          R"({"access_token":7,"expires_in":7200})"}) {
        INFO(body);
        keeper of;
        of.answers(body);

        const auto none = of.get();

        REQUIRE(none.has_error());
        CHECK(none.error().why == call_outcome::malformed);
    }
}

TEST_CASE("so many wait for a token and no more") {
    keeper of;
    std::size_t served = 0;
    std::size_t crowded = 0;
    of.gives("first");
    for (std::size_t i = 0; i < access_tokens::waiting_max + 1; ++i) {
        of.tokens.get([&](const access_tokens::answer& with) {
            if (with.has_value()) {
                ++served;
            } else {
                CHECK(with.error().why == call_outcome::crowded);
                ++crowded;
            }
        });
    }

    REQUIRE(of.here.until([&] { return served == access_tokens::waiting_max; }));
    CHECK(crowded == 1);
}
