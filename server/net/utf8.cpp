#include "server/net/utf8.hpp"

#include <cstring>

namespace onechat::net {
namespace {

constexpr std::uint64_t high_bits = 0x8080'8080'8080'8080U;

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

// Past ASCII, eight bytes at a time: most of what is said is JSON around a short text.
const char* skip_ascii(const char* at, const char* end) {
    std::uint64_t word = 0;
    while (end - at >= static_cast<std::ptrdiff_t>(sizeof word)) {
        std::memcpy(&word, at, sizeof word);
        if ((word & high_bits) != 0) {
            break;
        }
        at += sizeof word;
    }
    while (at != end && (static_cast<unsigned char>(*at) & 0x80U) == 0) {
        ++at;
    }
    return at;
}

// Past characters of three bytes whose first is E1-EC: nearly all of Chinese, and every
// continuation is allowed after these.
const char* skip_common_three(const char* at, const char* end) {
    while (end - at >= 3 && *at >= static_cast<char>(0xE1) && *at <= static_cast<char>(0xEC) &&
           is_continuation(at[1]) && is_continuation(at[2])) {
        at += 3;
    }
    return at;
}

}  // namespace

bool utf8_validator::feed(std::string_view bytes) {
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (at != end) {
        if (awaited_ == 0) {
            at = skip_common_three(skip_ascii(at, end), end);
            if (at == end) {
                return true;
            }
        }
        const auto byte = static_cast<unsigned char>(*at++);
        if (awaited_ != 0) {
            if (byte < low_ || byte > high_) {
                return false;
            }
            --awaited_;
            low_ = 0x80;
            high_ = 0xBF;
            continue;
        }
        // RFC 3629, section 4: what may follow the first byte of each form.
        if (byte < 0x80) {
            continue;
        }
        if (byte < 0xC2 || byte > 0xF4) {
            return false;
        }
        awaited_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
        low_ = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
        high_ = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
    }
    return true;
}

bool is_utf8(std::string_view bytes) {
    utf8_validator validator;
    return validator.feed(bytes) && validator.complete();
}

}  // namespace onechat::net
