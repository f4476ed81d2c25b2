#include "server/platform/filter/folding.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace onechat::platform {
namespace {

constexpr char32_t not_utf8 = 0xFFFD;
// Above this no script has words with borders that people would write adverts in.
constexpr char32_t bordered_end = 0x0590;

// Symbols that stand for letters and digits, and that Unicode doesn't say so of: white on black,
// in a double circle.
struct symbol_run {
    char32_t first;
    char32_t last;
    char32_t meaning;  // of the first
};
constexpr std::array symbol_runs{
    symbol_run{0x24F5, 0x24FD, '1'},   symbol_run{0x24FF, 0x24FF, '0'},
    symbol_run{0x2776, 0x277E, '1'},   symbol_run{0x2780, 0x2788, '1'},
    symbol_run{0x278A, 0x2792, '1'},   symbol_run{0x1F10B, 0x1F10B, '0'},
    symbol_run{0x1F10C, 0x1F10C, '0'}, symbol_run{0x1F150, 0x1F169, 'a'},
    symbol_run{0x1F170, 0x1F189, 'a'},
};

// The zeros of the other scripts' decimal digits; nine more follow each.
constexpr std::array<char32_t, 35> zeros = {
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0};

char32_t meaning_of(char32_t code) {
    for (const symbol_run& run : symbol_runs) {
        if (code >= run.first && code <= run.last) {
            return run.meaning + (code - run.first);
        }
    }
    const auto after = std::ranges::upper_bound(zeros, code);
    if (after != zeros.begin() && code - *(after - 1) < 10) {
        return '0' + (code - *(after - 1));
    }
    return code;
}

struct ascii_letter {
    char32_t code = 0;  // in lower case
    letter_kind kind = letter_kind::noise;
    bool seen = true;  // false: a control character that is no blank
};

constexpr std::array<ascii_letter, 0x80> ascii_letters = [] {
    constexpr std::u32string_view pauses = U" \t\n\v\f\r,.!?;:\"'()[]{}~";
    std::array<ascii_letter, 0x80> all{};
    for (char32_t code = 0; code < all.size(); ++code) {
        ascii_letter& one = all[code];
        one.code = code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
        if (code >= '0' && code <= '9') {
            one.kind = letter_kind::digit;
        } else if (one.code >= 'a' && one.code <= 'z') {
            one.kind = letter_kind::latin;
        } else if (pauses.find(code) != pauses.npos) {
            one.kind = letter_kind::pause;
        }
        one.seen = (code >= ' ' && code != 0x7F) || one.kind == letter_kind::pause;
    }
    return all;
}();

// By byte: as the letter of a text that begins with it.
constexpr std::array<letter, 0x100> folded_ascii = [] {
    std::array<letter, 0x100> all{};
    for (std::size_t code = 0; code < ascii_letters.size(); ++code) {
        all[code] = {ascii_letters[code].code, 0, 1, ascii_letters[code].kind, true};
    }
    return all;
}();

// By byte: whether it is a letter of ASCII by itself.
constexpr std::array<bool, 0x100> plain_bytes = [] {
    std::array<bool, 0x100> all{};
    for (std::size_t code = 0; code < ascii_letters.size(); ++code) {
        all[code] = ascii_letters[code].seen;
    }
    return all;
}();

// Strokes that are no words, and that people put between the letters of one as they do `|`.
bool is_stroke(char32_t code) {
    switch (code) {
        case U'丨':
        case U'丶':
        case U'丿':
        case U'亅':
        case U'灬':
        case U'〡':
            return true;
        default:
            return false;
    }
}

bool is_plain_han(char32_t code) {
    return ((code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF)) &&
           !is_stroke(code);
}

// Of three bytes; 0 when they are none. What is overlong or a surrogate is told as it stands.
char32_t code_of_three(const char* bytes) {
    const auto byte = [bytes](int i) { return static_cast<unsigned char>(bytes[i]); };
    const bool three =
        (byte(0) & 0xF0U) == 0xE0 && (byte(1) & 0xC0U) == 0x80 && (byte(2) & 0xC0U) == 0x80;
    return three ? (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU) : 0;
}

letter_kind kind_of(char32_t code) {
    if (code < 0x80) {
        return ascii_letters[code].kind;
    }
    if (is_stroke(code)) {
        return letter_kind::noise;
    }
    switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
        case UTF8PROC_CATEGORY_LU:
        case UTF8PROC_CATEGORY_LL:
        case UTF8PROC_CATEGORY_LT:
        case UTF8PROC_CATEGORY_LM:
        case UTF8PROC_CATEGORY_LO:
        case UTF8PROC_CATEGORY_NL:
            return code < bordered_end ? letter_kind::latin : letter_kind::word;
        case UTF8PROC_CATEGORY_ND:
        case UTF8PROC_CATEGORY_NO:
            return letter_kind::word;  // a digit that we don't know is a letter of its script
        case UTF8PROC_CATEGORY_ZS:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
        case UTF8PROC_CATEGORY_PC:
        case UTF8PROC_CATEGORY_PS:
        case UTF8PROC_CATEGORY_PE:
        case UTF8PROC_CATEGORY_PI:
        case UTF8PROC_CATEGORY_PF:
            return letter_kind::pause;
        case UTF8PROC_CATEGORY_PD:
        case UTF8PROC_CATEGORY_PO:
            return code == 0x00B7 || code == 0x2022 ? letter_kind::noise : letter_kind::pause;
        default:
            return letter_kind::noise;
    }
}

bool is_invisible(char32_t code) {
    const auto category = utf8proc_category(static_cast<utf8proc_int32_t>(code));
    const bool control = category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF;
    return control && kind_of(code) != letter_kind::pause;
}

struct code_points {
    std::array<utf8proc_int32_t, 32> at;  // the longest decomposition has 18
    std::size_t count;
};

// By compatibility and case, without marks: what NFKC makes of one code point, not composed again.
code_points parts_of(char32_t code) {
    code_points parts{};
    int boundary = 0;
    const auto count = utf8proc_decompose_char(
        static_cast<utf8proc_int32_t>(code), parts.at.data(), parts.at.size(),
        static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                       UTF8PROC_IGNORE | UTF8PROC_STRIPMARK),
        &boundary);
    parts.count = count < 0 ? 0 : std::min(static_cast<std::size_t>(count), parts.at.size());
    return parts;
}

class folder {
public:
    folder(std::string_view text, folded_text& letters) : text_{text}, letters_{letters} {
        letters_.reserve(text.size());
    }

    void run() {
        while (at_ < text_.size()) {
            fold_ascii();
            fold_han();
            if (at_ < text_.size() && !is_plain(text_[at_])) {
                fold_one();
            }
        }
    }

private:
    // Every text goes through here: room is asked for once a run, not letter by letter.
    void fold_ascii() {
        const char* const text = text_.data();
        const std::size_t first = at_;
        while (at_ < text_.size() && is_plain(text[at_])) {
            ++at_;
        }
        letters_.resize(letters_.size() + (at_ - first), boost::container::default_init);
        letter* to = letters_.data() + letters_.size() - (at_ - first);
        for (auto i = static_cast<std::uint32_t>(first); i < at_; ++i, ++to) {
            *to = folded_ascii[static_cast<unsigned char>(text[i])];
            to->begin = i;
            to->end = i + 1;
        }
    }

    static bool is_plain(char byte) { return plain_bytes[static_cast<unsigned char>(byte)]; }

    // Nearly all of a Chinese text goes through here.
    void fold_han() {
        while (text_.size() - at_ >= 3) {
            const char32_t code = code_of_three(text_.data() + at_);
            if (!is_plain_han(code)) {
                return;
            }
            begin_ = at_;
            at_ += 3;
            add(code, letter_kind::word, false);
        }
    }

    void fold_one() {
        begin_ = at_;
        if (static_cast<unsigned char>(text_[at_]) < ascii_letters.size()) {
            ++at_;
            return extend();
        }
        utf8proc_int32_t code = 0;
        const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text_.data());
        const auto size =
            utf8proc_iterate(bytes + at_, static_cast<utf8proc_ssize_t>(text_.size() - at_), &code);
        at_ += size > 0 ? static_cast<std::size_t>(size) : 1;
        if (size <= 0) {
            return add(not_utf8, letter_kind::noise, false);
        }
        fold_code_point(static_cast<char32_t>(code));
    }

    void fold_code_point(char32_t code) {
        if (const char32_t meant = meaning_of(code); meant != code) {
            return add(meant, ascii_letters[meant].kind, false);
        }
        const code_points parts = parts_of(code);
        if (parts.count > letters_per_code_point_max ||
            (parts.count > 1 && letters_.size() >= taken_apart_max)) {
            return add(code, kind_of(code), false);
        }
        bool seen = false;
        for (std::size_t i = 0; i < parts.count; ++i) {
            const auto part = meaning_of(static_cast<char32_t>(parts.at[i]));
            if (!is_invisible(part)) {
                add(part, kind_of(part), false);
                seen = true;
            }
        }
        if (!seen) {
            extend();
        }
    }

    void add(char32_t code, letter_kind kind, bool plain) {
        letters_.push_back({code, static_cast<std::uint32_t>(begin_),
                            static_cast<std::uint32_t>(at_), kind, plain});
    }

    // What nobody sees belongs to the letter before it, so that both are masked together.
    void extend() {
        if (letters_.empty()) {
            return;
        }
        const auto begin = letters_.back().begin;
        for (auto one = letters_.rbegin(); one != letters_.rend() && one->begin == begin; ++one) {
            one->end = static_cast<std::uint32_t>(at_);
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t begin_ = 0;
    folded_text& letters_;
};

}  // namespace

folded_text fold(std::string_view text) {
    folded_text letters;
    folder{text, letters}.run();
    return letters;
}

}  // namespace onechat::platform
