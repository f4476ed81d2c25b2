// The opening handshake of RFC 6455, section 4, as questions about plain HTTP requests and answers.
// Pure. Any thread.
#pragma once

#include "server/net/http.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::net {

// Why a request for the WebSocket path can't be upgraded: 400 or 426, closing; nothing when it can.
[[nodiscard]] std::optional<http_answer> upgrade_refusal(const http_request& request,
                                                         bool http_1_1);

// Why the page that a browser says it comes from may not connect: 403, closing. Only web pages are
// judged: no Origin, and the odd ones that mini programs and apps send, pass. Two are 400. What
// is `allowed` is in lower case; nothing: every page is.
[[nodiscard]] std::optional<http_answer> origin_refusal(const http_request& request,
                                                        const std::vector<std::string>& allowed);

// The 101, naming the subprotocol when it is among those offered. Extensions are not accepted:
// deflate costs 90 kB per connection and helps nothing at 100 bytes (protocol.md).
[[nodiscard]] http_answer upgrade_answer(const http_request& request, std::string_view subprotocol);

// Section 4.2.2: the proof that the server has read this key.
[[nodiscard]] std::string accept_of(std::string_view key);

// A fresh Sec-WebSocket-Key for a client.
[[nodiscard]] std::string make_key();

}  // namespace onechat::net
