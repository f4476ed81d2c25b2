#include "server/base64url.hpp"

#include <array>
#include <cstddef>

namespace onechat {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t foreign = 255;

constexpr std::array<std::uint8_t, 256> values = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(foreign);
    for (std::size_t value = 0; value < alphabet.size(); ++value) {
        table[static_cast<unsigned char>(alphabet[value])] = static_cast<std::uint8_t>(value);
    }
    return table;
}();

}  // namespace

std::string to_base64url(std::span<const std::uint8_t> data) {
    std::string out;
    out.reserve((data.size() * 4 + 2) / 3);
    std::uint32_t held = 0;
    int bits = 0;
    for (const std::uint8_t byte : data) {
        held = held << 8U | byte;
        for (bits += 8; bits >= 6; bits -= 6) {
            out += alphabet[held >> static_cast<unsigned>(bits - 6) & 63U];
        }
    }
    if (bits > 0) {
        out += alphabet[held << static_cast<unsigned>(6 - bits) & 63U];
    }
    return out;
}

std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text) {
    std::vector<std::uint8_t> out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t held = 0;
    int bits = 0;
    for (const char letter : text) {
        const std::uint8_t value = values[static_cast<unsigned char>(letter)];
        if (value == foreign) {
            return std::nullopt;
        }
        held = held << 6U | value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out.push_back(static_cast<std::uint8_t>(held >> static_cast<unsigned>(bits)));
        }
    }
    return out;
}

}  // namespace onechat
