#include "server/cli/transcript.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <span>

namespace onechat::cli {

namespace server = protocol::server;
using protocol::event_kind;
using protocol::sender;

namespace {

struct code_point {
    char32_t value;
    std::size_t bytes;
};

code_point first_of(std::string_view text) {
    const auto at = [&](std::size_t n) { return static_cast<unsigned char>(text[n]); };
    const unsigned char lead = at(0);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (bytes == 1) {
        return {lead, 1};
    }
    char32_t value = lead & (0xFFU >> (bytes + 1));
    for (std::size_t n = 1; n < bytes; ++n) {
        value = (value << 6) | (at(n) & 0x3FU);
    }
    return {value, bytes};
}

bool controls_terminal(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029;
}

// Marks, embeddings, overrides and isolates: they reorder what stands around them.
bool is_bidirectional(char32_t c) {
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

std::string escape_of(char32_t c) {
    if (c == U'\n') {
        return "\\n";
    }
    if (c == U'\t') {
        return "\\t";
    }
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), c < 0x100 ? "\\x%02x" : "\\u{%04x}",
                  static_cast<unsigned>(c));
    return text.data();
}

std::string formatted(const std::tm& when, const char* pattern) {
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), pattern, &when)};
}

std::string_view stand_in(protocol::gone_reason why) {
    switch (why) {
        case protocol::gone_reason::recall:
            return "(taken back)";
        case protocol::gone_reason::erase:
            return "(erased)";
        case protocol::gone_reason::removed:
            return "(removed)";
    }
    return {};
}

// `recent` at this chat's start, which parts the past from the present.
struct two_times {
    std::span<const server::event> past;
    std::span<const server::event> present;
};

two_times split(const server::matched& met) {
    if (!met.recent) {
        return {};
    }
    const std::span<const server::event> all{*met.recent};
    const auto start = std::find_if(all.rbegin(), all.rend(), [](const server::event& one) {
        return one.kind == event_kind::start;
    });
    if (start == all.rend()) {
        return {{}, all};
    }
    const auto after = static_cast<std::size_t>(start.base() - all.begin());
    return {all.first(after - 1), all.subspan(after)};
}

}  // namespace

std::string visible(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto [value, bytes] = first_of(text);
        if (controls_terminal(value) || is_bidirectional(value)) {
            out += escape_of(value);
        } else {
            out += text.substr(0, bytes);
        }
        text.remove_prefix(std::min(bytes, text.size()));
    }
    return out;
}

std::string name_of(const server::partner_info& partner) {
    const bool named = partner.nickname && !partner.nickname->empty();
    return visible(named ? *partner.nickname : partner.alias);
}

std::string transcript::day_and_time(std::int64_t unix_ms) const {
    return formatted(here_(unix_ms), "%Y-%m-%d %H:%M");
}

std::string transcript::line(const server::event& what, const std::string& name) const {
    const bool own = what.from == sender::me;
    switch (what.kind) {
        case event_kind::text:
            return formatted(here_(what.at), "%H:%M ") + (own ? "you" : name) + ": " +
                   (what.gone ? std::string{stand_in(*what.gone)}
                              : visible(what.text.value_or("")));
        case event_kind::recall:
            return "— " + (own ? "you" : name) + " took a text back —";
        case event_kind::end:
            if (what.reason == protocol::end_reason::timeout) {
                return "— the chat ended: somebody was away for too long —";
            }
            return "— " + (own ? "you" : name) + " left —";
        case event_kind::start:
            break;
    }
    return {};
}

std::vector<std::string> transcript::past(const server::matched& met) const {
    std::vector<std::string> lines;
    if (met.met == 0) {
        return lines;
    }
    const std::string alias = visible(met.partner.alias);
    const auto events = split(met).past;
    for (const server::event& one : events) {
        lines.push_back(one.kind == event_kind::start ? "— " + day_and_time(one.at) + " —"
                                                      : line(one, alias));
    }
    std::string sum =
        "— you met before, " + std::to_string(met.met) + (met.met == 1 ? " chat" : " chats");
    if (!events.empty()) {
        sum += ", last at " + day_and_time(events.back().at);
    }
    lines.push_back(sum + " —");
    return lines;
}

std::vector<std::string> transcript::so_far(const server::matched& met) const {
    std::vector<std::string> lines;
    for (const server::event& one : split(met).present) {
        lines.push_back(line(one, name_of(met.partner)));
    }
    return lines;
}

std::tm local_time(std::int64_t unix_ms) {
    const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
    std::tm when{};
    ::localtime_r(&seconds, &when);
    return when;
}

}  // namespace onechat::cli
