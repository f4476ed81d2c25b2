// Where a connection comes from: an address and a port as a small value; text only on demand. Never
// leaves the server: no frame, page or log that a user can see holds one. Any thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace onechat::net {

struct remote_address {
    // IPv6 in network order; IPv4 as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2).
    std::array<std::uint8_t, 16> bytes{};
    std::uint16_t port = 0;

    // The address without the port: "192.0.2.1", "2001:db8::1".
    [[nodiscard]] static std::optional<remote_address> parse(std::string_view address);
    [[nodiscard]] bool is_v4() const;
    [[nodiscard]] std::string to_string() const;

    // What limits per address count by: an IPv4 address, or the /64 that one IPv6 customer is
    // given whole; the port is zero.
    [[nodiscard]] remote_address network() const;

    auto operator<=>(const remote_address&) const = default;
};

}  // namespace onechat::net
