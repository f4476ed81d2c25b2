#include "server/platform/filter/spelling_view.hpp"

#include <cassert>
#include <string_view>

namespace onechat::platform {
namespace {

// From this many on, digits of mixed writings are taken for one number whatever stands between
// them: 1③8-零零 … is how one hides it. A QQ id is seldom shorter today.
constexpr std::size_t mixed_digits_min = 7;

constexpr char no_digit = '\0';

// What is read aloud as a digit: the plain words, those for cheques, both written either way, and
// what stands for 1 on the telephone.
char digit_word(char32_t code) {
    switch (code) {
        case U'零':
        case U'〇':
            return '0';
        case U'一':
        case U'壹':
        case U'壱':
        case U'弌':
        case U'幺':
            return '1';
        case U'二':
        case U'贰':
        case U'貳':
        case U'弍':
            return '2';
        case U'三':
        case U'叁':
        case U'參':
        case U'弎':
            return '3';
        case U'四':
        case U'肆':
            return '4';
        case U'五':
        case U'伍':
            return '5';
        case U'六':
        case U'陆':
        case U'陸':
            return '6';
        case U'七':
        case U'柒':
            return '7';
        case U'八':
        case U'捌':
            return '8';
        case U'九':
        case U'玖':
            return '9';
        default:
            return no_digit;
    }
}

char digit_of(const letter& one) {
    if (one.kind == letter_kind::digit) {
        return static_cast<char>(one.code);
    }
    return one.kind == letter_kind::word ? digit_word(one.code) : no_digit;
}

enum writing : unsigned { as_digit = 1, as_symbol = 2, as_word = 4 };

struct digit_run {
    std::size_t end = 0;    // behind its last digit
    std::size_t count = 0;  // of its digits
    unsigned writings = 0;

    [[nodiscard]] bool hidden() const {
        return count >= mixed_digits_min && (writings & (writings - 1)) != 0;
    }
};

writing writing_of(const letter& digit) {
    if (digit.kind == letter_kind::word) {
        return as_word;
    }
    return digit.plain ? as_digit : as_symbol;
}

digit_run run_at(const folded_text& letters, std::size_t begin) {
    digit_run run;
    std::size_t gap = 0;
    for (std::size_t i = begin; i < letters.size() && gap <= spelled_gap_max; ++i) {
        const letter& one = letters[i];
        if (digit_of(one) != no_digit) {
            run.writings |= writing_of(one);
            run.end = i + 1;
            ++run.count;
            gap = 0;
        } else if (separates(one.kind)) {
            ++gap;
        } else {
            break;
        }
    }
    return run;
}

bool is_ascii(char32_t code) {
    return code < 0x80;
}

bool is_plain_ascii(const letter& one) {
    return is_ascii(one.code) && one.kind != letter_kind::digit;
}

char ascii_of(char32_t code) {
    return code > ' ' ? static_cast<char>(code) : ' ';
}

template <class Put>
void spell(const letter& one, std::size_t of, Put& put) {
    constexpr std::u32string_view spaces = U"\u0085\u2028\u2029\u1680";
    if (is_ascii(one.code)) {
        put(ascii_of(one.code), of);
    } else if (separates(one.kind) && spaces.find(one.code) != spaces.npos) {
        put(' ', of);
    } else {
        encode(one.code, [&](char byte) { put(byte, of); });
    }
}

// Tells `put` the bytes of the view one by one, each with its letter, and returns it: a value,
// which stays in registers.
template <class Put>
Put spell(const folded_text& text, Put put) {
    const letter* const letters = text.data();
    const std::size_t count = text.size();
    for (std::size_t i = 0; i < count;) {
        // Every text goes through here, so what is ASCII takes the shortest way.
        for (; i < count && is_plain_ascii(letters[i]); ++i) {
            put(ascii_of(letters[i].code), i);
        }
        for (; i < count && !is_ascii(letters[i].code) && digit_of(letters[i]) == no_digit; ++i) {
            spell(letters[i], i, put);
        }
        if (i == count || digit_of(letters[i]) == no_digit) {
            continue;
        }
        const digit_run run = run_at(text, i);
        const bool number = run.count >= spelled_digits_min;
        for (; i < run.end; ++i) {
            const char digit = digit_of(letters[i]);
            if (digit != no_digit && number) {
                put(digit, i);
            } else if (digit != no_digit || !run.hidden()) {
                spell(letters[i], i, put);
            }
        }
    }
    return put;
}

struct byte_writer {
    char* to;
    void operator()(char byte, std::size_t) { *to++ = byte; }
};

struct letter_writer {
    std::uint32_t* to;
    void operator()(char, std::size_t of) { *to++ = static_cast<std::uint32_t>(of); }
};

}  // namespace

// With room for the longest spelling of each letter at first, so that none is asked for byte by
// byte.
spelling_view::spelling_view(const folded_text& letters)
    : letters_{letters}, text_(letters.size() * utf8_bytes_max, boost::container::default_init) {
    const char* const end = spell(letters, byte_writer{text_.data()}).to;
    const auto size = static_cast<std::size_t>(end - text_.data());
    assert(size <= text_.size());
    text_.resize(size);
}

std::size_t spelling_view::letter_at(std::size_t byte) {
    if (letter_of_.empty()) {
        letter_of_.resize(text_.size());
        spell(letters_, letter_writer{letter_of_.data()});
    }
    return letter_of_[byte];
}

}  // namespace onechat::platform
