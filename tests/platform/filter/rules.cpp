#include "server/platform/filter/rules.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace onechat::platform;

namespace {

std::vector<rule_problem> problems_in(const std::string& text) {
    return parse_rules(text).problems;
}

std::string problem_in(const std::string& text) {
    const auto problems = problems_in(text);
    REQUIRE(problems.size() == 1);
    return problems.front().sentence;
}

}  // namespace

TEST_CASE("a rule is an action and a word or a pattern") {
    const auto list = parse_rules(
        "\xef\xbb\xbf# the words\r\n"
        "\n"
        "reject 刷单 # a comment\n"
        "  mask\tsend nudes  \n"
        "flag /a[/]b #c/\n"
        "pass /x/ # a comment\n"
        "nickname reject 客服\n"
        "mask c#\n"
        "without adverts # a comment");

    CHECK(list.problems.empty());
    CHECK(list.rules == std::vector<rule>{{rule_action::reject, false, false, "刷单"},
                                          {rule_action::mask, false, false, "send nudes"},
                                          {rule_action::flag, false, true, "a[/]b #c"},
                                          {rule_action::pass, false, true, "x"},
                                          {rule_action::reject, true, false, "客服"},
                                          {rule_action::mask, false, false, "c#"}});
    CHECK(list.without == std::vector<std::string>{"adverts"});
}

TEST_CASE("all that is wrong is told, with its line") {
    const auto problems = problems_in("reject\nmask ok\nforbid x\n\nflag /(/\n");

    REQUIRE(problems.size() == 3);
    CHECK(problems[0].line == 1);
    CHECK(problems[1].line == 3);
    CHECK(problems[2].line == 5);
}

TEST_CASE("each mistake has a sentence of its own") {
    CHECK_THAT(problem_in("forbid 词"), Catch::Contains("begins with"));
    CHECK_THAT(problem_in("nickname 词"), Catch::Contains("begins with"));
    CHECK_THAT(problem_in("词"), Catch::Contains("begins with"));
    CHECK_THAT(problem_in("nickname pass 词"), Catch::Contains("everywhere"));
    CHECK_THAT(problem_in("mask"), Catch::Contains("missing"));
    CHECK_THAT(problem_in("mask # 词"), Catch::Contains("missing"));
    CHECK_THAT(problem_in("mask ***"), Catch::Contains("no letter"));
    CHECK_THAT(problem_in("mask \u200b"), Catch::Contains("no letter"));
    CHECK_THAT(problem_in("mask /a"), Catch::Contains("two slashes"));
    CHECK_THAT(problem_in("mask /a/ b"), Catch::Contains("two slashes"));
    CHECK_THAT(problem_in("mask //"), Catch::Contains("every text"));
    CHECK_THAT(problem_in("mask /[/"), Catch::Contains("no pattern"));
    CHECK_THAT(problem_in("without nothing"), Catch::Contains("contacts, adverts"));
}

TEST_CASE("a word may have sixty-four letters") {
    CHECK(problems_in("mask " + std::string(64, 'a')).empty());
    CHECK_THAT(problem_in("mask " + std::string(65, 'a')), Catch::Contains("64 letters"));
    CHECK(problems_in("mask " + std::string(64, 'a') + std::string(64, '*')).empty());
}

TEST_CASE("a pattern may have 512 bytes, and there may be 200") {
    CHECK(problems_in("mask /" + std::string(512, 'a') + "/").empty());
    CHECK_THAT(problem_in("mask /" + std::string(513, 'a') + "/"), Catch::Contains("512 bytes"));
    std::string lines;
    for (std::size_t i = 0; i < patterns_max; ++i) {
        lines += "mask /a/\n";
    }
    CHECK(problems_in(lines).empty());
    CHECK_THAT(problem_in(lines + "mask /a/\nmask\n"), Catch::Contains("200 patterns"));
}

TEST_CASE("there may be a hundred thousand rules, and one more is told once") {
    std::string lines;
    for (std::size_t i = 0; i < rules_max; ++i) {
        lines += "mask a\n";
    }

    CHECK(problems_in(lines).empty());
    CHECK_THAT(problem_in(lines + "mask a\nmask a\n"), Catch::Contains("100000 rules"));
}

TEST_CASE("a file may have four mebibytes") {
    const std::string full(rules_file_bytes_max, '#');

    CHECK(problems_in(full).empty());
    CHECK_THAT(problem_in(full + "#"), Catch::Contains("4 MiB"));
}

TEST_CASE("what is no text is refused as a whole") {
    CHECK_THAT(problem_in(std::string("mask a\0", 7)), Catch::Contains("NUL"));
    CHECK_THAT(problem_in("mask \xff"), Catch::Contains("UTF-8"));
    CHECK(problems_in("mask \xff").front().line == 0);
}

TEST_CASE("after twenty complaints there is one more, that there are more") {
    std::string lines;
    for (std::size_t i = 0; i < rule_problems_max; ++i) {
        lines += "wrong\n";
    }

    CHECK(problems_in(lines).size() == rule_problems_max);
    CHECK(problems_in(lines + lines).size() == rule_problems_max + 1);
    CHECK_THAT(problems_in(lines + lines).back().sentence, Catch::Contains("more wrong"));
}
