#include "tests/admin/office.hpp"

using namespace onechat;
using namespace onechat::test;

TEST_CASE("without a right token nobody learns even which paths there are") {
    office at;

    for (const char* const who : {"", "wrong", "Bearer", "onechat_admin_x"}) {
        office::wishes with;
        with.who = who;
        CHECK(at.told("GET", "/stats", with) == "401 token_required");
    }
    office::wishes with;
    with.who = "wrong";
    CHECK(at.told("GET", "/nothing", with) == "401 token_required");
    CHECK(at.audit().empty());
}

TEST_CASE("wrong tokens are counted by address, and a right one is let in all the same") {
    office at;
    office::wishes wrong;
    wrong.who = "wrong";
    for (int n = 0; n < 5; ++n) {
        CHECK(at.told("GET", "/stats", wrong) == "401 token_required");
    }

    const auto sixth = at.ask("GET", "/stats", wrong);

    CHECK(sixth.status == 429);
    CHECK(at.ask("GET", "/stats").status == 200);
    CHECK(at.door->wrong_tokens() == 6);
    at.wait(12s);
    CHECK(at.told("GET", "/stats", wrong) == "401 token_required");
}

TEST_CASE("two authorizations, or another scheme, are none") {
    office at;
    const std::string right = at.secrets_of["owner"];
    office::wishes with;
    with.who = "";
    with.headers = {{"Authorization", "Basic " + right}};
    CHECK(at.told("GET", "/stats", with) == "401 token_required");
    with.headers = {{"Authorization", "bearer " + right}};
    CHECK(at.ask("GET", "/stats", with).status == 200);
    with.headers = {{"Authorization", "Bearer " + right}, {"Authorization", "Bearer " + right}};
    CHECK(at.told("GET", "/stats", with) == "401 token_required");
}

TEST_CASE("a role may what the ones before it may, and no more") {
    office at;
    const auto as = [&](const char* who, const char* method, const char* path) {
        office::wishes with;
        with.who = who;
        return at.told(method, path, with);
    };

    for (const admin::route& one : admin::routes()) {
        std::string path{one.path};
        for (const char* const place : {"{id}", "{seq}"}) {
            if (const auto found = path.find(place); found != std::string::npos) {
                path.replace(found, std::string_view{place}.size(), "77");
            }
        }
        INFO(one.method << ' ' << path);
        const std::string method{one.method};
        CHECK((as("viewer", method.c_str(), path.c_str()) == "403 forbidden") ==
              (one.needed > admin::role::viewer));
        CHECK((as("moderator", method.c_str(), path.c_str()) == "403 forbidden") ==
              (one.needed > admin::role::moderator));
        CHECK(as("owner", method.c_str(), path.c_str()) != "403 forbidden");
    }
}

TEST_CASE("what reads a record or changes something needs a reason that somebody can read") {
    office at;
    const auto because = [&](std::string why) {
        office::wishes with;
        with.why = std::move(why);
        return at.told("GET", "/pairs/1/events", with);
    };
    std::size_t needing = 0;
    for (const admin::route& one : admin::routes()) {
        needing += one.needs_reason ? 1 : 0;
        const bool changes = one.method != "GET" && one.operation != "searchUsers";
        CHECK((!changes || one.needs_reason));
    }

    CHECK(needing == 16);
    CHECK(because("") == "400 reason_required");
    CHECK(because("no") == "400 reason_required");
    CHECK(because("%E4%B8%BE%E6%8A%A5") == "400 reason_required");  // two code points
    CHECK(because("%E4%B8%BE%E6%8A%A5%E4%BA%86") == "404 not_found");
    CHECK(because("%FF%FE%FD%FC") == "400 reason_required");
    CHECK(because("half%2") == "400 reason_required");
    CHECK(because("two%0Alines") == "400 reason_required");
    CHECK(because("zero%00byte") == "400 reason_required");
    CHECK(because("%20%20%20") == "400 reason_required");
    CHECK(because("one%E2%80%AEtwo") == "400 reason_required");
    CHECK(because(std::string(501, 'x')) == "400 reason_required");
    CHECK(because(std::string(500, 'x')) == "404 not_found");
    office::wishes twice;
    twice.headers = {{"X-Reason", "another one"}};
    CHECK(at.told("GET", "/pairs/1/events", twice) == "400 reason_required");
}

TEST_CASE("browsers reach it under names that are its own, and from its own pages") {
    office at;
    const auto from = [&](std::string host, std::vector<net::http_header> headers = {}) {
        office::wishes with;
        with.host = std::move(host);
        with.headers = std::move(headers);
        return at.told("GET", "/tokens", with).substr(0, 18);
    };

    for (const char* const good : {"127.0.0.1", "127.0.0.1:8081", "[::1]:8081", "localhost:8081",
                                   "LOCALHOST", "admin.example.org", "Admin.Example.Org:443"}) {
        CHECK(from(good).starts_with("200"));
    }
    for (const char* const bad :
         {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::1",
          "admin.example.org.evil.example:8081"}) {
        CHECK(from(bad) == "403 unknown_host");
    }
    CHECK(from("127.0.0.1:8081", {{"Origin", "http://127.0.0.1:8081"}}).starts_with("200"));
    CHECK(from("127.0.0.1:8081", {{"Origin", "https://127.0.0.1:8081"}}).starts_with("200"));
    for (const char* const bad :
         {"http://evil.example", "null", "http://127.0.0.1:8082", "http://127.0.0.1", ""}) {
        CHECK(from("127.0.0.1:8081", {{"Origin", bad}}) == "403 foreign_origin");
    }
}

TEST_CASE("paths have one spelling, and other methods are told") {
    office at;
    for (const char* const path :
         {"", "/", "/stats/", "//stats", "/users/1/../2", "/users/%31", "/users//ban", "/Stats",
          "/users/1/ban/1", "/pairs/1/events/2/3", "/stats%00"}) {
        INFO(path);
        CHECK(at.told("GET", path) ==
              (std::string{path} == "/users/%31" ? "400 bad_id" : "404 not_found"));
    }

    const auto wrong = at.ask("POST", "/stats", {});
    CHECK(wrong.status == 405);
    CHECK(at.told("DELETE", "/stats") == "405 method_not_allowed");
    bool allowed = false;
    for (const auto& header : at.ask("PUT", "/users/1", {}).headers) {
        allowed = allowed || (header.name == "Allow" && header.value == "GET, DELETE");
    }
    CHECK(allowed);
    CHECK(at.ask("HEAD", "/stats").status == 200);
}

TEST_CASE("a query says what the route knows, once, within its limits") {
    office at;
    for (const char* const query :
         {"limit=0", "limit=101", "limit=-1", "limit=1e1", "limit=99999999999999999999",
          "limit=", "limit=01", "limit=5&limit=5", "page=2", "before=x", "before=-1", "before=1%20",
          "before=9999999999999999999", "state=hidden", "state=active'--", "query=", "query=%00",
          "query=%FF", "%6Cimit=5"}) {
        INFO(query);
        CHECK(at.told("GET", std::string{"/users?"} + query) == "400 bad_query");
    }
    CHECK(at.told("GET", "/users?query=" + std::string(129, 'x')) == "400 bad_query");
    CHECK(at.told("GET", "/stats?x=1") == "400 bad_query");
    CHECK(at.ask("GET", "/users?limit=100&before=999999999999999999&state=active").status == 200);
    CHECK(at.ask("GET", "/users?query=" + std::string(128, 'x')).status == 200);
}

TEST_CASE("a body is JSON that fits, where there is one at all") {
    office at;
    const auto with = [&](std::string body, std::vector<net::http_header> headers = {}) {
        office::wishes wish;
        wish.body = std::move(body);
        wish.headers = std::move(headers);
        return at.told("POST", "/tokens", wish);
    };

    CHECK(with("{") == "400 bad_json");
    CHECK(with("[]") == "400 bad_json");
    CHECK(with("{}") == "400 bad_field");
    CHECK(with(R"({"name":"x","role":"king"})") == "400 bad_field");
    CHECK(with(R"({"name":5,"role":"viewer"})") == "400 bad_field");
    CHECK(with(R"({"name":"x","name":"y","role":"viewer"})") == "400 bad_json");
    CHECK(with(R"({"name":"\ud800","role":"viewer"})").starts_with("400"));
    CHECK(with(std::string(60'000, '[')) == "400 bad_json");
    CHECK(with(R"({"name":"x","role":"viewer"})", {{"Content-Type", "text/plain"}}) ==
          "415 not_json");
    CHECK(with(R"({"name":"x","role":"viewer"})",
               {{"Content-Type", "application/x-www-form-urlencoded"}}) == "415 not_json");
    office::wishes unexpected;
    unexpected.body = "{}";
    CHECK(at.told("GET", "/stats", unexpected) == "400 unexpected_body");
    CHECK(at.audit().empty());
    CHECK(at.tokens.all().size() == 3);
}

TEST_CASE("while nothing can be stored no record is read and nothing is changed") {
    office at;
    have_talked(at);
    at.store.state = lobby::store_state::closed;

    CHECK(at.told("GET", "/pairs/1/events") == "503 store_unavailable");
    CHECK(at.told("DELETE", "/users/1") == "503 store_unavailable");
    CHECK(at.ask("GET", "/users").status == 200);

    at.store.state = lobby::store_state::open;
    at.begin("GET", "/pairs/1/events", {});
    REQUIRE(at.store.writes.size() == 1);
    CHECK(at.store.reads.empty());
    at.commit(storage::commit_result::full);
    REQUIRE(at.answered);
    CHECK(at.answered->status == 503);
    CHECK(at.store.reads.empty());
    CHECK(at.audit().empty());
}

TEST_CASE("there is an end to what is asked at once") {
    office at;
    for (int n = 0; n < 64; ++n) {
        CHECK_FALSE(at.begin("GET", "/users", {}));
    }

    CHECK(at.store.reads.size() == 2);  // a login waits for no more than these
    CHECK(at.begin("GET", "/users", {}).value().status == 503);
    CHECK(at.board->counted().limits.operator_requests == 1);
    at.settle();
    CHECK(at.ask("GET", "/users").status == 200);
}

TEST_CASE("answers are for nobody's cache and no page's frame") {
    office at;
    for (const auto& said : {at.ask("GET", "/stats"), at.ask("GET", "/nothing")}) {
        std::string all;
        for (const auto& header : said.headers) {
            all += header.name + "=" + header.value + "\n";
        }
        CHECK_THAT(all, Catch::Contains("Cache-Control=no-store"));
        CHECK_THAT(all, Catch::Contains("default-src 'none'"));
        CHECK_THAT(all, !Catch::Contains("Access-Control"));
        CHECK(said.content_type == "application/json");
    }
}
