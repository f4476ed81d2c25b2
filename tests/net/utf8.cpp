#include "server/net/utf8.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace onechat::net;

namespace {

// The definition, slowly: decode, then look at the number.
bool by_definition(const std::string& text) {
    for (std::size_t i = 0; i < text.size();) {
        const unsigned first = static_cast<unsigned char>(text[i]);
        const std::size_t size = first < 0x80           ? 1
                                 : (first >> 5) == 0x6  ? 2
                                 : (first >> 4) == 0xE  ? 3
                                 : (first >> 3) == 0x1E ? 4
                                                        : 0;
        if (size == 0 || i + size > text.size()) {
            return false;
        }
        unsigned point = size == 1 ? first : first & (0x7FU >> size);
        for (std::size_t j = 1; j < size; ++j) {
            const unsigned next = static_cast<unsigned char>(text[i + j]);
            if ((next & 0xC0U) != 0x80U) {
                return false;
            }
            point = point << 6 | (next & 0x3FU);
        }
        const unsigned least = size == 1 ? 0 : size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
        if (point < least || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) {
            return false;
        }
        i += size;
    }
    return true;
}

}  // namespace

TEST_CASE("all pairs of bytes are judged by the definition, at every place of a word") {
    for (unsigned one = 0; one < 256; ++one) {
        for (unsigned two = 0; two < 256; ++two) {
            const std::string pair{static_cast<char>(one), static_cast<char>(two)};
            const bool good = by_definition(pair);
            for (std::size_t before = 0; before < 9; ++before) {
                if (is_utf8(std::string(before, 'a') + pair + "b") != by_definition(pair + "b") ||
                    is_utf8(std::string(before, 'a') + pair) != good) {
                    FAIL("bytes " << one << " " << two);
                }
            }
        }
    }
    SUCCEED();
}

TEST_CASE("the edges of three and four bytes are judged by the definition") {
    std::size_t wrong = 0;
    for (unsigned first = 0xE0; first < 0x100; ++first) {
        for (const unsigned second : {0x7FU, 0x80U, 0x8FU, 0x90U, 0x9FU, 0xA0U, 0xBFU, 0xC0U}) {
            for (const unsigned third : {0x00U, 0x7FU, 0x80U, 0xBFU, 0xC0U}) {
                for (const unsigned fourth : {0x41U, 0x80U, 0xBFU, 0xFFU}) {
                    const std::string text{static_cast<char>(first), static_cast<char>(second),
                                           static_cast<char>(third), static_cast<char>(fourth)};
                    wrong += is_utf8(text) != by_definition(text) ? 1U : 0U;
                    const auto three = text.substr(0, 3);
                    wrong += is_utf8(three) != by_definition(three) ? 1U : 0U;
                }
            }
        }
    }
    CHECK(wrong == 0);
}

TEST_CASE("text in pieces is text in one") {
    const std::string text = "plain \u00e9 \u4f60\u597d\u3002 \U0001F600 end";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        utf8_validator validator;
        CHECK(validator.feed(text.substr(0, cut)));
        CHECK(validator.complete() == by_definition(text.substr(0, cut)));
        CHECK(validator.feed(text.substr(cut)));
        CHECK(validator.complete());
    }
}

TEST_CASE("what no continuation can save is refused at once") {
    utf8_validator surrogate;
    CHECK(surrogate.feed("\xED"));
    CHECK_FALSE(surrogate.feed("\xA0"));
    utf8_validator beyond;
    CHECK_FALSE(beyond.feed("\xF4\x90"));
}
