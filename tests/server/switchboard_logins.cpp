// From a platform's code to `welcome`, and what is refused on the way.
#include "server/switchboard.hpp"
#include "tests/server/house.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::test;
using platform::account;
using platform::login_refusal;
using platform::platform_name;
namespace server = protocol::server;

namespace {

std::string code_hello(const std::string& code = "c0de", const std::string& provider = "wechat") {
    return R"({"t":"hello","v":1,"rid":4,"login":{"provider":")" + provider + R"(","code":")" +
           code + R"("}})";
}

account ada() {
    return {platform_name::wechat, "o-ada"};
}

// Over connection n, as somebody whom WeChat knows.
void come_as(house& here, int n, const account& who) {
    here.connect(n);
    here.say(n, code_hello());
    here.identify(who);
    here.settle();
}

switchboard_options with_logins(const login_limits& limits) {
    switchboard_options options;
    options.logins = limits;
    return options;
}

}  // namespace

TEST_CASE("a code brings a welcome once the platform has named its owner, and nothing before") {
    house here;
    here.connect(1);

    here.say(1, code_hello("c0de"));
    here.settle();
    REQUIRE(here.platforms.asked.size() == 1);
    CHECK(here.platforms.asked.front().code == "c0de");
    CHECK(here.platforms.asked.front().of == platform_name::wechat);
    CHECK(here.hear(1).empty());
    here.identify(ada());
    here.settle();

    CHECK(here.hear(1) == words{"welcome idle"});
    CHECK(here.lines[1]->said.back().rid == 4);
    CHECK(here.board->logins_under_way() == 0);
}

TEST_CASE("the same person is the same user, with another code, after a restart, and by token") {
    house here;
    come_as(here, 1, ada());
    come_as(here, 2, ada());
    CHECK(here.hear(1) == words{"welcome idle", "bye 4500"});
    here.pair_up(2, 3);
    here.say(2, R"({"t":"leave"})");
    here.settle();
    const auto token = here.token(2);

    here.start();
    come_as(here, 4, ada());
    here.say(4, R"({"t":"pairs"})");
    here.settle();
    CHECK(here.last<server::pairs>(4).pairs.size() == 1);
    here.come_back(5, token);

    CHECK(here.last<server::welcome>(5).state == protocol::user_state::idle);
    CHECK(here.lines[4]->closed_with == 4500);
}

TEST_CASE("the same id at two platforms is two people") {
    house here;
    here.platforms.offered.insert(platform_name::qq);
    come_as(here, 1, ada());
    here.connect(2);
    here.say(2, code_hello("c0de", "qq"));

    here.identify(account{platform_name::qq, "o-ada"});
    here.settle();

    CHECK(here.hear(2) == words{"welcome idle"});
    CHECK(here.lines[1]->closed_with == 0);
}

TEST_CASE("two devices of one new person at once are one user") {
    house here;
    here.connect(1);
    here.connect(2);
    here.say(1, code_hello("one"));
    here.say(2, code_hello("two"));
    here.identify(ada());
    here.identify(ada());
    here.answer();  // nobody is known yet, to both
    REQUIRE(here.store.writes.size() == 2);

    here.settle();

    CHECK(here.lines[1]->closed_with == 4500);
    CHECK(here.hear(2) == words{"welcome idle"});
}

TEST_CASE("each refusal of a platform has its own code, and the next hello may be better") {
    using kind = login_refusal::kind;
    const auto [why, heard] = GENERATE(table<login_refusal, std::string>(
        {{{kind::used}, "error login_code_used"},
         {{kind::risky}, "error login_risky"},
         {{kind::failed}, "error login_failed"},
         {{kind::busy, std::chrono::milliseconds{1500}}, "error platform_busy"}}));
    house here;
    here.connect(1);
    here.say(1, code_hello());

    here.identify(why);

    CHECK(here.hear(1) == words{heard});
    CHECK(here.lines[1]->said.back().rid == 4);
    if (why.why == kind::busy) {
        CHECK(here.last<server::error>(1).retry_ms == 1500);
    }
    here.say(1, code_hello());
    here.identify(ada());
    here.settle();
    CHECK(here.hear(1) == words{"welcome idle"});
}

TEST_CASE("a platform that is not set up is no login, and neither is a missing code") {
    house here;
    here.connect(1);

    here.say(1, code_hello("c0de", "qq"));
    here.say(1, R"({"t":"hello","v":1,"login":{"provider":"wechat"}})");

    CHECK(here.hear(1) == words{"error login_failed", "error bad_field"});
    CHECK(here.platforms.asked.empty());
    here.board->log_in_by({});
    here.say(1, code_hello());
    CHECK(here.hear(1) == words{"error login_failed"});
}

TEST_CASE("without guests people with accounts come in all the same") {
    switchboard_options options;
    options.guests = false;
    house here{options};
    here.connect(1);
    here.say(1, R"({"t":"hello","v":1,"login":{"provider":"guest"}})");
    CHECK(here.hear(1) == words{"error login_failed"});

    come_as(here, 2, ada());
    here.come_back(3, here.token(2));

    CHECK(here.hear(3) == words{"welcome idle"});
}

TEST_CASE("the last hello counts, whatever the platform says of the first") {
    house here;
    here.connect(1);
    here.say(1, code_hello("first"));
    here.say(1, code_hello("second"));

    here.identify(account{platform_name::wechat, "o-first"});
    here.settle();
    CHECK(here.hear(1).empty());
    here.identify(ada());
    here.settle();

    CHECK(here.hear(1) == words{"welcome idle"});
    come_as(here, 2, ada());
    CHECK(here.lines[1]->closed_with == 4500);
}

TEST_CASE("a guest's hello overtakes a code that a slow platform looks at") {
    house here;
    here.connect(1);
    here.say(1, code_hello());
    here.say(1, R"({"t":"hello","v":1,"login":{"provider":"guest"}})");
    here.settle();
    CHECK(here.hear(1) == words{"welcome idle"});

    here.identify(ada());
    here.settle();

    CHECK(here.hear(1).empty());
}

TEST_CASE("who has gone before the platform answers leaves nothing behind") {
    house here;
    here.connect(1);
    here.say(1, code_hello());
    here.drop(1);
    CHECK(here.board->logins_under_way() == 1);

    here.identify(ada());
    here.settle();

    CHECK(here.board->logins_under_way() == 0);
    CHECK(here.store.reads.empty());
}

TEST_CASE("who has gone while the row is made is a user nevertheless") {
    house here;
    here.connect(1);
    here.say(1, code_hello());
    here.identify(ada());
    here.answer();
    REQUIRE(here.store.writes.size() == 1);
    here.drop(1);

    here.commit();

    CHECK(here.board->session_count() == 0);
    come_as(here, 2, ada());
    CHECK(here.hear(2) == words{"welcome idle"});
}

TEST_CASE("nobody new can come while the disk is full, those who are known can") {
    house here;
    come_as(here, 1, ada());
    here.drop(1);
    here.store.admits = storage::admission::full;

    come_as(here, 2, account{platform_name::wechat, "o-new"});
    come_as(here, 3, ada());

    CHECK(here.hear(2) == words{"error store_unavailable"});
    CHECK(here.hear(3) == words{"welcome idle"});
}

TEST_CASE("after an erasure the same account is a stranger") {
    house here;
    come_as(here, 1, ada());
    here.pair_up(1, 2);
    here.say(1, R"({"t":"erase","confirm":true})");
    here.settle();
    here.pass(1s);
    CHECK(here.lines[1]->closed_with == 4504);

    come_as(here, 3, ada());
    here.say(3, R"({"t":"pairs"})");
    here.settle();

    CHECK(here.last<server::pairs>(3).pairs.empty());
}

TEST_CASE("an erasure that overtakes a login is not undone by it") {
    house here;
    come_as(here, 1, ada());
    here.connect(2);
    here.say(2, code_hello());
    here.identify(ada());
    here.say(1, R"({"t":"erase","confirm":true})");
    here.answer();  // whose account it is: still the user's
    here.commit();  // no more

    here.settle();

    const auto heard = here.hear(2);
    REQUIRE(heard.size() == 1);
    CHECK(heard[0] == "bye 4501");
}

TEST_CASE("a ban meets its person in a new row as well") {
    house here;
    come_as(here, 1, ada());
    const auto user = here.store.behind.last_user();
    storage::change ban = storage::ban_person{
        .user = user, .reason = "r", .by = "b", .at = here.now.unix_ms, .terms = {3'600'000}};
    REQUIRE(here.store.behind.commit({&ban, 1}) == storage::commit_result::done);
    here.say(1, R"({"t":"erase","confirm":true})");
    here.settle();
    here.pass(1s);

    come_as(here, 2, ada());

    CHECK(here.hear(2) == words{"bye 4502"});
}

TEST_CASE("so many logins are under way at once and no more") {
    house here{with_logins({.under_way_max = 3, .under_way_per_address = 2})};
    for (int n = 1; n <= 2; ++n) {
        here.connect(n);
        here.say(n, code_hello());
    }
    here.connect(3);
    here.say(3, code_hello());
    CHECK(here.hear(3) == words{"error rate_limited"});
    CHECK(here.last<server::error>(3).retry_ms == 1000);

    here.from = {1};
    for (int n = 4; n <= 5; ++n) {
        here.connect(n);
        here.say(n, code_hello());
    }
    CHECK(here.hear(5) == words{"error platform_busy"});
    CHECK(here.board->logins_under_way() == 3);
    CHECK(here.board->counted().limits.logins == 1);
    CHECK(here.board->counted().limits.logins_under_way == 1);

    here.identify(ada());
    here.settle();
    here.say(5, code_hello());
    CHECK(here.hear(5).empty());
}

TEST_CASE("so many logins come from one address in a while and no more") {
    house here{with_logins({.per_address = lobby::rate{1, 1min, 2}})};
    for (int n = 1; n <= 3; ++n) {
        here.connect(n);
        here.say(n, code_hello());
    }
    CHECK(here.platforms.asked.size() == 2);
    CHECK(here.hear(3) == words{"error rate_limited"});
    CHECK(here.last<server::error>(3).retry_ms == 60'000);

    here.wait(1min);
    here.say(3, code_hello());

    CHECK(here.platforms.asked.size() == 3);
}

TEST_CASE("one connection has no more codes under way than other requests") {
    house here;
    here.connect(1);
    for (int i = 0; i < 5; ++i) {
        here.say(1, code_hello());
    }

    CHECK(here.platforms.asked.size() == 4);
    CHECK(here.hear(1) == words{"error rate_limited"});
}

TEST_CASE("no frame, to oneself or to the partner, holds an OpenID") {
    house here;
    come_as(here, 1, ada());
    come_as(here, 2, account{platform_name::wechat, "o-bob"});
    here.pair_up(1, 2);
    here.say_text(1, 1, "hello");
    for (const int n : {1, 2}) {
        for (const auto* const t : {"pairs", "export"}) {
            here.say(n, std::string{R"({"t":")"} + t + R"("})");
        }
    }
    here.settle();

    for (const int n : {1, 2}) {
        for (const auto& one : here.lines[n]->said) {
            std::string frame;
            protocol::write(frame, one.message);
            CHECK(frame.find("o-ada") == std::string::npos);
            CHECK(frame.find("o-bob") == std::string::npos);
        }
    }
}
