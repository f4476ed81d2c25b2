// The frames of RFC 6455, section 5: reading and writing one header, masking. Pure bytes: no I/O,
// no memory of earlier frames (message_assembler has that). Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace onechat::net {

// Whose end of the connection is ours: a server reads masked frames and writes unmasked ones, a
// client the other way round (section 5.1).
enum class role : std::uint8_t { server, client };

enum class opcode : std::uint8_t {
    continuation = 0x0,
    text = 0x1,
    binary = 0x2,
    close = 0x8,
    ping = 0x9,
    pong = 0xA,
};

[[nodiscard]] constexpr bool is_control(opcode op) {
    return (static_cast<unsigned>(op) & 0x8U) != 0;
}

// The codes of section 7.4.1 that net says by itself.
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t unsupported = 1003;
inline constexpr std::uint16_t none = 1005;  // never on the wire
inline constexpr std::uint16_t not_utf8 = 1007;
inline constexpr std::uint16_t policy = 1008;
inline constexpr std::uint16_t too_big = 1009;
}  // namespace close_code

// Whether a peer may put this code into a close frame (section 7.4 and the registry it founded).
[[nodiscard]] bool is_sendable(std::uint16_t code);

inline constexpr std::size_t control_payload_max = 125;  // section 5.5
inline constexpr std::size_t frame_header_max = 14;      // 2, 8 of length, 4 of mask
inline constexpr std::size_t close_reason_max = control_payload_max - 2;

struct frame_header {
    std::uint64_t payload_bytes = 0;
    std::array<char, 4> mask{};
    opcode op = opcode::text;
    bool fin = true;
    bool masked = false;
    std::uint8_t header_bytes = 0;
};

enum class header_state : std::uint8_t { complete, incomplete, violation };

// Reads the header at the front of `bytes`. Tells a violation from as few bytes as show it: RSV
// bits, reserved opcodes, a control frame that is long or fragmented, the wrong masking for `own`,
// a length not in its shortest form. A length of 2^63 and more is left to the reader's size limit.
[[nodiscard]] header_state read_header(std::string_view bytes, role own, frame_header& header);

// Applies or removes the mask; `offset` is how much of the frame's payload came before.
void apply_mask(std::span<char> bytes, const std::array<char, 4>& mask, std::uint64_t offset = 0);

// Writes a header to `to` (frame_header_max bytes at least) and returns its length; ignores
// header_bytes.
std::size_t write_header(char* to, const frame_header& header);

}  // namespace onechat::net
