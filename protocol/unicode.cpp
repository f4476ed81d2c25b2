#include "protocol/unicode.hpp"

#include "protocol/eight_bytes.hpp"

#include <cstdint>

namespace onechat::protocol {

namespace {

// What may follow a lead byte: how many bytes, and the range of the first of them. The range is
// what refuses overlong forms (E0, F0), surrogates (ED) and values beyond U+10FFFF (F4).
struct sequence {
    std::size_t tail;
    unsigned char low;
    unsigned char high;
};

constexpr sequence sequence_of(unsigned char lead) {
    if (lead >= 0xC2 && lead <= 0xDF) {
        return {1, 0x80, 0xBF};
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        return {2, static_cast<unsigned char>(lead == 0xE0 ? 0xA0 : 0x80),
                static_cast<unsigned char>(lead == 0xED ? 0x9F : 0xBF)};
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        return {3, static_cast<unsigned char>(lead == 0xF0 ? 0x90 : 0x80),
                static_cast<unsigned char>(lead == 0xF4 ? 0x8F : 0xBF)};
    }
    return {0, 0, 0};
}

}  // namespace

bool valid_utf8(std::string_view text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        if (end - at >= 8 && (eight_bytes(at) & high_bits) == 0) {
            at += 8;
            continue;
        }
        const auto lead = static_cast<unsigned char>(*at++);
        if (lead < 0x80) {
            continue;
        }
        const sequence expected = sequence_of(lead);
        if (expected.tail == 0 || static_cast<std::size_t>(end - at) < expected.tail) {
            return false;
        }
        const auto second = static_cast<unsigned char>(*at++);
        if (second < expected.low || second > expected.high) {
            return false;
        }
        for (std::size_t i = 1; i < expected.tail; ++i) {
            if ((static_cast<unsigned char>(*at++) & 0xC0) != 0x80) {
                return false;
            }
        }
    }
    return true;
}

std::size_t code_points_in(std::string_view text) {
    const char* at = text.data();
    const char* const end = at + text.size();
    std::size_t continuing = 0;
    for (; end - at >= 8; at += 8) {
        // A continuation byte has its highest bit set and the next one clear.
        const std::uint64_t bytes = eight_bytes(at);
        const std::uint64_t marks = bytes & (~bytes << 1) & high_bits;
        continuing += static_cast<std::size_t>((marks >> 7) * low_bits >> 56);  // their sum
    }
    for (; at != end; ++at) {
        continuing += (static_cast<unsigned char>(*at) & 0xC0) == 0x80 ? 1 : 0;
    }
    return text.size() - continuing;
}

}  // namespace onechat::protocol
