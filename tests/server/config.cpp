#include "server/config.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <fstream>

using namespace onechat;
using namespace std::chrono_literals;
using onechat::test::temp_dir;

namespace {

// Parses as `onechat serve` does. Throws what a bad value throws.
config parse(std::vector<std::string> flags) {
    CLI::App serve{"test"};
    config into;
    describe_options(serve, into);
    serve.set_config("--config");
    serve.allow_config_extras(CLI::config_extras_mode::error);
    std::ranges::reverse(flags);
    serve.parse(flags);
    return into;
}

std::string complaint(std::vector<std::string> flags) {
    try {
        static_cast<void>(parse(std::move(flags)));
    } catch (const CLI::ParseError& wrong) {
        return wrong.what();
    }
    return "no complaint";
}

class environment {
public:
    environment(const char* name, const char* value) : name_{name} { ::setenv(name, value, 1); }
    ~environment() { ::unsetenv(name_); }
    environment(const environment&) = delete;
    environment& operator=(const environment&) = delete;

private:
    const char* name_;
};

struct setting {
    std::string flag;
    std::string value;
    std::string wrong;
    bool (*holds)(const config&);
};

const std::vector<setting> settings{
    {"listen", "0.0.0.0:9000", "nowhere",
     [](const config& c) { return c.listen.address == "0.0.0.0" && c.listen.port == 9000; }},
    {"data", "/tmp/elsewhere", "", [](const config& c) { return c.data == "/tmp/elsewhere"; }},
    {"match-round", "50ms", "2m", [](const config& c) { return c.match_round == 50ms; }},
    {"rematch-after", "1h", "25h", [](const config& c) { return c.rematch_after == 1h; }},
    {"away", "30m", "31m", [](const config& c) { return c.away == 30min; }},
    {"durability", "normal", "half",
     [](const config& c) { return c.durability == storage::durability::normal; }},
    {"rate-limits", "off", "no", [](const config& c) { return !c.rate_limits; }},
    {"guests", "off", "true", [](const config& c) { return !c.guests; }},
    {"log-level", "debug", "loud", [](const config& c) { return c.log_level == "debug"; }},
    {"topic", "a=b|c", "nothing",
     [](const config& c) {
         return c.topics == std::vector<topic>{{"a", "b", "c"}};
     }},
};

std::string environment_name_of(std::string flag) {
    for (char& letter : flag) {
        letter = letter == '-' ? '_' : static_cast<char>(letter - 'a' + 'A');
    }
    return "ONECHAT_" + flag;
}

}  // namespace

// ---- values ----

TEST_CASE("durations are a number and a unit") {
    CHECK(parse_duration("20ms") == 20ms);
    CHECK(parse_duration("2s") == 2s);
    CHECK(parse_duration("5m") == 5min);
    CHECK(parse_duration("3h") == 3h);
    CHECK(parse_duration("180d") == 180 * 24h);
    CHECK(parse_duration("0s") == 0s);
}

TEST_CASE("what is no duration is refused with examples") {
    for (const auto* text : {"", "5", "s", "-5s", "5 s", "5S", "1.5s", "5sec", "5s ", "1e3ms",
                             "99999999999999999999s", "9223372036854775807d"}) {
        INFO(text);
        CHECK_THROWS_WITH(parse_duration(text), Catch::Contains("20ms"));
    }
}

TEST_CASE("an endpoint is an address and a port, of either family") {
    CHECK(parse_endpoint("127.0.0.1:8080").address == "127.0.0.1");
    CHECK(parse_endpoint("127.0.0.1:8080").port == 8080);
    CHECK(parse_endpoint("0.0.0.0:0").port == 0);
    CHECK(parse_endpoint("[::1]:0").address == "::1");
    CHECK(parse_endpoint("[2001:db8::7]:65535").address == "2001:db8::7");
    CHECK(parse_endpoint("[2001:db8::7]:65535").port == 65535);
}

TEST_CASE("what is no endpoint is refused with examples") {
    for (const auto* text : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                             "127.0.0.1:80a", ":8080", "[::1]", "[]:8080", "8080"}) {
        INFO(text);
        CHECK_THROWS_WITH(parse_endpoint(text), Catch::Contains("127.0.0.1:8080"));
    }
}

TEST_CASE("an IPv6 address without brackets is refused: its port can't be told") {
    CHECK_THROWS_AS(parse_endpoint("::1:8080"), std::runtime_error);
    CHECK_THROWS_AS(parse_endpoint("2001:db8::7"), std::runtime_error);
}

// ---- flags ----

TEST_CASE("without flags the contract's defaults hold") {
    const config standard = parse({});

    CHECK(standard.listen.address == "127.0.0.1");
    CHECK(standard.listen.port == 8080);
    CHECK(standard.match_round == 200ms);
    CHECK(standard.rematch_after == 8s);
    CHECK(standard.away == 120s);
    CHECK(standard.durability == storage::durability::full);
    CHECK(standard.rate_limits);
    CHECK(standard.guests);
    CHECK(standard.log_level == "info");
    CHECK(standard.topics == topics::built_in());
}

TEST_CASE("every setting is a flag") {
    for (const setting& one : settings) {
        INFO(one.flag);
        CHECK_FALSE(one.holds(parse({})));
        CHECK(one.holds(parse({"--" + one.flag, one.value})));
    }
}

TEST_CASE("every setting is an environment variable, and the flag wins") {
    for (const setting& one : settings) {
        INFO(one.flag);
        const environment set{environment_name_of(one.flag).c_str(), one.value.c_str()};
        CHECK(one.holds(parse({})));
    }
    const environment set{"ONECHAT_MATCH_ROUND", "50ms"};
    CHECK(parse({"--match-round", "70ms"}).match_round == 70ms);
}

TEST_CASE("every setting is a key of the configuration file") {
    const temp_dir folder;
    for (const setting& one : settings) {
        INFO(one.flag);
        const auto file = folder / "onechat.conf";
        std::ofstream{file} << one.flag << " = \"" << one.value << "\"\n";
        CHECK(one.holds(parse({"--config", file})));
    }
}

TEST_CASE("a flag wins against the file") {
    const temp_dir folder;
    std::ofstream{folder / "onechat.conf"} << "match-round = \"50ms\"\naway = \"1m\"\n";

    const config read = parse({"--config", folder / "onechat.conf", "--match-round", "70ms"});

    CHECK(read.match_round == 70ms);
    CHECK(read.away == 1min);
}

TEST_CASE("a bad value is refused with the name of its flag") {
    for (const setting& one : settings) {
        if (!one.wrong.empty()) {
            INFO(one.flag);
            CHECK_THAT(complaint({"--" + one.flag, one.wrong}), Catch::Contains("--" + one.flag));
        }
    }
}

TEST_CASE("a bad value in the environment or the file is refused as well") {
    const temp_dir folder;
    std::ofstream{folder / "onechat.conf"} << "away = \"soon\"\n";
    CHECK_THAT(complaint({"--config", folder / "onechat.conf"}), Catch::Contains("--away"));

    const environment set{"ONECHAT_GUESTS", "maybe"};
    CHECK_THAT(complaint({}), Catch::Contains("--guests"));
}

TEST_CASE("an unknown flag, an unknown key and a missing file are refused") {
    const temp_dir folder;
    std::ofstream{folder / "onechat.conf"} << "match-rounds = \"50ms\"\n";

    CHECK_THAT(complaint({"--match-rounds", "50ms"}), Catch::Contains("match-rounds"));
    CHECK_THAT(complaint({"--config", folder / "onechat.conf"}), Catch::Contains("match-rounds"));
    CHECK(complaint({"--config", folder / "missing.conf"}) != "no complaint");
}

TEST_CASE("topics are given one by one, or at once in the environment") {
    const config given = parse({"--topic", "a=甲", "--topic", "b=乙|丙"});
    CHECK(given.topics == std::vector<topic>{{"a", "甲", ""}, {"b", "乙", "丙"}});

    const environment set{"ONECHAT_TOPIC", "c=丁;d=戊"};
    CHECK(parse({}).topics == std::vector<topic>{{"c", "丁", ""}, {"d", "戊", ""}});
}

TEST_CASE("a topic given twice is refused") {
    CHECK_THAT(complaint({"--topic", "a=甲", "--topic", "a=乙"}), Catch::Contains("occurs twice"));
}
