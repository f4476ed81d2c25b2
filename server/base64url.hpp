// Base64 for URLs and tokens (RFC 4648, section 5), without padding. Pure: any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onechat {

[[nodiscard]] std::string to_base64url(std::span<const std::uint8_t> data);

// Nothing when a character is none of the alphabet. Bits that fill no byte are dropped: only of
// texts whose length is a multiple of four is each spelling a value of its own.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

}  // namespace onechat
