// Single settings as text and back: durations, rates, addresses. Whoever reads one that is wrong
// gets a std::runtime_error with a sentence that shows a right one. Pure functions: any thread.
#pragma once

#include "server/lobby/rate_limit.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace onechat {

struct endpoint {
    std::string address;  // IPv4 or IPv6, no name
    std::uint16_t port = 0;
    bool operator==(const endpoint&) const = default;
};

// "20ms", "2s", "5m", "3h", "180d".
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view text);
// In the largest unit that leaves no fraction.
[[nodiscard]] std::string write_duration(std::chrono::milliseconds value);

// "127.0.0.1:8080", "[::1]:0".
[[nodiscard]] endpoint parse_endpoint(std::string_view text);
[[nodiscard]] std::string write_endpoint(const endpoint& value);

// "10.0.0.0/8", "2001:db8::/32" or a single address, as net reads them; comes back as it was.
[[nodiscard]] std::string parse_network(std::string_view text);

inline constexpr std::uint32_t rate_max = 1'000'000;

// "5/s", "10/m", "10/h", "100/d": at most `rate_max` in that time. The burst stays 1.
[[nodiscard]] lobby::rate parse_rate(std::string_view text);
// REQUIRES: `per` is one of the four units.
[[nodiscard]] std::string write_rate(const lobby::rate& value);

// A whole number in decimal digits.
[[nodiscard]] std::uint64_t parse_count(std::string_view text, std::uint64_t min,
                                        std::uint64_t max);

[[nodiscard]] bool parse_switch(std::string_view text);  // "on", "off"

// "https://chat.example.org", "http://127.0.0.1:3000" as browsers write it: in lower case and
// without the scheme's own port.
[[nodiscard]] std::string parse_origin(std::string_view text);

// "https://api.weixin.qq.com", "https://gateway.example:8443/wechat": what a platform's paths are
// put behind. Over TLS only, since a secret travels there.
[[nodiscard]] std::string parse_api(std::string_view text);

// Letters, digits, "-" and "_".
[[nodiscard]] std::string parse_name(std::string_view text);

// "pages/chat/chat": a page of the mini program, perhaps with a query.
[[nodiscard]] std::string parse_page(std::string_view text);

// "thing1=有人在等你": a field of a message template, and what it says.
[[nodiscard]] std::pair<std::string, std::string> parse_template_value(std::string_view text);

}  // namespace onechat
