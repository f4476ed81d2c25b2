#include "server/config/values.hpp"

#include "server/net/address_range.hpp"
#include "tests/support/catch.hpp"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace onechat;
using namespace std::chrono_literals;

namespace {

template <class Read>
void check_refused(Read read, std::initializer_list<const char*> texts, const char* example) {
    for (const auto* text : texts) {
        INFO(text);
        CHECK_THROWS_WITH(
            static_cast<void>(read(text)),
            Catch::Contains("\"" + std::string{text} + "\"") && Catch::Contains(example));
    }
}

}  // namespace

// ---- durations ----

TEST_CASE("durations are a number and a unit") {
    CHECK(parse_duration("20ms") == 20ms);
    CHECK(parse_duration("2s") == 2s);
    CHECK(parse_duration("5m") == 5min);
    CHECK(parse_duration("3h") == 3h);
    CHECK(parse_duration("180d") == 180 * 24h);
    CHECK(parse_duration("0s") == 0s);
}

TEST_CASE("what is no duration is refused with examples") {
    check_refused(parse_duration,
                  {"", "5", "s", "-5s", "5 s", "5S", "1.5s", "5sec", "5s ", "1e3ms", "+5s",
                   "99999999999999999999s", "9223372036854775807d"},
                  "20ms");
}

TEST_CASE("a duration is written in its largest whole unit") {
    for (const auto* text : {"0s", "1ms", "1500ms", "90s", "2m", "30m", "25h", "3d", "3650d"}) {
        CHECK(write_duration(parse_duration(text)) == text);
    }
    CHECK(write_duration(120s) == "2m");
}

// ---- endpoints ----

TEST_CASE("an endpoint is an address and a port, of either family") {
    CHECK(parse_endpoint("127.0.0.1:8080") == endpoint{"127.0.0.1", 8080});
    CHECK(parse_endpoint("0.0.0.0:0") == endpoint{"0.0.0.0", 0});
    CHECK(parse_endpoint("[::1]:0") == endpoint{"::1", 0});
    CHECK(parse_endpoint("[2001:db8::7]:65535") == endpoint{"2001:db8::7", 65535});
    CHECK(parse_endpoint("[fe80::1%eth0]:80") == endpoint{"fe80::1%eth0", 80});
}

TEST_CASE("what is no endpoint is refused with examples") {
    check_refused(
        parse_endpoint,
        {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:80a", ":8080",
         "[::1]", "[]:8080", "8080", "localhost:8080", "1.2.3:80", "[127.0.0.1]:80", "[::1:80"},
        "127.0.0.1:8080");
}

TEST_CASE("an IPv6 address without brackets is refused: its port can't be told") {
    CHECK_THROWS_AS(parse_endpoint("::1:8080"), std::runtime_error);
    CHECK_THROWS_AS(parse_endpoint("2001:db8::7"), std::runtime_error);
}

TEST_CASE("an endpoint is written as it is read") {
    for (const auto* text : {"127.0.0.1:8080", "[::1]:0", "[fe80::1%eth0]:80"}) {
        CHECK(write_endpoint(parse_endpoint(text)) == text);
    }
}

// ---- rates ----

TEST_CASE("a rate is a number and a time") {
    CHECK(parse_rate("5/s") == lobby::rate{5, 1s, 1});
    CHECK(parse_rate("10/m") == lobby::rate{10, 1min, 1});
    CHECK(parse_rate("1000000/h") == lobby::rate{1'000'000, 1h, 1});
    CHECK(parse_rate("1/d") == lobby::rate{1, 24h, 1});
    for (const auto* text : {"5/s", "10/m", "1000000/h", "1/d"}) {
        CHECK(write_rate(parse_rate(text)) == text);
    }
}

TEST_CASE("what is no rate is refused with examples or bounds") {
    check_refused(parse_rate,
                  {"", "5", "/s", "5/", "5/ms", "5 / s", "5/sec", "-5/s", "5s", "5.5/s", "5/s/s",
                   "4294967296/s"},
                  "5/s");
    check_refused(parse_rate, {"0/s", "1000001/d"}, "from 1 to 1000000");
}

// ---- counts and switches ----

TEST_CASE("a count is in its bounds, and digits only") {
    CHECK(parse_count("1", 1, 64) == 1);
    CHECK(parse_count("64", 1, 64) == 64);
    check_refused([](const char* text) { return parse_count(text, 1, 64); },
                  {"", "0", "65", "-1", "+1", "1 ", "0x1", "many", "99999999999999999999"},
                  "from 1 to 64");
}

TEST_CASE("a switch is on or off") {
    CHECK(parse_switch("on"));
    CHECK_FALSE(parse_switch("off"));
    check_refused(parse_switch, {"", "On", "true", "1", "yes"}, "neither on nor off");
}

// ---- origins ----

TEST_CASE("an origin becomes what a browser sends") {
    const std::vector<std::pair<const char*, const char*>> cases{
        {"https://chat.example.org", "https://chat.example.org"},
        {"HTTPS://Chat.Example.ORG", "https://chat.example.org"},
        {"http://127.0.0.1:3000", "http://127.0.0.1:3000"},
        {"http://[::1]:3000", "http://[::1]:3000"},
        {"http://[::1]", "http://[::1]"},
        {"https://chat.example.org:443", "https://chat.example.org"},
        {"http://chat.example.org:80", "http://chat.example.org"},
        {"http://chat.example.org:443", "http://chat.example.org:443"},
        {"capacitor://localhost", "capacitor://localhost"},
    };
    for (const auto& [text, expected] : cases) {
        CHECK(parse_origin(text) == expected);
    }
}

TEST_CASE("what is no origin is refused with an example") {
    check_refused(
        parse_origin,
        {"", "*", "null", "chat.example.org", "https://", "://chat.example.org",
         "https://chat.example.org/", "https://chat.example.org/page", "https://*.example.org",
         "https://a b", "https://a:", "https://a:0", "https://a:65536", "https://user@a",
         "https://::1", "https://聊天.example", "ht tp://a"},
        "https://chat.example.org");
}

TEST_CASE("a range is refused here if it would be refused where it is used") {
    const auto agreed = [](const std::string& text) {
        bool configured = true;
        try {
            static_cast<void>(parse_network(text));
        } catch (const std::runtime_error&) {
            configured = false;
        }
        INFO(text);
        CHECK(configured == net::address_range::parse(text).has_value());
        return configured;
    };

    for (const std::string text : {"",
                                   "/",
                                   "/8",
                                   "proxy",
                                   "10.0.0.0/",
                                   "10.0.0.0/33",
                                   "10.0.0.1/8",
                                   "10.0.0.0/-1",
                                   "10.0.0.0/+8",
                                   "10.0.0.0/08",
                                   "10.0.0.0/8 ",
                                   " 10.0.0.0/8",
                                   "10.0.0.0/8/8",
                                   "10.0.0/8",
                                   "10.0.0.0/255.0.0.0",
                                   "10.0.0.0:80",
                                   "[fd00::]/8",
                                   "fd00::1/8",
                                   "fd00::/129",
                                   "fd00::/4294967304",
                                   "fe80::1%eth0",
                                   "::ffff:10.1.0.0/104"}) {
        CHECK_FALSE(agreed(text));
    }
    for (const std::string text : {"10.0.0.0/8", "0.0.0.0/0", "10.0.0.1", "10.0.0.1/32", "::/0",
                                   "fd00::/8", "fd00::1", "::1/128", "::ffff:10.0.0.0/104"}) {
        CHECK(agreed(text));
    }
}

TEST_CASE("a page of the mini program is a path, perhaps with a query") {
    CHECK(parse_page("pages/chat/chat?from=nudge") == "pages/chat/chat?from=nudge");

    for (const std::string text : {"", "/pages/chat", "pages/a b", "pages/聊天", "a\"b", "a\\b"}) {
        INFO(text);
        CHECK_THROWS_WITH(parse_page(text), Catch::Contains("no page of a mini program"));
    }
    CHECK_THROWS(parse_page(std::string(129, 'x')));
}

TEST_CASE("a value of a message template has a field and words") {
    const auto read = parse_template_value("thing1=a=b 有人");

    CHECK(read.first == "thing1");
    CHECK(read.second == "a=b 有人");
    for (const std::string text : {"", "thing1", "=words", "Thing=x", "thing1="}) {
        INFO(text);
        CHECK_THROWS(parse_template_value(text));
    }
    CHECK_THROWS(parse_template_value("thing1=" + std::string(201, 'x')));
}
