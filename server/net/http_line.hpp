// One connection of http_client: TCP, TLS for https, then one call after the other. Which address
// it goes to is http_places', and which call goes over which connection http_client's. Loop thread
// only.
#pragma once

#include "server/net/http_response.hpp"
#include "server/net/timed_socket.hpp"
#include "server/net/tls_connector.hpp"
#include "server/net/url.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace onechat::net {

class http_line {
public:
    using address = boost::asio::ip::tcp::endpoint;

    // What a connection is made from; outlives the making.
    struct attempt {
        loop_executor executor;
        connections* clock;
        tls_connector* tls;
        url to;
        std::chrono::steady_clock::duration time_max;
    };

    // The one trouble that says nothing of the call: the server may not have got it.
    static constexpr auto went_away = "went away before it answered";

    explicit http_line(const attempt& made_from)
        : socket_(*made_from.clock, loop_socket{made_from.executor}) {}

    // Empty, or what went wrong, as the rest of a sentence that begins with the host.
    [[nodiscard]] loop_task<std::string> connect(attempt made_from, address where);

    // The answer to that request; when the connection ends before it is complete, an incomplete one
    // with the bytes that came.
    [[nodiscard]] loop_task<http_response> exchange(std::string request,
                                                    std::size_t body_bytes_max);

    // Open, and nothing has come that nobody asked for, an end least of all.
    [[nodiscard]] bool is_quiet() const;

    // From now; then it is closed.
    void allow(std::chrono::steady_clock::duration time) { socket_.allow(time); }
    void close() { socket_.close(); }

private:
    timed_socket socket_;
};

}  // namespace onechat::net
