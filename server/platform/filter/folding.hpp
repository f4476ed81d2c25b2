// A text as the filter reads it: NFKC without composing again, lower case, without combining marks
// and without what nobody sees, letter by letter, and where in the text each letter was. Not a text
// to show anybody. Pure: any thread.
#pragma once

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace onechat::platform {

// A code point that would become more is its own letter: those are ligatures of whole phrases (ﷺ
// has eighteen), which no rule is hidden in. ㎏, ㍿ and ⑽ have up to four.
inline constexpr std::size_t letters_per_code_point_max = 4;
// Behind so many letters a code point is one, so that a text costs what its length says and not
// what it is made of: the longest one has 2000 code points, and never becomes more than 5000
// letters.
inline constexpr std::size_t taken_apart_max = 3000;

enum class letter_kind : std::uint8_t {
    word,   // of a script that is written without spaces, above all Han: words stand anywhere in it
    latin,  // Latin, Greek, Cyrillic: words have borders
    digit,
    pause,  // blanks and what punctuates sentences: may well stand between two words
    noise,  // symbols, emoji, `*`, `-`, `_`: between two Han letters only to hide a word
};

struct letter {
    char32_t code;
    std::uint32_t begin;  // the bytes of the text that it came from, with the marks and the
    std::uint32_t end;    // invisible ones behind it; letters of one code point share them
    letter_kind kind;
    bool plain;  // a digit that was written 0 to 9
};

[[nodiscard]] constexpr bool separates(letter_kind kind) {
    return kind == letter_kind::pause || kind == letter_kind::noise;
}

// Most texts need no memory of their own.
using folded_text = boost::container::small_vector<letter, 256>;

// What is no UTF-8 becomes noise, byte by byte. Of plain letters there may be any number.
[[nodiscard]] folded_text fold(std::string_view text);

inline constexpr std::size_t utf8_bytes_max = 4;

// Tells `put` the bytes of the code point one by one (RFC 3629, section 3). Not by utf8proc: that
// took a twelfth of judging a Chinese text. REQUIRES: at most U+10FFFF.
template <class Put>
void encode(char32_t code, Put&& put) {
    const auto tail = [&](unsigned shift) {
        put(static_cast<char>(0x80U | (code >> shift & 0x3FU)));
    };
    if (code < 0x80) {
        return put(static_cast<char>(code));
    }
    if (code < 0x800) {
        put(static_cast<char>(0xC0U | code >> 6U));
    } else {
        if (code < 0x10000) {
            put(static_cast<char>(0xE0U | code >> 12U));
        } else {
            put(static_cast<char>(0xF0U | code >> 18U));
            tail(12);
        }
        tail(6);
    }
    tail(0);
}

}  // namespace onechat::platform
