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

// Every text goes through here, so what is ASCII takes the shortest way.
class writer {
public:
    writer(char* text, std::uint32_t* letter_of) : text_{text}, letter_of_{letter_of} {}

    void put(char byte, std::size_t of) {
        *text_++ = byte;
        *letter_of_++ = static_cast<std::uint32_t>(of);
    }

    void put(char32_t code, std::size_t of) {
        if (code < 0x80) {
            put(code > ' ' ? static_cast<char>(code) : ' ', of);
        } else {
            put_beyond_ascii(code, of);
        }
    }

    [[nodiscard]] const char* end() const { return text_; }

private:
    void put_beyond_ascii(char32_t code, std::size_t of) {
        constexpr std::u32string_view spaces = U"\u0085\u2028\u2029\u1680";
        if (spaces.find(code) != spaces.npos) {
            return put(' ', of);
        }
        const utf8_bytes spelled = utf8_of(code);
        for (std::size_t i = 0; i < spelled.count; ++i) {
            put(spelled.at[i], of);
        }
    }

    char* text_;
    std::uint32_t* letter_of_;
};

}  // namespace

spelling_view::spelling_view(const std::vector<letter>& letters)
    : text_{std::make_unique_for_overwrite<char[]>(letters.size() * utf8_bytes_max)},
      letter_of_{std::make_unique_for_overwrite<std::uint32_t[]>(letters.size() * utf8_bytes_max)} {
    writer view{text_.get(), letter_of_.get()};
    for (std::size_t i = 0; i < letters.size();) {
        if (digit_of(letters[i]) == no_digit) {
            view.put(letters[i].code, i);
            ++i;
            continue;
        }
        const digit_run run = run_at(letters, i);
        const bool number = run.count >= spelled_digits_min;
        for (; i < run.end; ++i) {
            const char digit = digit_of(letters[i]);
            if (digit != no_digit && number) {
                view.put(digit, i);
            } else if (digit != no_digit || !run.hidden()) {
                view.put(letters[i].code, i);
            }
        }
    }
    size_ = static_cast<std::size_t>(view.end() - text_.get());
    assert(size_ <= letters.size() * utf8_bytes_max);
}

}  // namespace onechat::platform
