// Asks other servers over HTTP or HTTPS: each call has a deadline for all of it, connections are
// kept alive and used again, and nothing grows without bound (connections and waiting calls of each
// lane to a host, head and body of an answer). Not what is asked or how often to try: that is
// server/platform's. No redirects, no cookies, no proxies. Loop thread only.
#pragma once

#include "server/net/http.hpp"
#include "server/net/http_places.hpp"
#include "server/net/timed_socket.hpp"
#include "server/net/tls_connector.hpp"
#include "server/net/url.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::net {

// http:// or https://.
[[nodiscard]] boost::system::result<url, bad_url> parse_http_url(std::string_view text);

// As a value of a query: all but letters, digits and "-._~" as %XX (RFC 3986, section 2.3).
[[nodiscard]] std::string percent_encoded(std::string_view text);

// Who shares connections to a host: the calls of one lane never wait for those of another.
struct http_lane {
    std::string name{};
    std::size_t connections_max = 16;
    std::size_t waiting_max = 256;  // calls that wait for a connection
};

struct http_call {
    url to{};  // its path and query may hold secrets: they are in no sentence of ours
    std::string method = "GET";
    std::string body{};  // JSON, if any
    // Further ones, which may hold secrets as well. REQUIRES: no line ends in them.
    std::vector<http_header> headers{};
    http_lane lane{};
    // From the call to the last byte of its answer; waiting for a connection counts.
    std::chrono::steady_clock::duration time_max = std::chrono::seconds{5};
    // Whether it may reach the server twice: then it is said once more when a connection that was
    // kept turns out to be closed, as it is for no fault of anybody's.
    bool repeatable = true;
};

struct http_outcome {
    enum class kind : std::uint8_t {
        answered,     // with any status
        crowded,      // too many calls of its lane wait, or for too long; nothing was sent
        unreachable,  // no connection, or not a trustworthy one; nothing was sent
        broken,       // the connection ended before the answer did
        malformed,    // what came is no acceptable answer
        timed_out,
    };

    kind what = kind::broken;
    unsigned status = 0;
    std::string body{};
    // What went wrong, as the rest of a sentence that begins with the host.
    std::string trouble{};
    // Whether the server may have heard of the call.
    bool sent = false;
    // Of its time: what passed before it had a place for a connection.
    std::chrono::steady_clock::duration waited{};
};

struct http_client_options {
    std::size_t body_bytes_max = std::size_t{64} * 1024;
    std::chrono::steady_clock::duration keep_alive = std::chrono::seconds{30};  // without a call
    // For one of a host's addresses; then the next is tried.
    std::chrono::steady_clock::duration connect_max = std::chrono::seconds{2};
    // For tests; nothing: the system's.
    http_places::resolver resolve{};
};

class http_client {
public:
    using done = std::function<void(http_outcome)>;

    // `clock` is the owner of the timing wheel that keeps the deadlines; it must outlive this.
    http_client(boost::asio::io_context& io, connections& clock, tls_trust trust = {},
                const http_client_options& options = {});
    // Calls under way are dropped without a word.
    ~http_client();

    http_client(const http_client&) = delete;
    http_client& operator=(const http_client&) = delete;

    // Empty, or a sentence why nobody can be trusted: the file of the certificates can't be read.
    [[nodiscard]] std::string trouble();

    // `finished` is called once, never during this call.
    void call(http_call what, done finished);
    // The same for a coroutine of the loop; when the client dies meanwhile, so does the coroutine.
    [[nodiscard]] loop_task<http_outcome> fetch(http_call what);

    // For the coroutines and timers of those who call.
    [[nodiscard]] loop_executor executor() const;

    struct figures {
        std::size_t busy = 0;       // connections in a call, or on the way to one
        std::size_t kept = 0;       // connections without one
        std::size_t waiting = 0;    // calls
        std::uint64_t opened = 0;   // connections, since the start
        std::uint64_t crowded = 0;  // calls refused, since the start
    };
    [[nodiscard]] figures counted() const;

private:
    std::shared_ptr<class http_calls> calls_;
};

}  // namespace onechat::net
