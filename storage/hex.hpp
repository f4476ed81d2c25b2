// The 16 bytes that name a user or stand for a person, as text. Pure; any thread.
#pragma once

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace onechat::storage {

using name_bytes = std::array<std::uint8_t, 16>;

[[nodiscard]] inline std::string hex_of(const name_bytes& name) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : name) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

// From the beginning of a text, which loses them; nothing when they aren't there.
[[nodiscard]] inline std::optional<name_bytes> take_hex(std::string_view& text) {
    name_bytes name{};
    if (text.size() < name.size() * 2) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char* from = text.data() + 2 * i;
        const auto [end, wrong] = std::from_chars(from, from + 2, name[i], 16);
        if (wrong != std::errc{} || end != from + 2) {
            return std::nullopt;
        }
    }
    text.remove_prefix(name.size() * 2);
    return name;
}

}  // namespace onechat::storage
