#include "server/platform/filter/folding.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <string>
#include <string_view>

using namespace onechat::platform;

namespace {

std::string utf8(char32_t code) {
    std::string bytes;
    encode(code, [&](char byte) { bytes += byte; });
    return bytes;
}

std::string folded(std::string_view text) {
    std::string out;
    for (const letter& one : fold(text)) {
        out += utf8(one.code);
    }
    return out;
}

letter_kind kind_in(std::string_view text) {
    return fold(text).at(0).kind;
}

}  // namespace

TEST_CASE("width, case, circles and ligatures don't tell letters apart") {
    CHECK(folded("ＱＱ１２３") == "qq123");
    CHECK(folded("WeChat") == "wechat");
    CHECK(folded("①②⑨⓪") == "1290");
    CHECK(folded("❶➁➒⓵⓿") == "12910");
    CHECK(folded("Ⓥⓧ🅥🅧🆅🆇🅅") == "vxvxvxv");
    CHECK(folded("ｖ𝐱𝓿𝔁𝕧") == "vxvxv");
    CHECK(folded("¹²³₄") == "1234");
    CHECK(folded("٣३໓") == "333");
    CHECK(folded("㎏ﬁ") == "kgfi");
    CHECK(folded("⼈〸") == "人十");
    CHECK(folded("Ünïcödé ŠÅ") == "unicode sa");
}

TEST_CASE("what nobody sees is no letter") {
    CHECK(folded("微\u200b信") == "微信");
    CHECK(folded("微\ufeff\u2060\u00ad\u200d信") == "微信");
    CHECK(folded("v\u0336x\u20e3") == "vx");
    CHECK(folded("1\ufe0f\u20e3") == "1");
    CHECK(folded("a\x01\x7f"
                 "b") == "ab");
    CHECK(folded("\u202e微信\u202c") == "微信");
    CHECK(folded("\U000e0061微\U000e0100信") == "微信");
    CHECK(folded("\u200b").empty());
}

TEST_CASE("a letter knows the bytes that it came from, and the invisible ones behind it") {
    const std::string text = "\u200b微\u200b\u0301信①㎏";

    const auto letters = fold(text);

    REQUIRE(letters.size() == 5);
    CHECK(text.substr(letters[0].begin, letters[0].end - letters[0].begin) == "微\u200b\u0301");
    CHECK(text.substr(letters[1].begin, letters[1].end - letters[1].begin) == "信");
    CHECK(text.substr(letters[2].begin, letters[2].end - letters[2].begin) == "①");
    CHECK(letters[3].begin == letters[4].begin);
    CHECK(letters[4].end == text.size());
}

TEST_CASE("letters, digits, pauses and noise are told apart") {
    CHECK(kind_in("微") == letter_kind::word);
    CHECK(kind_in("か") == letter_kind::word);
    CHECK(kind_in("a") == letter_kind::latin);
    CHECK(kind_in("ж") == letter_kind::latin);
    CHECK(kind_in("７") == letter_kind::digit);
    for (const char* pause : {" ", "\n", "\t", "\u3000", "，", "。", "！", "、", "…", "：", "“",
                              "《", "—", "～", "(", "."}) {
        CAPTURE(pause);
        CHECK(kind_in(pause) == letter_kind::pause);
    }
    for (const char* noise : {"*", "-", "_", "/", "|", "+", "@", "#", "·", "•", "★", "😀", "➕"}) {
        CAPTURE(noise);
        CHECK(kind_in(noise) == letter_kind::noise);
    }
}

TEST_CASE("bytes that are no UTF-8 are noise, each by itself") {
    const auto letters = fold(
        "a\xff\xe5\xbe"
        "b");

    REQUIRE(letters.size() == 5);
    CHECK(std::ranges::count(letters, letter_kind::noise, &letter::kind) == 3);
    CHECK(letters[4].begin == 4);
}

TEST_CASE("bytes that are cut, overlong or a surrogate are no letter of what they look like") {
    for (const char* bad : {"\xe5\xbe", "\xe5\xbe!", "\xe5!\xae", "\xe0\x81\x81", "\xc1\x81",
                            "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe5\xbe\xc0", "\xe5\xc0\xae"}) {
        const auto letters = fold(bad);
        CAPTURE(letters.size());
        CHECK(std::ranges::none_of(letters, [](const letter& one) {
            return one.kind == letter_kind::word || one.kind == letter_kind::latin;
        }));
        CHECK(folded(std::string{"微"} + bad + "信").starts_with("微"));
        CHECK(folded(std::string{"微"} + bad + "信").ends_with("信"));
    }
}

TEST_CASE("a code point is folded alike wherever it stands, with its own bytes") {
    const std::string before = "a你";
    for (char32_t code = 1; code < 0x30000; ++code) {
        if (code >= 0xD800 && code <= 0xDFFF) {
            continue;
        }
        const std::string alone = utf8(code);
        const auto own = fold(alone);
        const auto all = fold(before + alone + "好b");

        bool alike = all.size() == own.size() + 4 && all[all.size() - 2].code == U'好';
        for (std::size_t i = 0; alike && i < own.size(); ++i) {
            const letter& one = all[i + 2];
            alike = one.code == own[i].code && one.kind == own[i].kind &&
                    one.plain == own[i].plain && one.begin == own[i].begin + before.size() &&
                    one.end == own[i].end + before.size();
        }
        if (!alike) {
            CAPTURE(static_cast<std::uint32_t>(code));
            FAIL("it is folded in another way between others");
        }
    }
}

TEST_CASE("each Han letter is itself, a word's, and has three bytes") {
    const std::u32string_view strokes = U"丨丶丿亅灬";
    for (char32_t code = 0x3400; code <= 0x9FFF; ++code) {
        if (code >= 0x4DC0 && code < 0x4E00) {
            continue;  // symbols of the I Ching
        }
        const auto letters = fold("x" + utf8(code));
        const bool stroke = strokes.find(code) != strokes.npos;
        if (letters.size() != 2 || letters[1].code != code || letters[1].begin != 1 ||
            letters[1].end != 4 || letters[1].plain ||
            letters[1].kind != (stroke ? letter_kind::noise : letter_kind::word)) {
            CAPTURE(static_cast<std::uint32_t>(code));
            FAIL("it is something else");
        }
    }
}

TEST_CASE("each letter of ASCII is itself in lower case, with its byte") {
    for (char c = ' '; c < 0x7F; ++c) {
        const auto letters = fold(std::string{"微"} + c);
        CAPTURE(c);
        REQUIRE(letters.size() == 2);
        const bool upper = c >= 'A' && c <= 'Z';
        CHECK(letters[1].code == static_cast<char32_t>(upper ? c + ('a' - 'A') : c));
        CHECK((letters[1].kind == letter_kind::digit) == (c >= '0' && c <= '9'));
        CHECK((letters[1].kind == letter_kind::latin) == (upper || (c >= 'a' && c <= 'z')));
        CHECK(letters[1].plain);
        CHECK(letters[1].begin == 3);
        CHECK(letters[1].end == 4);
    }
}

TEST_CASE("code points are encoded at the borders of one, two, three and four bytes") {
    CHECK(utf8(0x7F) == "\x7f");
    CHECK(utf8(0x80) == "\xc2\x80");
    CHECK(utf8(0x7FF) == "\xdf\xbf");
    CHECK(utf8(0x800) == "\xe0\xa0\x80");
    CHECK(utf8(0xFFFF) == "\xef\xbf\xbf");
    CHECK(utf8(0x10000) == "\xf0\x90\x80\x80");
    CHECK(utf8(0x10FFFF) == "\xf4\x8f\xbf\xbf");
}

TEST_CASE("a ligature of a whole phrase stays one letter, a short one is taken apart") {
    CHECK(fold("ﷺ").size() == 1);
    CHECK(fold("ﷲ").size() == 4);
    CHECK(folded("㍿") == "株式会社");
    CHECK(folded("⑽") == "(10)");
    CHECK(fold("⑽").front().begin == fold("⑽").back().begin);
}

// Eighteen letters for each of 2000 code points held the loop for four milliseconds a text.
TEST_CASE("no text becomes much longer than it is") {
    constexpr std::size_t text_code_points = 2000;
    for (const char* one : {"ﷺ", "ﷲ", "㍿", "⑽", "㎏", "ﬃ", "½", "\U0001d15e", "…"}) {
        CAPTURE(one);
        std::string text;
        for (std::size_t i = 0; i < text_code_points; ++i) {
            text += one;
        }
        CHECK(fold(text).size() <= 5000);
    }
    CHECK(fold(std::string(taken_apart_max + 1, 'a')).size() == taken_apart_max + 1);
}

TEST_CASE("a number in brackets is still read behind a hundred others") {
    std::string text;
    for (int i = 0; i < 100; ++i) {
        text += "⑽";
    }

    CHECK(folded(text + "㈠⒅").ends_with("(一)(18)"));
    CHECK(folded(std::string(taken_apart_max, 'a') + "１㎏").ends_with("1㎏"));
}

TEST_CASE("strokes that are no words are symbols") {
    for (const char* stroke : {"丨", "丶", "丿", "亅", "灬", "〡", "⼁", "|"}) {
        CAPTURE(stroke);
        CHECK(kind_in(stroke) == letter_kind::noise);
    }
}
