// Eight bytes of a text looked at as one number. Pure: any thread.
#pragma once

#include <cstdint>
#include <cstring>

namespace onechat::protocol {

inline constexpr std::uint64_t low_bits = 0x0101010101010101U;  // the lowest of each byte
inline constexpr std::uint64_t high_bits = 0x80 * low_bits;     // the highest of each byte

// REQUIRES: eight bytes to read, aligned or not.
[[nodiscard]] inline std::uint64_t eight_bytes(const char* from) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, from, sizeof bytes);
    return bytes;
}

}  // namespace onechat::protocol
