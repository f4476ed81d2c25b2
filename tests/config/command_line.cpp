#include "server/config/command_line.hpp"

#include "tests/support/catch.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

using namespace onechat;

namespace {

using sentences = std::vector<std::string>;

sentences complaints_about(std::vector<std::string> arguments) {
    CLI::App flags{"test"};
    std::string text;
    int number = 0;
    flags.add_option("--away", text, "");
    flags.add_option("--match-round", text, "");
    flags.add_option("--people", number, "");
    return parse_arguments(flags, std::move(arguments));
}

}  // namespace

TEST_CASE("a right command line has no complaints") {
    CHECK(complaints_about({}).empty());
    CHECK(complaints_about({"--away", "1m", "--match-round=2s"}).empty());
}

TEST_CASE("a flag that does not exist is told with the nearest one") {
    CHECK(complaints_about({"--match-rond", "5ms"}) ==
          sentences{"--match-rond is no flag; did you mean --match-round?"});
    CHECK(complaints_about({"--match-rond=5ms"}) ==
          sentences{"--match-rond is no flag; did you mean --match-round?"});
    CHECK(complaints_about({"--port", "80"}) == sentences{"--port is no flag; --help lists them."});
    CHECK(complaints_about({"-x"}) == sentences{"-x is no flag; --help lists them."});
}

TEST_CASE("everything is told at once") {
    CHECK(complaints_about({"--awya", "1m", "stray", "--people"}) ==
          sentences{"--people: The value is missing.", "--awya is no flag; did you mean --away?",
                    "\"stray\" is one word too many."});
}

TEST_CASE("what the library refuses is told in its words") {
    const auto wrong = complaints_about({"--people", "many"});

    REQUIRE(wrong.size() == 1);
    CHECK_THAT(wrong.front(), Catch::Contains("--people") && Catch::Contains("many"));
}

TEST_CASE("who asks for help gets it, whatever else is wrong") {
    CHECK_THROWS_AS(complaints_about({"--help"}), CLI::CallForHelp);
    CHECK_THROWS_AS(complaints_about({"--nonsense", "--help"}), CLI::CallForHelp);
}
