#include "server/admin/reason.hpp"

#include "protocol/read.hpp"
#include "protocol/unicode.hpp"
#include "server/net/ascii.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace onechat::admin {

namespace {

constexpr std::size_t reason_min = 3;
constexpr std::size_t reason_max = 500;

std::optional<std::string> percent_decoded(std::string_view text) {
    const auto digit = [](char c) {
        const auto at = std::string_view{"0123456789abcdef"}.find(net::to_lower(c));
        return at == std::string_view::npos ? -1 : static_cast<int>(at);
    };
    std::string out;
    for (std::size_t n = 0; n < text.size(); ++n) {
        if (text[n] != '%') {
            out += text[n];
            continue;
        }
        if (n + 2 >= text.size() || digit(text[n + 1]) < 0 || digit(text[n + 2]) < 0) {
            return std::nullopt;
        }
        out += static_cast<char>(digit(text[n + 1]) * 16 + digit(text[n + 2]));
        n += 2;
    }
    return out;
}

enum class looks : std::uint8_t { shown, blank, controls };

// Joiners are parts of words and of emoji; all else without a shape of its own hides something.
looks looks_of(utf8proc_int32_t code_point) {
    switch (utf8proc_category(code_point)) {
        case UTF8PROC_CATEGORY_ZS:
            return looks::blank;
        case UTF8PROC_CATEGORY_CF:
            return code_point == 0x200C || code_point == 0x200D ? looks::shown : looks::controls;
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
            return looks::controls;
        default:
            return looks::shown;
    }
}

}  // namespace

std::optional<std::string> reason_of(std::string_view encoded) {
    const auto decoded = percent_decoded(encoded);
    if (!decoded || !protocol::is_clean(*decoded)) {
        return std::nullopt;
    }
    std::size_t begin = std::string::npos;
    std::size_t end = 0;
    for (std::size_t at = 0; at < decoded->size();) {
        utf8proc_int32_t code_point = 0;
        const auto bytes =
            utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(decoded->data() + at),
                             static_cast<utf8proc_ssize_t>(decoded->size() - at), &code_point);
        const auto is = bytes > 0 ? looks_of(code_point) : looks::controls;
        if (is == looks::controls) {
            return std::nullopt;
        }
        const std::size_t next = at + static_cast<std::size_t>(bytes);
        if (is == looks::shown) {
            begin = std::min(begin, at);
            end = next;
        }
        at = next;
    }
    if (begin >= end) {
        return std::nullopt;
    }
    auto reason = decoded->substr(begin, end - begin);
    const auto length = protocol::code_points_in(reason);
    return length < reason_min || length > reason_max ? std::nullopt
                                                      : std::optional{std::move(reason)};
}

}  // namespace onechat::admin
