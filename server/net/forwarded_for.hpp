// Whom a trusted proxy forwards a request for: X-Forwarded-For, read from its end. Pure. Any
// thread.
#pragma once

#include "server/net/address_range.hpp"
#include "server/net/http.hpp"

#include <optional>
#include <span>

namespace onechat::net {

// The last address that is no trusted proxy's: the one that a trusted proxy has seen itself. What
// stands before it anybody may have written, so it is not even looked at. `proxy`, which must be
// trusted, when it names nobody else. Nothing when what counts is no address: the proxy doesn't do
// what it is trusted for. Its port, as some proxies add it, is passed over.
[[nodiscard]] std::optional<remote_address> forwarded_for(const http_request& request,
                                                          std::span<const address_range> trusted,
                                                          const remote_address& proxy);

[[nodiscard]] bool is_in(std::span<const address_range> ranges, const remote_address& address);

}  // namespace onechat::net
