// Many addresses that begin alike: "10.0.0.0/8", "2001:db8::/32", or a single one. A small value.
// Any thread.
#pragma once

#include "server/net/remote_address.hpp"

#include <optional>
#include <string_view>

namespace onechat::net {

class address_range {
public:
    // Nothing when it is no address, or when it has bits behind its prefix: "10.1.2.3/8" may be
    // meant as either end of the mistake.
    [[nodiscard]] static std::optional<address_range> parse(std::string_view text);

    // A range of IPv6 holds no IPv4 address, "::/0" included. The port doesn't matter.
    [[nodiscard]] bool contains(const remote_address& address) const;

private:
    remote_address first_;
    unsigned prefix_bits_ = 128;  // of the 128 in `first_`
};

}  // namespace onechat::net
