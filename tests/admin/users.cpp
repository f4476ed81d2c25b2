#include "tests/admin/office.hpp"

using namespace onechat;
using namespace onechat::test;

namespace {

std::vector<std::string> ids(const admin::user_page& page) {
    std::vector<std::string> out;
    for (const auto& one : page.users) {
        out.push_back(one.id);
    }
    return out;
}

office::wishes body(std::string json, std::string who = "owner") {
    office::wishes with;
    with.who = std::move(who);
    with.body = std::move(json);
    return with;
}

// A WeChat user without a connection.
void add_platform_user(office& at, std::int64_t id, const std::string& account) {
    storage::user_row row{.id = storage::user_id{id},
                          .name = random_subject(),
                          .from = storage::provider::wechat,
                          .account = account,
                          .person = at.secrets.person(1, account),
                          .created = 5,
                          .seen = 6};
    storage::change made = storage::make_user{row};
    REQUIRE(at.store.behind.commit({&made, 1}) == storage::commit_result::done);
}

}  // namespace

TEST_CASE("users come newest first, and the next page is where the last one ended") {
    office at;
    have_talked(at);

    const auto first = at.get<admin::user_page>("/users?limit=1");
    CHECK(ids(first) == std::vector<std::string>{"2"});
    CHECK(first.users[0].provider == protocol::provider::guest);
    CHECK(first.users[0].sessions == std::vector<std::string>{"2"});
    CHECK_FALSE(first.users[0].account);
    REQUIRE(first.next);
    const auto last = at.get<admin::user_page>("/users?limit=1&before=" + *first.next);
    CHECK(ids(last) == std::vector<std::string>{"1"});
    CHECK_FALSE(last.next);
    CHECK(at.audit().empty());
}

TEST_CASE("an OpenID finds its user, whole, and no list tells it") {
    office at;
    const std::string account = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";
    add_platform_user(at, 50, account);

    for (const char* const who : {"moderator", "owner"}) {
        const auto found = at.get<admin::user_page>("/users?query=" + account, body({}, who));
        CHECK(ids(found) == std::vector<std::string>{"50"});
        const auto said =
            at.ask("POST", "/users/search", body(R"({"query":")" + account + "\"}", who));
        CHECK(said.status == 200);
        CHECK_THAT(said.body, !Catch::Contains(account));
        CHECK_THAT(said.body, Catch::Contains("…fL2M"));
        CHECK_THAT(at.ask("GET", "/users/50", body({}, who)).body, !Catch::Contains(account));
    }
    CHECK(at.get<admin::user_page>("/users?query=" + account.substr(0, 10)).users.empty());
    CHECK(ids(at.get<admin::user_page>("/users?query=50")) == std::vector<std::string>{"50"});
    CHECK(at.audit().empty());
}

TEST_CASE("viewers can't try an OpenID, and see nothing of one") {
    office at;
    const std::string account = "o6_bmjrPTlm6_2sgVt7hMZOPfL2M";
    add_platform_user(at, 50, account);
    const auto viewer = body({}, "viewer");

    CHECK(at.get<admin::user_page>("/users?query=" + account, viewer).users.empty());
    CHECK_THAT(
        at.ask("POST", "/users/search", body(R"({"query":")" + account + "\"}", "viewer")).body,
        Catch::Contains(R"("users":[])"));
    CHECK_FALSE(at.get<admin::user>("/users/50", viewer).account);
    CHECK(ids(at.get<admin::user_page>("/users?query=50", viewer)).size() == 1);
    CHECK(at.told("GET", "/users/50/account", viewer) == "403 forbidden");
}

TEST_CASE("an OpenID is told to an owner who says why, and that stays") {
    office at;
    add_platform_user(at, 50, "o6_bmjrPTlm6_2sgVt7hMZOPfL2M");
    at.come(1);

    CHECK_THAT(at.told("GET", "/users/50/account"),
               Catch::Contains("o6_bmjrPTlm6_2sgVt7hMZOPfL2M"));
    CHECK(at.told("GET", "/users/77/account") == "404 not_found");
    office::wishes silent;
    silent.why = "";
    CHECK(at.told("GET", "/users/50/account", silent) == "400 reason_required");
    CHECK(at.audit() ==
          std::vector<std::string>{"owner: read account, user 77, because of a test",
                                   "owner: read account, user 50, because of a test"});
}

TEST_CASE("viewers see that somebody is banned, and not why or by whom") {
    office at;
    have_talked(at);
    REQUIRE(at.ask("POST", "/users/1/ban", body(R"({"days":2})")).status == 200);

    const auto seen = at.get<admin::user>("/users/1", body({}, "viewer"));

    REQUIRE(seen.bans);
    CHECK(seen.bans->at(0).level == 1);
    CHECK_FALSE(seen.bans->at(0).reason);
    CHECK_FALSE(seen.bans->at(0).by);
}

TEST_CASE("an alias finds its user, and what looks like SQL finds nobody") {
    office at;
    have_talked(at);
    storage::question asked = storage::list_pairs_of{.user = storage::user_id{1}};
    REQUIRE(at.store.behind.reader().answer(asked));
    const auto alias = std::get<storage::list_pairs_of>(asked).pairs.at(0).seats[0].alias;

    const auto found = [&](const std::string& query) {
        std::string quoted;
        protocol::json::write_string(quoted, query);
        const auto said = at.ask("POST", "/users/search", body("{\"query\":" + quoted + "}"));
        REQUIRE(said.status == 200);
        return ids(protocol::parse_fields<admin::user_page>(said.body, 8).value());
    };
    CHECK(found(alias) == std::vector<std::string>{"1"});
    for (const char* const attempt : {"' OR '1'='1", "%", "_", "1; DROP TABLE users", "\"", "*"}) {
        CHECK(found(attempt).empty());
    }
    CHECK(at.get<admin::user_page>("/users").users.size() == 2);
}

TEST_CASE("a ban is given with its reason and its end, and taken back") {
    office at;
    have_talked(at);

    CHECK_THAT(at.told("POST", "/users/1/ban", body(R"({"days":2})", "moderator")),
               Catch::Contains(R"("until":)" + std::to_string(at.now.unix_ms + 2 * 86'400'000)));
    const auto user = at.get<admin::user>("/users/1");
    CHECK(user.state == admin::standing::banned);
    REQUIRE(user.bans);
    CHECK(user.bans->at(0).reason == "because of a test");
    CHECK(user.bans->at(0).by == "moderator");
    CHECK(ids(at.get<admin::user_page>("/users?state=banned")) == std::vector<std::string>{"1"});
    CHECK_THAT(at.told("DELETE", "/users/1/ban"), Catch::Contains(R"("bans":1)"));
    CHECK(at.get<admin::user>("/users/1").state == admin::standing::active);
    CHECK_THAT(at.told("DELETE", "/users/1/ban"), Catch::Contains(R"("bans":0)"));

    CHECK(at.audit() == std::vector<std::string>{"owner: lift ban, user 1, because of a test",
                                                 "moderator: ban user, user 1, because of a test"});
}

TEST_CASE("bans without days grow, and one for ever has no end") {
    office at;
    have_talked(at);

    CHECK_THAT(at.told("POST", "/users/1/ban", body(R"({"for_ever":true})")),
               Catch::Contains(R"("until":9007199254740991)"));
    CHECK(at.told("POST", "/users/1/ban", body(R"({"days":1,"for_ever":true})")) ==
          "400 bad_field");
    for (const char* const days : {"0", "-1", "36501", "1.5", "\"1\"", "null"}) {
        CHECK(at.told("POST", "/users/1/ban", body(std::string{R"({"days":)"} + days + "}")) ==
              "400 bad_field");
    }
    CHECK(at.told("POST", "/users/99/ban", body("{}")) == "404 not_found");
    CHECK(at.audit().size() == 1);
}

TEST_CASE("an erased user's connection ends, the chat too, and the receipt is told") {
    office at;
    at.pair_up(1, 2);
    at.say_text(1, 1, "a secret");
    at.settle();

    const auto said = at.ask("DELETE", "/users/1");

    REQUIRE(said.status == 200);
    const auto receipt = protocol::parse_fields<admin::erasure>(said.body).value();
    CHECK(receipt.user == "1");
    CHECK(at.lines.at(1)->closed_with == 4504);
    CHECK_THAT(at.hear(2), Catch::VectorContains(std::string{"partner left left"}));
    const auto user = at.get<admin::user>("/users/1");
    CHECK(user.state == admin::standing::erased);
    CHECK(user.receipt == receipt.receipt);
    CHECK(at.get<admin::erasure>("/erasures/" + receipt.receipt).user == "1");
    CHECK_THAT(at.ask("GET", "/pairs/1/events").body, !Catch::Contains("a secret"));
    CHECK(at.told("DELETE", "/users/1") == "409 erased");
    CHECK(at.told("DELETE", "/users/99") == "404 not_found");
    CHECK(at.audit() == std::vector<std::string>{"owner: read events, pair 1, because of a test",
                                                 "owner: erase user, user 1, because of a test"});
}

TEST_CASE("who is away is erased as well, and can't come back") {
    office at;
    at.pair_up(1, 2);
    const auto token = at.token(1);
    at.drop(1);

    CHECK(at.ask("DELETE", "/users/1").status == 200);

    CHECK_THAT(at.hear(2), Catch::VectorContains(std::string{"partner left left"}));
    at.come_back(3, token);
    CHECK(at.lines.at(3)->closed_with == 4501);
}

TEST_CASE("an erasure that could not be stored is told, and the user comes back") {
    office at;
    have_talked(at);
    const auto token = at.token(1);
    at.begin("DELETE", "/users/1", {});
    at.answer();  // who it is

    while (!at.store.writes.empty()) {
        at.commit(storage::commit_result::full);
    }

    REQUIRE(at.answered);
    CHECK(at.answered->status == 503);
    CHECK(at.lines.at(1)->closed_with == 4000);
    at.come_back(3, token);
    CHECK(at.all<protocol::server::welcome>(3).size() == 1);
}

TEST_CASE("owners read where a user came from, and that they did is noted") {
    switchboard_options options;
    options.limits.keep_access = std::chrono::hours{24};
    office at{options};
    at.from[10] = at.from[11] = 0xff;
    at.from[12] = 192;
    at.from[14] = 2;
    at.from[15] = 1;
    at.pair_up(1, 2);
    at.drop(1);
    at.settle();

    const auto page = at.get<admin::access_page>("/users/1/access?limit=1");

    REQUIRE(page.entries.size() == 1);
    CHECK(page.entries[0].action == "close");
    CHECK(page.entries[0].address == "192.0.2.1");
    CHECK(page.entries[0].port == 4711);
    REQUIRE(page.next);
    const auto rest = at.get<admin::access_page>("/users/1/access?before=" + *page.next);
    REQUIRE(rest.entries.size() == 1);
    CHECK(rest.entries[0].action == "login");
    CHECK_FALSE(rest.next);
    CHECK(at.told("GET", "/users/1/access", {.who = "moderator"}) == "403 forbidden");
    CHECK(at.audit().front() == "owner: read access, user 1, because of a test");
}
