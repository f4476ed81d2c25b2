// What a proxy says of the connection it forwards, before its first byte: the PROXY protocol,
// versions 1 and 2 (haproxy.org, proxy-protocol.txt). Pure: from bytes to an address. Who is
// believed is the listener's. Any thread.
#pragma once

#include "server/net/remote_address.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace onechat::net {

// Version 1 ends within 107 bytes. Version 2 may carry extensions, TLS certificates among them; we
// skip them, and this leaves room for more than HAProxy, nginx and the large clouds send.
inline constexpr std::size_t proxy_header_bytes_max = 2048;

struct proxy_header {
    enum class state : std::uint8_t { incomplete, complete, malformed };

    state what = state::incomplete;
    std::size_t bytes = 0;  // when complete: where the connection's own bytes begin
    // Whom it is forwarded for. Nobody when the proxy speaks for itself (a health check) or does
    // not say: then the proxy's own address counts.
    std::optional<remote_address> source;
};

// As long as it is incomplete all of `received` belongs to the header. What is malformed stays so
// with more bytes.
[[nodiscard]] proxy_header read_proxy_header(std::string_view received);

}  // namespace onechat::net
