#include "server/platform/api_caller.hpp"

#include "tests/net/scripted_server.hpp"
#include "tests/platform/stage.hpp"

#include <algorithm>

using namespace onechat;
using namespace onechat::platform;
using namespace std::chrono_literals;

namespace {

const api_caller::rules hasty{.time_max = 3000ms, .tries_max = 3, .pause = 1ms};

struct line : stage {
    explicit line(const api_caller::rules& by = hasty, std::string path = "/")
        : caller{shared, platform_name::wechat, "login", base(std::move(path)), by} {}

    api_caller::reply ask(std::string target = "/a?b=c") {
        return outcome(caller.ask({.target = std::move(target)}));
    }
    // An answer to come, of any caller here.
    void begin(api_caller& by, std::vector<call_outcome>& into) {
        boost::asio::co_spawn(here.io, note(by, into), boost::asio::detached);
    }
    [[nodiscard]] std::uint64_t count(call_outcome of) const {
        return caller.counted().calls[static_cast<std::size_t>(of)];
    }

    api_caller caller;

private:
    static net::loop_task<void> note(api_caller& by, std::vector<call_outcome>& into) {
        api_caller::question what{.target = "/a"};  // g++ 12 ends a temporary here twice
        const auto got = co_await by.ask(std::move(what));
        into.push_back(got.what);
    }
};

using asked_list = std::vector<std::string>;

}  // namespace

TEST_CASE("an answer comes back with its code and its body, and is counted") {
    line to;
    to.answers(R"({"errcode":40029,"errmsg":"invalid code"})");

    const auto got = to.ask();

    CHECK(got.what == call_outcome::refused);
    CHECK(got.errcode == 40029);
    CHECK(got.body == R"({"errcode":40029,"errmsg":"invalid code"})");
    CHECK(to.asked == asked_list{"GET /a?b=c"});
    CHECK(to.count(call_outcome::refused) == 1);
    CHECK(to.caller.counted().sent == 1);
}

TEST_CASE("a gateway's path goes before the platform's") {
    line to{hasty, "/gateway/"};
    to.answers("{}");

    CHECK(to.ask("/sns/x").what == call_outcome::done);

    CHECK(to.asked == asked_list{"GET /gateway/sns/x"});
}

TEST_CASE("busy and broken are tried again, as often as is allowed") {
    line to;
    to.answers(R"({"errcode":-1})");
    to.answers("oops", 502);
    to.answers(R"({"openid":"x"})");

    CHECK(to.ask().what == call_outcome::done);

    CHECK(to.asked.size() == 3);
    CHECK(to.count(call_outcome::busy) == 1);
    CHECK(to.count(call_outcome::failed) == 1);
    CHECK(to.count(call_outcome::done) == 1);

    for (int i = 0; i < 4; ++i) {
        to.answers(R"({"errcode":-1})");
    }
    CHECK(to.ask().what == call_outcome::busy);
    CHECK(to.asked.size() == 6);
}

TEST_CASE("what trying again would not mend is not tried again") {
    line to;
    const auto [body, status, outcome] = GENERATE(table<std::string, unsigned, call_outcome>(
        {{R"({"errcode":45011})", 200, call_outcome::quota},
         {"slow down", 429, call_outcome::quota},
         {R"({"errcode":40163})", 200, call_outcome::refused},
         {R"({"errcode":40125})", 200, call_outcome::misconfigured},
         {R"({"errcode":42001})", 200, call_outcome::token},
         {"<html>", 200, call_outcome::malformed},
         {"", 302, call_outcome::malformed},
         {"", 404, call_outcome::declined},
         {"bad request", 400, call_outcome::declined}}));
    to.answers(body, status);

    CHECK(to.ask().what == outcome);

    CHECK(to.asked.size() == 1);
}

TEST_CASE("what must not be done twice is not tried again when it may have been done") {
    line to;
    to.answers("oops", 502);
    to.answers("{}");

    const auto got =
        to.outcome(to.caller.ask({.method = "POST", .target = "/send", .repeatable = false}));

    CHECK(got.what == call_outcome::failed);
    CHECK(to.asked.size() == 1);
}

TEST_CASE("all tries together have one deadline") {
    auto rules = hasty;
    rules.pause = 2000ms;
    line to{rules};
    to.answers(R"({"errcode":-1})");
    to.answers("{}");
    to.here.io.poll();
    to.shared.chance = [](std::uint64_t below) { return below - 1; };
    api_caller late{to.shared, platform_name::qq, "login", to.base(), rules};

    CHECK(to.outcome(late.ask({.target = "/a"})).what == call_outcome::busy);

    CHECK(to.asked.size() == 1);
}

TEST_CASE("a platform that seems dead is left alone, and asked again by one after a while") {
    line to;
    to.answers("oops", 500);
    to.answers("oops", 500);
    to.answers("oops", 500);
    CHECK(to.ask().what == call_outcome::failed);
    CHECK(to.caller.breaker() == circuit_breaker::state::closed);
    to.answers("oops", 500);
    to.answers("oops", 500);

    const auto resting = to.ask();

    CHECK(resting.what == call_outcome::resting);
    CHECK(resting.retry > 1000ms);
    CHECK(to.asked.size() == 5);
    CHECK(to.ask().what == call_outcome::resting);
    CHECK(to.asked.size() == 5);
    CHECK(to.caller.breaker() == circuit_breaker::state::resting);

    to.here.pass(1s);
    to.answers("{}");
    CHECK(to.ask().what == call_outcome::done);
    CHECK(to.caller.breaker() == circuit_breaker::state::closed);
}

TEST_CASE("a quota does not look like a dead platform") {
    line to;
    for (int i = 0; i < 10; ++i) {
        to.answers(R"({"errcode":45011})");
        const auto got = to.ask();
        CHECK(got.what == call_outcome::quota);
        CHECK(got.retry >= 15s);
    }
    CHECK(to.caller.breaker() == circuit_breaker::state::closed);
}

TEST_CASE("what a client can bring about by what it asks does not look like a dead platform") {
    line to;
    for (int i = 0; i < 10; ++i) {
        to.answers("<html>Blocked</html>", 403);
        CHECK(to.ask().what == call_outcome::declined);
    }

    CHECK(to.caller.breaker() == circuit_breaker::state::closed);
}

TEST_CASE("nor does it look like one that is well") {
    auto once = hasty;
    once.tries_max = 1;
    line to{once};
    for (int i = 0; i < 5; ++i) {
        to.answers("oops", 500);
        to.answers("", 400);
        static_cast<void>(to.ask());
        static_cast<void>(to.ask());
    }

    CHECK(to.caller.breaker() == circuit_breaker::state::resting);
}

TEST_CASE("garbage with a good status looks like a platform that is unwell") {
    line to;
    for (int i = 0; i < 5; ++i) {
        to.answers("<html>Log in to this network</html>");
        CHECK(to.ask().what == call_outcome::malformed);
    }

    CHECK(to.caller.breaker() == circuit_breaker::state::resting);
}

TEST_CASE("time in our own line says nothing of the platform, nor of a call that has none left") {
    auto narrow = hasty;
    narrow.tries_max = 1;
    narrow.connections_max = 1;
    line to{narrow};
    const net::scripted_server silent{{net::scripted_server::says_nothing}};
    auto base = to.base();
    base.port = silent.port();
    api_caller slow{to.shared, platform_name::wechat, "check", base, narrow};
    std::vector<call_outcome> ended;
    for (int i = 0; i < 8; ++i) {
        to.begin(slow, ended);
    }
    to.here.settle();

    to.here.pass(4s);
    REQUIRE(to.here.until([&] { return ended.size() == 8; }));

    CHECK(std::ranges::count(ended, call_outcome::timed_out) == 1);
    CHECK(std::ranges::count(ended, call_outcome::crowded) == 7);
    CHECK(slow.breaker() == circuit_breaker::state::closed);
}

TEST_CASE("calls for one purpose don't wait for those for another") {
    auto narrow = hasty;
    narrow.connections_max = 1;
    line to{narrow};
    const net::scripted_server silent{{net::scripted_server::says_nothing}};
    auto base = to.base();
    base.port = silent.port();
    api_caller check{to.shared, platform_name::wechat, "check", base, narrow};
    api_caller login{to.shared, platform_name::wechat, "login", base, narrow};
    api_caller other{to.shared, platform_name::qq, "check", base, narrow};
    std::vector<call_outcome> ended;

    to.begin(check, ended);
    to.begin(login, ended);
    to.begin(other, ended);
    to.here.settle();

    CHECK(to.http.counted().busy == 3);
    CHECK(to.http.counted().waiting == 0);
}

TEST_CASE("a question goes out again only when that is allowed, and then once each") {
    auto rules = hasty;
    int left = 1;
    rules.may_repeat = [&left] { return left-- > 0; };
    line to{rules};
    for (int i = 0; i < 3; ++i) {
        to.answers(R"({"errcode":-1})");
    }

    CHECK(to.ask().what == call_outcome::busy);

    CHECK(to.asked.size() == 2);
    const auto again = to.outcome(to.caller.ask({.target = "/a", .repeats = true}));
    CHECK(again.what == call_outcome::crowded);
    CHECK(to.asked.size() == 2);
    CHECK(to.count(call_outcome::crowded) == 1);
}

TEST_CASE("whether the platform may have acted upon a call is known") {
    const auto [body, status, may_be_done] =
        GENERATE(table<std::string, unsigned, bool>({{"{}", 200, true},
                                                     {R"({"errcode":-1})", 200, true},
                                                     {"<html>", 200, true},
                                                     {"oops", 502, true},
                                                     {R"({"errcode":45009})", 200, false},
                                                     {R"({"errcode":40001})", 200, false},
                                                     {R"({"errcode":48001})", 200, false},
                                                     {R"({"errcode":43101})", 200, false},
                                                     {"", 413, false}}));
    INFO(body << status);
    auto once = hasty;
    once.tries_max = 1;
    line to{once};
    to.answers(body, status);

    CHECK(to.ask().may_be_done == may_be_done);

    to.here.listening_on.stop_accepting();
    api_caller other{to.shared, platform_name::wechat, "x", to.base(), once};
    CHECK_FALSE(to.outcome(other.ask({.target = "/a"})).may_be_done);
}

TEST_CASE("nobody there: the call fails, and says so once") {
    line to;
    to.here.listening_on.stop_accepting();

    CHECK(to.ask().what == call_outcome::failed);

    CHECK(to.count(call_outcome::failed) == 3);
    REQUIRE(to.notes.size() == 1);
    CHECK(to.notes[0] == "wechat login: cannot be reached: Connection refused");
}

TEST_CASE("the operator hears of a trouble once, with the id to ask Tencent by, and of its end") {
    line to;
    const std::string trouble = R"({"errcode":40125,"errmsg":"invalid secret s3cret, rid: 6a-b1"})";
    to.answers(trouble);
    to.answers(trouble);
    to.answers("{}");
    to.answers("{}");
    for (int i = 0; i < 4; ++i) {
        to.ask("/a?secret=s3cret");
    }

    CHECK(to.notes ==
          asked_list{"wechat login: answered with errcode 40125, rid 6a-b1", "wechat login: over"});
}

TEST_CASE("a trouble that comes and goes with each call does not fill the log") {
    line to;
    for (int i = 0; i < 15; ++i) {
        to.answers(R"({"errcode":45009})");
        to.answers("{}");
        static_cast<void>(to.ask());
        static_cast<void>(to.ask());
    }

    CHECK(to.notes.size() == trouble_report::at_once_max);
}
