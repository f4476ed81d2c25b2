#include "protocol/json.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <string_view>

using namespace onechat::protocol::json;
using namespace std::string_literals;

namespace {

bool accepts(std::string_view text, std::size_t depth_max = 8) {
    document parsed;
    return parsed.parse(text, depth_max).empty();
}

std::string nested(std::size_t arrays) {
    return "{\"a\":" + std::string(arrays, '[') + std::string(arrays, ']') + "}";
}

// The string that `{"a": literal}` holds.
std::string decoded(const std::string& literal) {
    document parsed;
    REQUIRE(parsed.parse("{\"a\":" + literal + "}", 8).empty());
    return std::string{parsed.root().find("a").string()};
}

}  // namespace

TEST_CASE("members are found by name, in any order, past nested ones") {
    document parsed;
    REQUIRE(parsed.parse(R"( {"list":[1,[2,{"x":3}],"s"], "o":{"b":true}, "n":null, "i":-7} )", 8)
                .empty());
    const value root = parsed.root();

    CHECK(root.find("i").integer() == -7);
    CHECK(root.find("n").is(kind::null));
    CHECK(root.find("o").find("b").boolean());
    CHECK(root.find("list").size() == 3);
    CHECK_FALSE(root.find("x"));
    CHECK_FALSE(root.find(""));
    std::string kinds;
    root.find("list").for_each([&](value each) {
        kinds += std::to_string(static_cast<int>(static_cast<bool>(each))) +
                 (each.is(kind::number)  ? "n"
                  : each.is(kind::array) ? "a"
                                         : "s");
        return true;
    });
    CHECK(kinds == "1n1a1s");
}

TEST_CASE("only one whole object is accepted") {
    for (const char* bad : {"",
                            " ",
                            "null",
                            "1",
                            "\"a\"",
                            "[]",
                            "[{}]",
                            "{",
                            "}",
                            "{}{}",
                            "{} x",
                            "{},",
                            "{\"a\"}",
                            "{\"a\":}",
                            "{\"a\":1,}",
                            "{,}",
                            "{a:1}",
                            "{'a':1}",
                            "{\"a\":01}",
                            "{\"a\":+1}",
                            "{\"a\":.5}",
                            "{\"a\":1.}",
                            "{\"a\":1e}",
                            "{\"a\":NaN}",
                            "{\"a\":Infinity}",
                            "{\"a\":tru}",
                            "{\"a\":True}",
                            "// {}\n{}",
                            "{/**/}",
                            "{\"a\":\"\n\"}",
                            "{\"a\":\"\\x\"}",
                            "{\"a\":\"\\u12\"}",
                            "\xEF\xBB\xBF{}",
                            "{\"a\":[1 2]}",
                            "{\"a\":1 \"b\":2}",
                            "undefined"}) {
        INFO(bad);
        CHECK_FALSE(accepts(bad));
    }
    CHECK(accepts("{}"));
    CHECK(accepts(" \t\r\n{ } \n"));
}

TEST_CASE("a zero byte ends nothing: it is refused, and so is what hides behind it") {
    CHECK_FALSE(accepts("{}\0"s));
    CHECK_FALSE(accepts("{}\0{}"s));
    CHECK_FALSE(accepts("{\"a\":\"b\0c\"}"s));
    CHECK_FALSE(accepts("\0{}"s));
}

TEST_CASE("eight levels are accepted and nine are not, whatever they are made of") {
    CHECK(accepts(nested(7)));
    CHECK_FALSE(accepts(nested(8)));
    CHECK(accepts(R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}})"));
    CHECK_FALSE(accepts(R"({"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{}}}}}}}}})"));
    CHECK(accepts(nested(3), 4));
    CHECK_FALSE(accepts(nested(4), 4));
}

TEST_CASE("262,144 brackets are refused and nothing falls over") {
    CHECK_FALSE(accepts(std::string(262144, '[')));
    CHECK_FALSE(accepts("{\"a\":" + std::string(262144, '[')));
    std::string objects;
    for (int i = 0; i < 262144; ++i) {
        objects += "{\"a\":";
    }
    CHECK_FALSE(accepts(objects));
}

TEST_CASE("a key that occurs twice in one object is refused at every level") {
    CHECK_FALSE(accepts(R"({"a":1,"a":1})"));
    CHECK_FALSE(accepts(R"({"a":1,"b":2,"\u0061":1})"));
    CHECK_FALSE(accepts(R"({"x":[{"y":{"a":1,"b":1,"a":1}}]})"));
    CHECK(accepts(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})"));
}

TEST_CASE("a key that occurs twice is found among thousands") {
    std::string text = "{";
    for (int i = 0; i < 4000; ++i) {
        text += "\"k" + std::to_string(i) + "\":0,";
    }

    CHECK(accepts(text + "\"z\":1}"));
    CHECK_FALSE(accepts(text + "\"k1234\":1}"));
}

TEST_CASE("invalid UTF-8 is refused anywhere, in keys and in ignored strings") {
    for (const std::string bad :
         {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xE4\xBD", "\xF4\x90\x80\x80"}) {
        CHECK_FALSE(accepts("{\"a\":\"" + bad + "\"}"));
        CHECK_FALSE(accepts("{\"a\":\"text before it " + bad + " and behind\"}"));
        CHECK_FALSE(accepts("{\"" + bad + "\":1}"));
        CHECK_FALSE(accepts("{\"a\":1" + bad + "}"));
    }
}

TEST_CASE("a control character is refused wherever it stands, but for blanks outside strings") {
    for (char c = 0; c < 0x20; ++c) {
        const bool blank = c == '\t' || c == '\n' || c == '\r';
        INFO("character " << static_cast<int>(c));
        for (std::size_t at = 0; at < 40; ++at) {
            std::string text(40, 'x');
            text[at] = c;
            INFO("at " << at);
            CHECK_FALSE(accepts("{\"a\":\"" + text + "\"}"));
            CHECK_FALSE(accepts("{\"" + text + "\":1}"));
            CHECK(accepts(std::string(at, ' ') + c + std::string("{\"a\":1}") + c) == blank);
        }
    }
}

TEST_CASE("a string ends where it ends, and an escape is one, wherever they stand") {
    for (std::size_t bytes = 0; bytes < 70; ++bytes) {
        INFO(bytes << " bytes");
        const std::string text(bytes, 'x');
        document parsed;
        REQUIRE(parsed.parse("{\"a\":\"" + text + "\",\"b\":\"" + text + "\"}", 8).empty());
        CHECK(parsed.root().find("a").string() == text);
        CHECK(parsed.root().find("b").string() == text);
        CHECK(decoded("\"" + text + "\\n" + text + "\"") == text + '\n' + text);
        CHECK(decoded("\"\\n" + text + "\\\"\"") == '\n' + text + '"');
    }
}

TEST_CASE("escapes are decoded") {
    CHECK(decoded(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
    CHECK(decoded(R"("\u4f60\u597D")") == "你好");
    CHECK(decoded(R"("\ud83d\udc4b")") == "👋");
    CHECK(decoded(R"("\u0000")") == "\0"s);
}

TEST_CASE("a lone surrogate is left to whoever reads the string, which is no valid UTF-8") {
    for (const std::string literal :
         {R"("\ud800")", R"("\udbff!")", R"("\udc00")", R"("\ud800\u0041")", R"("\ud83d\ud83d")",
          R"("\ud83d\\udc4b")", R"("\ud83dA")", R"("\\\ud83d\n")"}) {
        INFO(literal);
        const std::string text = decoded(literal);
        CHECK(text.find('\xED') != std::string::npos);
    }
    CHECK(decoded(R"("\\ud83d")") == "\\ud83d");
}

TEST_CASE("defusing a lone surrogate changes nothing else, and hides no other fault") {
    document parsed;
    REQUIRE(
        parsed.parse(R"({"\ud800":1,"a":"\ud83d\udc4b \\ud83d","n":12345,"e":1e5})", 8).empty());

    CHECK(parsed.root().find("a").string() == "👋 \\ud83d");
    CHECK(parsed.root().find("n").integer() == 12345);
    CHECK_FALSE(accepts(R"({"a":"\ud800)"));
    CHECK_FALSE(accepts(R"({"a":"\ud800","a":1})"));
    CHECK_FALSE(accepts(R"({"a":"\ud800"} x)"));
    CHECK_FALSE(accepts(R"({"a":"\ud8)"));
    CHECK_FALSE(accepts(R"({"a":"\ud800","b":1e})"));
}

TEST_CASE("only integers below 2^53 that are written as such are integers") {
    const auto integer = [](const std::string& literal) {
        document parsed;
        INFO(literal);
        REQUIRE(parsed.parse("{\"a\":" + literal + "}", 8).empty());
        return parsed.root().find("a").integer();
    };

    CHECK(integer("0") == 0);
    CHECK(integer("-0") == 0);
    CHECK(integer("9007199254740991") == 9007199254740991);
    CHECK(integer("-9007199254740991") == -9007199254740991);
    for (const std::string bad :
         {"9007199254740992", "-9007199254740992", "18446744073709551616", "5.0", "1e3", "1E0",
          "0.0", "-0.0", "1e-3", "1e308", "1e309", "-1e999999999999", "1e-999999999999", "1.5e400",
          "null", "true", "\"5\"", "[5]", "{}"}) {
        INFO(bad);
        CHECK_FALSE(integer(bad));
    }
    CHECK_FALSE(integer(std::string(400, '9')));
    CHECK_FALSE(integer("-" + std::string(400, '9') + "e5"));
    CHECK_FALSE(integer("0." + std::string(400, '9')));
}

TEST_CASE("a document can be used again after any complaint") {
    document parsed;
    CHECK_FALSE(parsed.parse("{\"a\":[[[", 8).empty());
    CHECK_FALSE(parsed.parse(nested(20), 8).empty());
    REQUIRE(parsed.parse("{\"a\":1}", 8).empty());
    CHECK(parsed.root().find("a").integer() == 1);
}

TEST_CASE("complaints say what is wrong") {
    document parsed;
    CHECK(parsed.parse(nested(9), 8) == "the JSON is nested too deeply");
    CHECK(parsed.parse(R"({"a":1,"a":2})", 8) == "an object has the same key twice");
    CHECK(parsed.parse("[]", 8) == "a message is one JSON object");
    CHECK(parsed.parse("{", 8) == "this is not valid JSON in UTF-8, or something follows it");
}

TEST_CASE("what is written can be read, for every character below 128 and beyond") {
    std::string every;
    for (char c = 1; c != '\x7F'; ++c) {
        every += c;
    }
    every += "\x7F你好👋\xE2\x80\xA8";
    std::string literal;

    write_string(literal, every);

    CHECK(decoded(literal) == every);
}

TEST_CASE("strings are escaped where JSON requires it and nowhere else") {
    const auto written = [](std::string_view text) {
        std::string out = "x";
        write_string(out, text);
        return out;
    };

    CHECK(written("") == "x\"\"");
    CHECK(written("a/b<c>&'d") == "x\"a/b<c>&'d\"");
    CHECK(written("\"\\\b\f\n\r\t") == R"(x"\"\\\b\f\n\r\t")");
    CHECK(written("\x01\x1F\x7F") == "x\"\\u0001\\u001f\x7F\"");
    CHECK(written("你好\0"s) == "x\"你好\\u0000\"");
}

TEST_CASE("a byte is escaped or not wherever it stands") {
    for (int byte = 0; byte < 128; ++byte) {
        const char c = static_cast<char>(byte);
        std::string alone;
        write_string(alone, {&c, 1});
        const std::string form = alone.substr(1, alone.size() - 2);
        for (std::size_t at = 0; at < 17; ++at) {
            std::string text(17, 'x');
            text[at] = c;
            std::string out;

            write_string(out, text);

            INFO("byte " << byte << " at " << at);
            CHECK(out == '"' + std::string(at, 'x') + form + std::string(16 - at, 'x') + '"');
        }
    }
}

TEST_CASE("integers are written in full") {
    std::string out;

    write_integer(out, std::int64_t{-9007199254740991});
    out += ' ';
    write_integer(out, std::uint64_t{9007199254740991});
    out += ' ';
    write_integer(out, std::uint64_t{0});

    CHECK(out == "-9007199254740991 9007199254740991 0");
}
