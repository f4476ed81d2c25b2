#include "storage/ban_log.hpp"

#include "storage/hex.hpp"

#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>

namespace onechat::storage {

namespace {

std::string as_text(std::span<const ban_line> lines) {
    std::string text;
    for (const ban_line& line : lines) {
        text += hex_of(line.person) + ' ' + std::to_string(line.since) + ' ' + hex_of(line.name) +
                ' ' + std::to_string(line.until) + ' ' + std::to_string(line.level) + ' ' +
                std::to_string(line.serial) + (line.lifted ? " lifted\n" : " .\n");
    }
    return text;
}

bool take_blank(std::string_view& text) {
    const bool found = text.starts_with(' ');
    text.remove_prefix(found ? 1 : 0);
    return found;
}

template <class Number>
bool take_number(std::string_view& text, Number& into) {
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), into);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return wrong == std::errc{} && take_blank(text);
}

// The last word says that the line is whole.
std::optional<ban_line> parsed_ban(std::string_view text) {
    ban_line line;
    const auto person = take_hex(text);
    if (!person || !take_blank(text) || !take_number(text, line.since)) {
        return std::nullopt;
    }
    const auto name = take_hex(text);
    if (!name || !take_blank(text) || !take_number(text, line.until) ||
        !take_number(text, line.level) || !take_number(text, line.serial) ||
        (text != "." && text != "lifted")) {
        return std::nullopt;
    }
    line.person = *person;
    line.name = *name;
    line.lifted = text == "lifted";
    return line;
}

}  // namespace

bool ban_log::append(std::span<const ban_line> lines) const {
    return file_.append(as_text(lines));
}

bool ban_log::replace(std::span<const ban_line> lines) const {
    return file_.replace(as_text(lines));
}

std::vector<ban_line> ban_log::read() const {
    // Two bans of one moment have two levels.
    std::map<std::tuple<person_key, unix_ms, std::uint32_t>, ban_line> newest;
    file_.read("nobody knows who was banned.", [&](std::string_view text) {
        if (const auto line = parsed_ban(text)) {
            newest[{line->person, line->since, line->level}] = *line;
        }
    });
    std::vector<ban_line> bans;
    for (const auto& [key, line] : newest) {
        bans.push_back(line);
    }
    return bans;
}

}  // namespace onechat::storage
