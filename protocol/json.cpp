#include "protocol/json.hpp"

#include "protocol/eight_bytes.hpp"
#include "protocol/limits.hpp"
#include "protocol/unicode.hpp"

// Strings are then skipped sixteen bytes at a time: most of a message is the text that it brings.
#ifdef __SSE2__
#define RAPIDJSON_SSE2
#endif

// RapidJSON compares against an empty stack as null plus a size. Nothing comes of it, but clang's
// undefined-behaviour sanitizer stops there.
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("pointer-overflow"))), apply_to = function)
#endif
#include <rapidjson/allocators.h>
#include <rapidjson/error/error.h>
#include <rapidjson/reader.h>
#ifdef __clang__
#pragma clang attribute pop
#endif

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace onechat::protocol::json {

namespace {

// Iterative: the recursive default dies at 262,144 nested brackets. Numbers stay text, as the
// protocol has integers only; so nothing is ever rounded, and the full-precision code, which has
// undefined behaviour, is never run. Whether it is UTF-8 is known before: see may_be_json().
constexpr unsigned parse_flags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseNumbersAsStringsFlag;

// RapidJSON looks at strings in aligned blocks of this size, so it reads beyond the end.
constexpr std::size_t block_bytes = 16;

constexpr std::string_view too_deep = "the JSON is nested too deeply";
constexpr std::string_view duplicate_key = "an object has the same key twice";
constexpr std::string_view not_an_object = "a message is one JSON object";
constexpr std::string_view not_json = "this is not valid JSON in UTF-8, or something follows it";

// Whether two keys of the object are equal. Few members are compared with each other; many, as only
// an attacker sends them, are sorted, since comparing each with each would take 20 ms per frame.
bool has_duplicate_key(const node* object) {
    constexpr std::size_t few = 16;
    const std::size_t count = object->size;
    if (count < 2) {
        return false;
    }
    std::array<std::string_view, few> on_stack;
    std::vector<std::string_view> on_heap;
    std::string_view* keys = on_stack.data();
    if (count > few) {
        on_heap.resize(count);
        keys = on_heap.data();
    }
    const node* key = object + 1;
    for (std::size_t i = 0; i < count; ++i) {
        keys[i] = {key->text, key->size};
        key += 1 + key[1].span;
    }
    if (count > few) {
        std::sort(keys, keys + count);
        return std::adjacent_find(keys, keys + count) != keys + count;
    }
    for (std::size_t i = 1; i < count; ++i) {
        if (std::find(keys, keys + i, keys[i]) != keys + i) {
            return true;
        }
    }
    return false;
}

// Takes RapidJSON's events and lays down nodes. Returning false ends the parse.
class builder {
public:
    builder(std::vector<node>& nodes, std::size_t depth_max)
        : nodes_{nodes}, depth_max_{depth_max} {}

    [[nodiscard]] std::string_view complaint() const { return complaint_; }

    // RapidJSON gives these their names. NOLINTBEGIN(readability-identifier-naming)
    bool Null() { return scalar(kind::null); }
    bool Bool(bool on) { return scalar(kind::boolean, nullptr, 0, on); }
    bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
        return scalar(kind::number, text, size);
    }
    bool String(const char* text, rapidjson::SizeType size, bool) {
        return scalar(kind::string, text, size);
    }
    bool Key(const char* text, rapidjson::SizeType size, bool) {
        return scalar(kind::string, text, size);
    }
    bool StartObject() { return open(kind::object); }
    bool StartArray() { return open(kind::array); }
    bool EndObject(rapidjson::SizeType count) {
        const node& object = close(count);
        return !has_duplicate_key(&object) || refuse(duplicate_key);
    }
    bool EndArray(rapidjson::SizeType count) {
        close(count);
        return true;
    }

    // Never called: numbers come as text.
    bool Int(int) { return false; }
    bool Uint(unsigned) { return false; }
    bool Int64(std::int64_t) { return false; }
    bool Uint64(std::uint64_t) { return false; }
    bool Double(double) { return false; }
    // NOLINTEND(readability-identifier-naming)

private:
    bool scalar(json::kind kind, const char* text = nullptr, std::uint32_t size = 0,
                bool on = false) {
        nodes_.push_back({text, size, 1, kind, on});
        return depth_ != 0 || refuse(not_an_object);
    }
    bool open(json::kind kind) {
        if (depth_ == 0 && kind != kind::object) {
            return refuse(not_an_object);
        }
        if (depth_ == depth_max_ || depth_ == open_.size()) {
            return refuse(too_deep);
        }
        open_[depth_++] = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back({nullptr, 0, 0, kind, false});
        return true;
    }
    const node& close(std::uint32_t count) {
        node& closed = nodes_[open_[--depth_]];
        closed.size = count;
        closed.span = static_cast<std::uint32_t>(nodes_.size()) - open_[depth_];
        return closed;
    }
    bool refuse(std::string_view why) {
        complaint_ = why;
        return false;
    }

    std::vector<node>& nodes_;
    const std::size_t depth_max_;
    std::size_t depth_ = 0;
    std::array<std::uint32_t, 32> open_{};  // where the open arrays and objects begin
    std::string_view complaint_;
};

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The four hexadecimal digits of an escape, or nothing.
std::optional<unsigned> hex_at(const std::string& text, std::size_t at) {
    unsigned code = 0;
    if (at + 4 > text.size()) {
        return std::nullopt;
    }
    const char* const end = text.data() + at + 4;
    if (std::from_chars(text.data() + at, end, code, 16).ptr != end) {
        return std::nullopt;
    }
    return code;
}

// `at` is behind a backslash. Returns the place behind the escape. A lone high surrogate becomes a
// lone low one.
std::size_t defuse_escape(std::string& text, std::size_t at) {
    if (at >= text.size() || text[at] != 'u') {
        return at + 1;
    }
    const auto code = hex_at(text, at + 1);
    if (!code) {
        return at + 1;
    }
    if (*code < 0xD800 || *code > 0xDBFF) {
        return at + 5;
    }
    if (text.compare(at + 5, 2, "\\u") == 0) {
        const auto low = hex_at(text, at + 7);
        if (low && *low >= 0xDC00 && *low <= 0xDFFF) {
            return at + 11;
        }
    }
    text.replace(at + 1, 4, "dc00");
    return at + 5;
}

// `at` is at a number's first digit. Returns the place behind the number. An exponent becomes 0,
// and of a long integer the rest becomes a fraction.
std::size_t defuse_number(std::string& text, std::size_t at) {
    constexpr std::size_t long_digits = 20;
    std::size_t end = at;
    while (end < text.size() && is_digit(text[end])) {
        ++end;
    }
    if (end < text.size() && text[end] == '.') {
        ++end;
        while (end < text.size() && is_digit(text[end])) {
            ++end;
        }
    } else if (end - at > long_digits && text[at] != '0') {
        text[at + 1] = '.';
    }
    if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
        ++end;
        if (end < text.size() && (text[end] == '+' || text[end] == '-')) {
            ++end;
        }
        for (; end < text.size() && is_digit(text[end]); ++end) {
            text[end] = '0';
        }
    }
    return end;
}

// RapidJSON refuses two things that are JSON: the escape of a lone high surrogate, and numbers too
// big for a double. For the protocol they are bad fields, or nothing when the field is ignored.
// This replaces them, without changing a length, by what RapidJSON lets through and the codec
// refuses likewise: the escape of a lone low surrogate, and numbers that are no integers.
void defuse(std::string& text) {
    bool in_string = false;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '"') {
            in_string = !in_string;
            ++at;
        } else if (in_string) {
            at = text[at] == '\\' ? defuse_escape(text, at + 1) : at + 1;
        } else {
            at = is_digit(text[at]) ? defuse_number(text, at) : at + 1;
        }
    }
}

rapidjson::ParseResult parse_in_place(std::string& buffer, builder& nodes) {
    // The parser's own stack holds a few bytes per level, and the builder bounds the levels.
    std::array<char, 1024> arena;
    rapidjson::MemoryPoolAllocator<> pool{arena.data(), arena.size()};
    rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, rapidjson::MemoryPoolAllocator<>>
        reader{&pool, 256};
    rapidjson::InsituStringStream stream{buffer.data()};
    return reader.Parse<parse_flags>(stream, nodes);
}

bool is_defusable(rapidjson::ParseErrorCode code) {
    return code == rapidjson::kParseErrorStringUnicodeSurrogateInvalid ||
           code == rapidjson::kParseErrorNumberTooBig;
}

// What JSON cannot hold as it is: quotes, backslashes and control characters.
constexpr std::array<bool, 256> must_escape = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < 0x20; ++c) {
        table[c] = true;
    }
    table['"'] = true;
    table['\\'] = true;
    return table;
}();

// Texts are looked at eight bytes at a time: almost every one is all plain, and looking at each
// byte is most of what reading or writing it costs. The high bit of a byte that is a control
// character, and perhaps of later ones.
std::uint64_t control_in(std::uint64_t bytes) {
    return (bytes - 0x20 * low_bits) & ~bytes & high_bits;
}

// The high bit of a byte that is `c`, and perhaps of later ones.
std::uint64_t equal_in(std::uint64_t bytes, char c) {
    const std::uint64_t differs = bytes ^ (static_cast<unsigned char>(c) * low_bits);
    return (differs - low_bits) & ~differs & high_bits;
}

// Control characters stand nowhere in JSON but for the blanks among them.
bool has_control(std::string_view text) {
    constexpr auto is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    };
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        const char* const next = at + std::min<std::ptrdiff_t>(end - at, sizeof(std::uint64_t));
        if ((next - at < 8 || control_in(eight_bytes(at)) != 0) &&
            std::any_of(at, next, is_control)) {
            return true;
        }
        at = next;
    }
    return false;
}

// What has to be known before RapidJSON sees the text. A zero byte would end its stream early, and
// what follows would go unseen. Where it looks at sixteen bytes at a time, version 1.1 takes 0x1A
// to 0x1F for letters. It could look at the encoding itself, but then it looks at each byte.
bool may_be_json(std::string_view text) {
    return !has_control(text) && valid_utf8(text);
}

std::size_t plain_bytes(std::string_view text, std::size_t at) {
    for (; text.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
        const std::uint64_t bytes = eight_bytes(text.data() + at);
        if ((control_in(bytes) | equal_in(bytes, '"') | equal_in(bytes, '\\')) != 0) {
            break;
        }
    }
    while (at < text.size() && !must_escape[static_cast<unsigned char>(text[at])]) {
        ++at;
    }
    return at;
}

void write_escape(std::string& out, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    constexpr std::string_view plain = "\"\\\b\f\n\r\t";
    constexpr std::string_view short_form = "\"\\bfnrt";
    out += '\\';
    if (const auto at = plain.find(c); at != std::string_view::npos) {
        out += short_form[at];
        return;
    }
    const auto code = static_cast<unsigned char>(c);
    out += "u00";
    out += hex[code >> 4];
    out += hex[code & 15];
}

template <class Integer>
void append_integer(std::string& out, Integer number) {
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

}  // namespace

std::optional<std::int64_t> value::integer() const {
    if (!is(kind::number)) {
        return std::nullopt;
    }
    std::int64_t number = 0;
    const char* const end = at_->text + at_->size;
    const auto [stopped, failure] = std::from_chars(at_->text, end, number);
    if (failure != std::errc{} || stopped != end || number > limits::integer_max ||
        number < -limits::integer_max) {
        return std::nullopt;
    }
    return number;
}

std::string_view document::parse(std::string_view text, std::size_t depth_max) {
    if (!may_be_json(text)) {
        return not_json;
    }
    buffer_.reserve(text.size() + block_bytes);
    buffer_.assign(text);
    nodes_.clear();
    builder nodes{nodes_, depth_max};
    rapidjson::ParseResult result = parse_in_place(buffer_, nodes);
    if (!result.IsError()) {
        return {};
    }
    if (!is_defusable(result.Code())) {
        return nodes.complaint().empty() ? not_json : nodes.complaint();
    }
    buffer_.assign(text);
    defuse(buffer_);
    nodes_.clear();
    builder again{nodes_, depth_max};
    result = parse_in_place(buffer_, again);
    if (!result.IsError()) {
        return {};
    }
    return again.complaint().empty() ? not_json : again.complaint();
}

void write_string(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = plain_bytes(text, at);
        out.append(text, at, end - at);
        if (end < text.size()) {
            write_escape(out, text[end]);
        }
        at = end + 1;
    }
    out += '"';
}

void write_integer(std::string& out, std::int64_t number) {
    assert(number <= limits::integer_max && number >= -limits::integer_max);
    append_integer(out, number);
}

void write_integer(std::string& out, std::uint64_t number) {
    assert(number <= static_cast<std::uint64_t>(limits::integer_max));
    append_integer(out, number);
}

}  // namespace onechat::protocol::json
