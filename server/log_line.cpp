#include "server/log_line.hpp"

#include "protocol/json.hpp"
#include "protocol/unicode.hpp"

#include <algorithm>

namespace onechat::log {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

// A file name is bytes; JSON text is UTF-8.
std::string readable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        // The longest sequence is four bytes; at least one byte is taken, so this ends.
        std::size_t length = 1;
        while (length <= std::min<std::size_t>(4, text.size()) &&
               !protocol::valid_utf8(text.substr(0, length))) {
            ++length;
        }
        const bool valid = length <= std::min<std::size_t>(4, text.size());
        out.append(valid ? text.substr(0, length) : replacement);
        text.remove_prefix(valid ? length : 1);
    }
    return out;
}

void write_quoted(std::string& out, std::string_view text) {
    if (protocol::valid_utf8(text)) {
        protocol::json::write_string(out, text);
    } else {
        protocol::json::write_string(out, readable(text));
    }
}

bool is_plain(char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '=' && c != '\\' && c != '\x7F';
}

// One line is one event: what could end it or look like a field is quoted.
void write_word(std::string& out, std::string_view text) {
    if (!text.empty() && std::ranges::all_of(text, is_plain)) {
        out += protocol::valid_utf8(text) ? std::string{text} : readable(text);
    } else {
        write_quoted(out, text);
    }
}

struct as_word {
    std::string& out;
    void operator()(const std::string& text) const { write_word(out, text); }
    void operator()(std::int64_t number) const { out += std::to_string(number); }
    void operator()(bool on) const { out += on ? "true" : "false"; }
};

struct as_json {
    std::string& out;
    void operator()(const std::string& text) const { write_quoted(out, text); }
    void operator()(std::int64_t number) const { out += std::to_string(number); }
    void operator()(bool on) const { out += on ? "true" : "false"; }
};

}  // namespace

std::string as_text(std::string_view event, fields about) {
    std::string out{event};
    for (const field& one : about) {
        out.append(" ").append(one.key()).append("=");
        std::visit(as_word{out}, one.value());
    }
    return out;
}

std::string as_members(std::string_view event, fields about) {
    std::string out = "\"event\":";
    write_quoted(out, event);
    for (const field& one : about) {
        out += ",";
        write_quoted(out, one.key());
        out += ":";
        std::visit(as_json{out}, one.value());
    }
    return out;
}

}  // namespace onechat::log
