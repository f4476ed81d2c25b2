// A listening TCP port: accepts connections, serves plain HTTP from a table and upgrades WebSocket
// requests, which it hands to `connections`. Not the frames, and nothing of what is said in them.
// Loop thread only.
#pragma once

#include "server/net/connections.hpp"
#include "server/net/http.hpp"
#include "server/net/tls_context.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace onechat::net {

struct listener_options {
    using duration = std::chrono::steady_clock::duration;

    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: the kernel chooses, see local_port()
    // A TCP socket that listens already, ours from now on: then address and port are its own. -1:
    // none. Whoever gave it may keep it open, and newcomers wait in it while nobody accepts.
    int socket = -1;

    // What TLS shows; null: the port speaks plainly. Reloading it concerns newcomers.
    std::shared_ptr<tls_context> tls;

    std::string websocket_path = "/ws";      // empty: plain HTTP only
    std::string subprotocol = "onechat.v1";  // echoed when offered
    // Addresses and ranges, "10.0.0.0/8": from these X-Forwarded-For is believed.
    std::vector<std::string> trusted_proxies;
    // Connections begin with a header of the PROXY protocol, before TLS, and come from trusted
    // proxies alone: others get 403, over TLS nothing.
    bool proxy_protocol = false;

    // Web pages that may open a WebSocket, as "https://example.org"; others get 403. Empty: all.
    std::vector<std::string> allow_origins;

    // A process here may open 20,000 files; what is left is for the store and the platform.
    std::size_t connections_max = 19'000;  // more: 503 with Retry-After
    // Beyond those, connections that may ask and hear so; more are closed at once. Without a
    // meaning where http_connections_max is set.
    std::size_t refused_max = 10;
    // Upgraded or not, of one IPv4 address or IPv6 /64; more: 429 with Retry-After, over TLS closed
    // before the handshake, which is what would cost. 0: no limit. A trusted proxy's connections
    // count for their clients: from the PROXY header or else from the upgrade on.
    std::size_t connections_per_address = 0;
    // From accept, or a later request's first byte, to header complete, PROXY header and TLS
    // handshake included.
    duration header_time_max = std::chrono::seconds{10};
    duration body_time_max = std::chrono::seconds{10};    // also for the answer to be taken
    duration keep_alive_max = std::chrono::seconds{30};   // silence between two requests
    duration deferred_time_max = deferred_answer_max;     // for a deferred answer
    std::size_t body_bytes_max = std::size_t{64} * 1024;  // more: 413
    duration descriptors_retry =
        std::chrono::seconds{1} / 4;  // pause when the process has none left

    // Said in the place of a deferred answer that came too late; none: 503 with Retry-After.
    std::optional<http_answer> too_late;
    // Connections that are not upgraded, all together; more are closed at once. 0: no limit.
    std::size_t http_connections_max = 0;

    // Asked before an upgrade; an answer (429, 403, 503) refuses it.
    std::function<std::optional<http_answer>(const http_request&)> admission;
};

// Counts since the start, for metrics.
struct http_traffic {
    std::uint64_t connections = 0;  // accepted
    std::uint64_t requests = 0;     // whose head was complete or refused
    std::uint64_t refusals = 0;     // answers from 400 on
    std::uint64_t upgrades = 0;
    std::uint64_t slow_heads = 0;     // connections closed since no head was complete in time
    std::uint64_t tls_failed = 0;     // handshakes that did not succeed, whoever ended them
    std::uint64_t refused_heads = 0;  // 431: more header than the limit
    std::uint64_t refused_per_address = 0;
    std::uint64_t refused_full = 0;
    std::uint64_t refused_origin = 0;
    std::uint64_t refused_strangers = 0;  // no trusted proxy, where only those may come
    std::uint64_t bad_proxy_headers = 0;
    std::uint64_t bad_forwarded_for = 0;
};

class listener {
public:
    // Binds and listens; throws std::runtime_error with a sentence when that fails. `events` may
    // only be null when there is no websocket_path.
    listener(boost::asio::io_context& io, connections& upgraded, listener_options options,
             http_routes routes, ws_events* events);
    // Stops accepting and drops the plain HTTP connections; upgraded ones belong to `connections`.
    ~listener();

    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    [[nodiscard]] std::uint16_t local_port() const;
    [[nodiscard]] std::string local_endpoint() const;  // "127.0.0.1:43211", "[::1]:43211"

    // From now on upgrades are answered 503 with Retry-After and answers close their connection.
    void drain();
    // Closes the listening socket: newcomers are refused by the kernel.
    void stop_accepting();

    // Connections not upgraded (yet).
    [[nodiscard]] std::size_t http_count() const;
    [[nodiscard]] const http_traffic& counted() const;

private:
    std::shared_ptr<class http_service> service_;
};

}  // namespace onechat::net
