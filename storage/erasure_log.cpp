#include "storage/erasure_log.hpp"

#include "storage/hex.hpp"

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace onechat::storage {

namespace {

std::string as_text(const erasure_line& line) {
    return hex_of(line.name) + ' ' + std::to_string(line.at) + ' ' + line.receipt + '\n';
}

std::optional<erasure_line> parsed(std::string_view text) {
    erasure_line line;
    const auto name = take_hex(text);
    if (!name || !text.starts_with(' ')) {
        return std::nullopt;
    }
    line.name = *name;
    text.remove_prefix(1);
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), line.at);
    if (wrong != std::errc{}) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty()) {
        line.receipt = text.substr(1);
    }
    return line;
}

}  // namespace

bool erasure_log::append(std::span<const erasure_line> lines) const {
    std::string text;
    for (const erasure_line& line : lines) {
        text += as_text(line);
    }
    return file_.append(text);
}

void erasure_log::read(const std::function<void(const erasure_line&)>& show) const {
    file_.read("nobody knows which accounts were erased.", [&](std::string_view text) {
        if (const auto line = parsed(text)) {
            show(*line);
        }
    });
}

}  // namespace onechat::storage
