#include "server/log_line.hpp"

#include "protocol/json.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace onechat;
using protocol::json::document;

TEST_CASE("an event is a word and what is to be known of it") {
    CHECK(log::as_text("drain", {{"sessions", 12}, {"data", "/var/lib/onechat"}, {"on", true}}) ==
          "drain sessions=12 data=/var/lib/onechat on=true");
    CHECK(log::as_text("end", {}) == "end");
}

TEST_CASE("a value that isn't one plain word stands in quotes") {
    CHECK(log::as_text("tls", {{"warning", "It has expired."}}) ==
          "tls warning=\"It has expired.\"");
    CHECK(log::as_text("x", {{"a", ""}, {"b", "k=v"}, {"c", "say \"hi\""}}) ==
          R"(x a="" b="k=v" c="say \"hi\"")");
}

TEST_CASE("no value can end its line or begin one") {
    const std::string forged = "a\nready listen=0.0.0.0:1\r\x1B[2J\x7F";

    const auto text = log::as_text("start", {{"data", forged}});
    const auto members = log::as_members("start", {{"data", forged}});

    for (const auto& line : {text, members}) {
        CHECK(line.find_first_of("\n\r\x1B") == std::string::npos);
        CHECK_THAT(line, Catch::Contains(R"(a\nready listen=0.0.0.0:1)"));
    }
}

TEST_CASE("members are the inside of a JSON object that gives the values back") {
    const std::string odd = "a \"b\" \\ \t\x01 中";
    document read;

    const auto sentence = read.parse(
        "{" + log::as_members("end", {{"status", 70}, {"why", odd}, {"on", false}}) + "}", 2);

    REQUIRE(sentence.empty());
    CHECK(read.root().find("event").string() == "end");
    CHECK(read.root().find("status").integer() == 70);
    CHECK(read.root().find("why").string() == odd);
    CHECK_FALSE(read.root().find("on").boolean());
}

TEST_CASE("a file name that isn't UTF-8 leaves the line readable") {
    document read;

    const auto sentence =
        read.parse("{" + log::as_members("start", {{"data", "/\xFF\xE4\xB8/x"}}) + "}", 2);

    REQUIRE(sentence.empty());
    CHECK(read.root().find("data").string() == "/\uFFFD\uFFFD\uFFFD/x");
    CHECK(log::as_text("start", {{"data", "/\xFF/x"}}) == "start data=/\uFFFD/x");
}
