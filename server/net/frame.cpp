#include "server/net/frame.hpp"

#include <algorithm>
#include <cstring>

namespace onechat::net {
namespace {

constexpr unsigned fin_bit = 0x80;
constexpr unsigned rsv_bits = 0x70;
constexpr unsigned opcode_bits = 0x0F;
constexpr unsigned mask_bit = 0x80;
constexpr unsigned length_bits = 0x7F;
constexpr unsigned length_in_16_bits = 126;
constexpr unsigned length_in_64_bits = 127;

unsigned byte_at(std::string_view bytes, std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
}

bool is_known(unsigned op) {
    return op <= 0x2 || (op >= 0x8 && op <= 0xA);
}

std::uint64_t read_big_endian(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        value = value << 8 | byte_at(bytes, i);
    }
    return value;
}

char* write_big_endian(char* to, std::uint64_t value, unsigned bytes) {
    for (unsigned i = bytes; i-- > 0;) {
        *to++ = static_cast<char>(value >> (8 * i) & 0xFF);
    }
    return to;
}

}  // namespace

bool is_sendable(std::uint16_t code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

header_state read_header(std::string_view bytes, role own, frame_header& header) {
    if (bytes.empty()) {
        return header_state::incomplete;
    }
    const unsigned first = byte_at(bytes, 0);
    const unsigned op = first & opcode_bits;
    if ((first & rsv_bits) != 0 || !is_known(op)) {
        return header_state::violation;
    }
    header.op = static_cast<opcode>(op);
    header.fin = (first & fin_bit) != 0;
    if (is_control(header.op) && !header.fin) {
        return header_state::violation;
    }
    if (bytes.size() < 2) {
        return header_state::incomplete;
    }

    const unsigned second = byte_at(bytes, 1);
    const unsigned length = second & length_bits;
    header.masked = (second & mask_bit) != 0;
    if (header.masked != (own == role::server) ||
        (is_control(header.op) && length > control_payload_max)) {
        return header_state::violation;
    }

    std::size_t at = 2;
    header.payload_bytes = length;
    if (length >= length_in_16_bits) {
        const std::size_t width = length == length_in_16_bits ? 2 : 8;
        if (bytes.size() < at + width) {
            return header_state::incomplete;
        }
        header.payload_bytes = read_big_endian(bytes.substr(at, width));
        at += width;
        // "The minimal number of bytes MUST be used" (section 5.2).
        if (header.payload_bytes < length_in_16_bits ||
            (length == length_in_64_bits && header.payload_bytes <= 0xFFFF)) {
            return header_state::violation;
        }
    }
    if (header.masked) {
        if (bytes.size() < at + header.mask.size()) {
            return header_state::incomplete;
        }
        std::memcpy(header.mask.data(), bytes.data() + at, header.mask.size());
        at += header.mask.size();
    }
    header.header_bytes = static_cast<std::uint8_t>(at);
    return header_state::complete;
}

void apply_mask(std::span<char> bytes, const std::array<char, 4>& mask, std::uint64_t offset) {
    std::array<char, 8> turned{};
    for (std::size_t i = 0; i < turned.size(); ++i) {
        turned[i] = mask[(offset + i) % mask.size()];
    }
    std::uint64_t wide = 0;
    std::memcpy(&wide, turned.data(), sizeof wide);

    char* at = bytes.data();
    std::size_t left = bytes.size();
    for (; left >= sizeof wide; left -= sizeof wide, at += sizeof wide) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        word ^= wide;
        std::memcpy(at, &word, sizeof word);
    }
    for (std::size_t i = 0; i < left; ++i) {
        at[i] = static_cast<char>(at[i] ^ turned[i]);
    }
}

std::size_t write_header(char* to, const frame_header& header) {
    char* at = to;
    const auto put = [&at](unsigned value) { *at++ = static_cast<char>(value); };
    const unsigned mask = header.masked ? mask_bit : 0;

    put((header.fin ? fin_bit : 0U) | static_cast<unsigned>(header.op));
    if (header.payload_bytes < length_in_16_bits) {
        put(mask | static_cast<unsigned>(header.payload_bytes));
    } else if (header.payload_bytes <= 0xFFFF) {
        put(mask | length_in_16_bits);
        at = write_big_endian(at, header.payload_bytes, 2);
    } else {
        put(mask | length_in_64_bits);
        at = write_big_endian(at, header.payload_bytes, 8);
    }
    if (header.masked) {
        at = std::copy(header.mask.begin(), header.mask.end(), at);
    }
    return static_cast<std::size_t>(at - to);
}

}  // namespace onechat::net
