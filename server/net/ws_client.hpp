// The client's way to a WebSocket connection: URL, TCP connect, TLS for wss, HTTP upgrade; what
// comes out is an ordinary session of `connections`, in the client role. For `onechat talk`,
// `onechat bench` and tests. Loop thread only.
#pragma once

#include "server/net/connections.hpp"
#include "server/net/tls_connector.hpp"
#include "server/net/url.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace onechat::net {

// "ws://127.0.0.1:8080/ws", "wss://example.org/ws".
struct ws_url : url {
    [[nodiscard]] static boost::system::result<ws_url, bad_url> parse(std::string_view text);
};

class ws_client {
public:
    using failure = std::function<void(const std::string& sentence)>;

    ws_client(boost::asio::io_context& io, connections& upgraded,
              std::chrono::steady_clock::duration time_max = std::chrono::seconds{10},
              tls_trust trust = {});
    // Attempts under way are dropped without a word.
    ~ws_client();

    ws_client(const ws_client&) = delete;
    ws_client& operator=(const ws_client&) = delete;

    // Ends in events.opened() or in `failed`, one of the two, never during this call. An empty
    // `subprotocol` offers none; one that the server does not echo is a failure.
    void connect(ws_url url, std::string subprotocol, ws_events& events, failure failed);

private:
    std::shared_ptr<class ws_attempts> attempts_;
};

}  // namespace onechat::net
