#include "tests/admin/office.hpp"

using namespace onechat;
using namespace onechat::test;

TEST_CASE("the figures are those of now") {
    office at;
    at.pair_up(1, 2);
    at.say_text(1, 1, "hello");
    at.settle();

    const auto now = at.get<admin::stats>("/stats");

    CHECK(now.version == ONECHAT_VERSION);
    CHECK(now.sessions == 2);
    CHECK(now.chats == 1);
    CHECK(now.texts == 1);
    CHECK(now.matches == 1);
    CHECK(now.open_reports == 0);
}

TEST_CASE("the figures tell how long acks took") {
    office at;
    at.pair_up(1, 2);
    at.say_text(1, 1, "quick");
    at.wait(2ms);
    at.settle();
    at.say_text(1, 2, "slow");
    at.wait(9s);
    at.settle();

    const auto acks = at.get<admin::stats>("/stats").acks;

    REQUIRE(acks.size() == histogram::bounds.size() + 1);
    CHECK(acks[0].to_us == 1000U);
    CHECK(acks[0].count == 0);
    CHECK(acks[1].to_us == 2500U);
    CHECK(acks[1].count == 1);
    CHECK(acks[9].to_us == 5'000'000U);
    CHECK(acks[9].count == 1);
    CHECK_FALSE(acks.back().to_us);
    CHECK(acks.back().count == 2);
}

TEST_CASE("the audit is read by owners, page by page") {
    office at;
    for (int n = 1; n <= 3; ++n) {
        at.ask("GET", "/users/" + std::to_string(n) + "/pairs");
    }

    const auto first = at.get<admin::audit_page>("/audit?limit=2");
    REQUIRE(first.entries.size() == 2);
    CHECK(first.entries[0].target == "user 3");
    CHECK(first.entries[0].who == "owner");
    CHECK(first.entries[0].at == at.now.unix_ms);
    REQUIRE(first.next);
    const auto last = at.get<admin::audit_page>("/audit?limit=2&before=" + *first.next);
    REQUIRE(last.entries.size() == 1);
    CHECK_FALSE(last.next);
}

TEST_CASE("a session is closed after the row that says so, and may come back") {
    office at;
    have_talked(at);
    const auto token = at.token(1);

    CHECK(at.ask("POST", "/sessions/1/close").status == 200);

    CHECK(at.lines.at(1)->closed_with == 4000);
    at.come_back(3, token);
    CHECK(at.all<protocol::server::welcome>(3).size() == 1);
    CHECK(at.told("POST", "/sessions/99/close") == "404 not_found");
    CHECK(at.audit() ==
          std::vector<std::string>{"owner: close session, session 1, because of a test"});
}

TEST_CASE("a receipt is found whole, and only a receipt is looked for") {
    office at;

    CHECK(at.told("GET", "/erasures/abcdefghijklmnop") == "404 not_found");
    CHECK(at.told("GET", "/erasures/a'b") == "400 bad_id");
    CHECK(at.told("GET", "/erasures/" + std::string(65, 'a')) == "400 bad_id");
}
