#include "server/platform/filter/pattern_set.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace onechat::platform;

namespace {

std::vector<hit> places_of(const std::string& pattern, std::string_view text,
                           std::size_t bytes_max = patterns_bytes_max) {
    pattern_set set{bytes_max};
    set.add(pattern, 7);
    REQUIRE(set.compile());
    std::vector<hit> hits;
    set.find(fold(text), hits);
    return hits;
}

}  // namespace

TEST_CASE("a pattern is found wherever it is") {
    const auto hits = places_of("b[0-9]", "a b1 B２");

    REQUIRE(hits.size() == 2);
    CHECK(hits[0].begin == 2);
    CHECK(hits[0].end == 4);
    CHECK(hits[1].begin == 5);
    CHECK(hits[1].rule == 7);
}

TEST_CASE("the first group of a pattern is what it finds, and borders may be shared") {
    const auto hits = places_of("(?:^| )([0-9]+)(?: |$)", "1 22 3");

    REQUIRE(hits.size() == 3);
    CHECK(hits[1].begin == 2);
    CHECK(hits[1].end == 4);
    CHECK(hits[2].begin == 5);
}

TEST_CASE("a pattern that is found as nothing at all is not found") {
    CHECK(places_of("x|\\b", "a b").empty());
    CHECK(places_of("()a", "aaa").size() == 3);
}

TEST_CASE("patterns see numbers as digits") {
    CHECK(places_of("[0-9]{5}", "一二三四五").size() == 1);
}

TEST_CASE("beyond thirty-two places the rest of the text is one more") {
    std::string text;
    for (std::size_t i = 0; i < pattern_places_max; ++i) {
        text += "ab";
    }

    CHECK(places_of("a", text).size() == pattern_places_max);
    const auto hits = places_of("a", text + "abab");
    REQUIRE(hits.size() == pattern_places_max + 1);
    CHECK(hits.back().end == text.size() + 4);
}

TEST_CASE("what is wrong with a pattern is told") {
    CHECK(pattern_set::trouble_with("a+b").empty());
    CHECK_THAT(pattern_set::trouble_with("(a"), Catch::Contains("no pattern"));
    CHECK_THAT(pattern_set::trouble_with("(?=a)"), Catch::Contains("no pattern"));
    CHECK_THAT(pattern_set::trouble_with("a*"), Catch::Contains("every text"));
    CHECK_THAT(pattern_set::trouble_with("((a{1,100}){1,100}){1,100}"),
               Catch::Contains("no pattern"));
}

TEST_CASE("patterns that together need too much memory are refused") {
    pattern_set set{4096};
    set.add("[\\p{Han}]{100}[\\p{L}]{100}", 0);

    CHECK(!set.compile());
}

// Little memory for the walk: it gives up, and the pattern is found all the same.
TEST_CASE("without memory for the walk the patterns are found one by one") {
    std::string text;
    for (int i = 0; i < 400; ++i) {
        text += static_cast<char>('a' + i * 7 % 26);
    }
    std::size_t smallest = 0;
    for (std::size_t bytes = 2048; smallest == 0; bytes += 256) {
        pattern_set set{bytes};
        set.add("z[a-z]{30}(b|q)[a-z]{30}9", 0);
        smallest = set.compile() ? bytes : 0;
    }
    pattern_set set{smallest};
    set.add("z[a-z]{30}(b|q)[a-z]{30}9", 0);
    REQUIRE(set.compile());
    std::vector<hit> hits;

    set.find(fold(text + "z" + std::string(30, 'x') + "q" + std::string(30, 'x') + "9"), hits);

    CHECK(hits.size() == 1);
}
