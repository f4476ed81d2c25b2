#include "protocol/unicode.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <string_view>

using namespace onechat::protocol;
using namespace std::string_literals;

TEST_CASE("every kind of valid sequence is accepted, wherever it lies in a block of eight bytes") {
    for (std::size_t before = 0; before < 17; ++before) {
        for (const std::string character :
             {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
              "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
            const std::string text = std::string(before, 'a') + character + "tail of text";
            CHECK(valid_utf8(text));
            CHECK(code_points_in(text) == before + 13);
        }
    }
}

TEST_CASE("overlong forms, surrogates, too large values and cut sequences are refused") {
    for (const std::string bad : {"\x80",
                                  "\xBF",
                                  "\xC0\xAF",
                                  "\xC1\xBF",
                                  "\xE0\x80\xAF",
                                  "\xE0\x9F\xBF",
                                  "\xED\xA0\x80",
                                  "\xED\xBF\xBF",
                                  "\xF0\x80\x80\xAF",
                                  "\xF0\x8F\xBF\xBF",
                                  "\xF4\x90\x80\x80",
                                  "\xF5\x80\x80\x80",
                                  "\xFE",
                                  "\xFF",
                                  "\xC2",
                                  "\xE4\xBD",
                                  "\xF0\x9F\x98",
                                  "\xC2\x41",
                                  "\xE4\xBD\x41",
                                  "\xF0\x9F\x98\x41"}) {
        CHECK_FALSE(valid_utf8(bad));
        CHECK_FALSE(valid_utf8("some plain text before " + bad));
        CHECK_FALSE(valid_utf8(bad + " and some plain text behind"));
    }
}

TEST_CASE("Chinese characters count one each, and emoji by their code points") {
    CHECK(code_points_in("") == 0);
    CHECK(code_points_in("你好，世界") == 5);
    CHECK(code_points_in("👋") == 1);
    CHECK(code_points_in("👨‍👩‍👧") == 5);
    CHECK(code_points_in("a你b好c世d界e你f好g") == 13);
}

TEST_CASE("a zero byte is valid UTF-8") {
    CHECK(valid_utf8("a\0b"s));
    CHECK(code_points_in("a\0b"s) == 3);
}
