#include "server/cli/admin_order.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace onechat::cli;

namespace {

admin_reading read(const std::vector<const char*>& words) {
    std::vector<std::string> texts{"admin"};
    texts.insert(texts.end(), words.begin(), words.end());
    std::vector<char*> line;
    for (std::string& text : texts) {
        line.push_back(text.data());
    }
    line.push_back(nullptr);
    return read_admin_order(static_cast<int>(texts.size()), line.data());
}

// "METHOD path body", with the reason behind it.
std::string asked(const std::vector<const char*>& words) {
    const auto is = read(words);
    REQUIRE_FALSE(is.status);
    CHECK(is.order.show != nullptr);
    return is.order.method + " " + is.order.path + " " + is.order.body + " " + is.order.why;
}

}  // namespace

TEST_CASE("each command is a request") {
    CHECK(asked({"stats"}) == "GET /stats  ");
    CHECK(asked({"users", "--state", "banned", "--limit", "5", "--before", "9"}) ==
          "GET /users?state=banned&limit=5&before=9  ");
    CHECK(asked({"users", "o6_\"x"}) == R"(POST /users/search {"query":"o6_\"x"} )");
    CHECK(asked({"user", "12"}) == "GET /users/12  ");
    CHECK(asked({"events", "5", "--why", "why not"}) == "GET /pairs/5/events  why not");
    CHECK(asked({"ban", "12", "--why", "rude", "--days", "7"}) ==
          R"(POST /users/12/ban {"days":7} rude)");
    CHECK(asked({"ban", "12", "--why", "rude", "--for-ever"}) ==
          R"(POST /users/12/ban {"for_ever":true} rude)");
    CHECK(asked({"ban", "12", "--why", "rude"}) == "POST /users/12/ban {} rude");
    CHECK(asked({"unban", "12", "--why", "wrong"}) == "DELETE /users/12/ban  wrong");
    CHECK(asked({"delete", "user", "12", "--why", "asked"}) == "DELETE /users/12  asked");
    CHECK(asked({"delete", "events", "5", "14", "--why", "a number"}) ==
          "DELETE /pairs/5/events/14  a number");
    CHECK(asked({"delete", "events", "5", "--all", "--why", "both"}) ==
          "DELETE /pairs/5/events  both");
    CHECK(asked({"resolve", "3", "--person", "--why", "done"}) ==
          R"(POST /reports/3/resolve {"person":true} done)");
    CHECK(asked({"account", "12", "--why", "asked"}) == "GET /users/12/account  asked");
    CHECK(asked({"export", "12", "--why", "asked"}) == "GET /users/12/export  asked");
    CHECK(asked({"access", "12", "--limit", "5", "--why", "asked"}) ==
          "GET /users/12/access?limit=5  asked");
    CHECK(asked({"pairs", "12", "--why", "asked"}) == "GET /users/12/pairs  asked");
    CHECK(asked({"reports", "--state", "open"}) == "GET /reports?state=open  ");
    CHECK(asked({"report", "3", "--why", "asked"}) == "GET /reports/3  asked");
    CHECK(asked({"flags", "--limit", "5"}) == "GET /flags?limit=5  ");
    CHECK(asked({"backups"}) == "GET /backups  ");
    CHECK(asked({"backup", "--why", "before it"}) == "POST /backup {} before it");
    CHECK(asked({"backup", "--keep", "9", "--why", "before it"}) ==
          R"(POST /backup {"keep":9} before it)");
    CHECK(asked({"token", "add", "bo", "--role", "viewer", "--why", "new"}) ==
          R"(POST /tokens {"name":"bo","role":"viewer"} new)");
    CHECK(asked({"token", "add", "bo", "--role", "viewer"}) ==
          R"(POST /tokens {"name":"bo","role":"viewer"} by the command line)");
    CHECK(asked({"token", "remove", "../x", "--why", "gone"}) == "DELETE /tokens/..%2Fx  gone");
}

TEST_CASE("what is not a command, or not whole, is refused before anybody is asked") {
    for (const auto& words : std::vector<std::vector<const char*>>{
             {},
             {"nothing"},
             {"user"},
             {"user", "x"},
             {"events", "5"},
             {"ban", "12", "--why", "x", "--days", "0"},
             {"ban", "12", "--why", "x", "--days", "1", "--for-ever"},
             {"delete", "events", "5", "--why", "which"},
             {"delete", "events", "5", "6", "--all", "--why", "which"},
             {"users", "--limit", "101"},
             {"users", "--state", "hidden"},
             {"token", "add", "bo", "--role", "king", "--why", "x"}}) {
        CHECK(read(words).status == 2);
    }
}

TEST_CASE("the flags of all commands may stand before and behind") {
    CHECK(read({"--json", "stats"}).settings.json);
    CHECK(read({"stats", "--json"}).settings.json);
    CHECK(read({"stats", "--url", "http://[::1]:9"}).settings.url == "http://[::1]:9");
    CHECK(read({"stats", "--token-file", "/x"}).settings.token_file == "/x");
}

TEST_CASE("what is no number is told in the words of the command line") {
    for (const char* const wrong : {"x", "-1", "1.5", "1234567890123456789", ""}) {
        CHECK(read({"user", wrong}).status == 2);
    }
    CHECK_FALSE(read({"user", "123456789012345678"}).status);
}

TEST_CASE("an export is asked for until its last page") {
    const auto rest = read({"export", "12", "--why", "asked"}).order.rest;
    REQUIRE(rest != nullptr);
    CHECK(rest(R"({"records":[],"next":"3.14"})") == "?after=3.14");
    CHECK(rest(R"({"records":[]})").empty());
    CHECK(read({"users"}).order.rest == nullptr);
}
