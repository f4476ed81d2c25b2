#include "server/net/remote_address.hpp"

#include <algorithm>
#include <arpa/inet.h>

namespace onechat::net {
namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::size_t customer_bytes = 8;  // of an IPv6 address: its /64

}  // namespace

std::optional<remote_address> remote_address::parse(std::string_view address) {
    const std::string text{address};
    remote_address parsed;
    if (::inet_pton(AF_INET6, text.c_str(), parsed.bytes.data()) == 1) {
        return parsed;
    }
    if (::inet_pton(AF_INET, text.c_str(), parsed.bytes.data() + v4_prefix.size()) == 1) {
        std::copy(v4_prefix.begin(), v4_prefix.end(), parsed.bytes.begin());
        return parsed;
    }
    return std::nullopt;
}

bool remote_address::is_v4() const {
    return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes.begin());
}

std::string remote_address::to_string() const {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (is_v4()) {
        ::inet_ntop(AF_INET, bytes.data() + v4_prefix.size(), text.data(), text.size());
    } else {
        ::inet_ntop(AF_INET6, bytes.data(), text.data(), text.size());
    }
    return text.data();
}

remote_address remote_address::network() const {
    remote_address shared = *this;
    shared.port = 0;
    if (!is_v4()) {
        std::fill(shared.bytes.begin() + customer_bytes, shared.bytes.end(), std::uint8_t{0});
    }
    return shared;
}

}  // namespace onechat::net
