// What proxies say in version 2 of their protocol, written from its description.
#pragma once

#include "server/net/remote_address.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace onechat::test {

inline std::string proxy_2_of(unsigned command, unsigned family, std::string_view body) {
    std::string bytes{"\x0D\x0A\x0D\x0A\x00\x0D\x0A\x51\x55\x49\x54\x0A", 12};
    bytes += static_cast<char>(command);
    bytes += static_cast<char>(family);
    bytes += static_cast<char>(body.size() >> 8);
    bytes += static_cast<char>(body.size() & 0xFF);
    return bytes + std::string{body};
}

inline std::string proxy_2_local() {
    return proxy_2_of(0x20, 0x00, "");
}

// Forwarded from this address to some other one.
inline std::string proxy_2(std::string_view source, std::uint16_t port,
                           std::string_view extensions = {}) {
    const auto address = net::remote_address::parse(source).value();
    const std::size_t first = address.is_v4() ? 12 : 0;
    std::string body;
    for (std::size_t i = first; i < address.bytes.size(); ++i) {
        body += static_cast<char>(address.bytes[i]);
    }
    body += std::string(address.bytes.size() - first, '\x07');
    body += static_cast<char>(port >> 8);
    body += static_cast<char>(port & 0xFF);
    body += "\x01\xBB";
    return proxy_2_of(0x21, address.is_v4() ? 0x11 : 0x21, body + std::string{extensions});
}

}  // namespace onechat::test
