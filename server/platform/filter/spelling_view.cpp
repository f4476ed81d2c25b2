#include "server/platform/filter/spelling_view.hpp"

#include <algorithm>
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
    constexpr std::u32string_view words =
        U"零〇一壹壱弌二贰貳弍三叁參弎四肆五伍六陆陸七柒八捌九玖幺";
    constexpr std::string_view values = "0011112222333344556667788991";
    static_assert(words.size() == values.size());
    const auto found = words.find(code);
    return found == words.npos ? no_digit : values[found];
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

digit_run run_at(const std::vector<letter>& letters, std::size_t begin) {
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

}  // namespace

spelling_view::spelling_view(const std::vector<letter>& letters) {
    text_.reserve(letters.size() * 3);
    letter_of_.reserve(letters.size() * 3);
    for (std::size_t i = 0; i < letters.size();) {
        if (digit_of(letters[i]) == no_digit) {
            append(letters[i].code, i);
            ++i;
            continue;
        }
        const digit_run run = run_at(letters, i);
        const bool number = run.count >= spelled_digits_min;
        for (; i < run.end; ++i) {
            const char digit = digit_of(letters[i]);
            if (digit != no_digit && number) {
                append(static_cast<unsigned char>(digit), i);
            } else if (digit != no_digit || !run.hidden()) {
                append(letters[i].code, i);
            }
        }
    }
}

void spelling_view::append(char32_t code, std::size_t of) {
    constexpr std::u32string_view spaces = U"\t\n\v\f\r\u0085\u2028\u2029\u1680";
    if (code < 0x80 && code > ' ') {
        text_ += static_cast<char>(code);
    } else if (code == ' ' || spaces.find(code) != spaces.npos) {
        text_ += ' ';
    } else {
        append_utf8(text_, code);
    }
    letter_of_.resize(text_.size(), static_cast<std::uint32_t>(of));
}

}  // namespace onechat::platform
