// A TCP socket for a coroutine that speaks HTTP, from either end, plainly or through TLS: reads and
// writes that wait, under one deadline kept by the wheel. It waits for readiness without holding a
// buffer. Loop thread only.
#pragma once

#include "server/net/connections.hpp"
#include "server/net/transport.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace onechat::net {

using loop_executor = boost::asio::io_context::executor_type;
using loop_timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, loop_executor>;
using loop_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, loop_executor>;
template <class T>
using loop_task = boost::asio::awaitable<T, loop_executor>;
// Errors come back as values. Each co_await stands as a statement of its own, never in a condition:
// g++ 12 miscompiles those.
inline constexpr auto as_result =
    boost::asio::as_tuple(boost::asio::use_awaitable_t<loop_executor>{});

class timed_socket final : private wheel::entry {
public:
    using duration = std::chrono::steady_clock::duration;

    timed_socket(connections& owner, loop_socket socket);

    // From now; replaces the deadline before. When it is over the socket is closed.
    void allow(duration time);
    [[nodiscard]] bool timed_out() const { return timed_out_; }

    // To be called when socket() has been connected after it was given.
    void connected() { stream_ = transport{socket_.native_handle()}; }

    // Waits for the first byte without taking it; false as read_some().
    [[nodiscard]] loop_task<bool> readable();
    // The byte that would be read next; '\0' when there is none.
    [[nodiscard]] char peek() const;
    // Whether it is open and nothing waits to be read, neither bytes nor the end.
    [[nodiscard]] bool is_quiet() const;

    // Waits for bytes and appends what has come, `most` at most, without taking it; false as
    // read_some().
    [[nodiscard]] loop_task<bool> peek_some(std::string& into, std::size_t most);
    // Forgets the next bytes, which have been seen. Not after shake_hands().
    void skip(std::size_t bytes);

    // From here on everything goes through TLS. Empty when that is agreed on, else why not, as the
    // rest of a sentence that begins with the other end.
    [[nodiscard]] loop_task<std::string> shake_hands(tls_stream tls);

    // Appends what has come; false at the end of the stream, on an error, after the deadline.
    [[nodiscard]] loop_task<bool> read_some(std::string& into);
    [[nodiscard]] loop_task<bool> write_all(std::string bytes);

    // Ends our half and waits for the end of the other: closing at once with bytes unread would
    // reset the connection and could destroy our last answer on its way.
    [[nodiscard]] loop_task<void> linger(duration time);

    void close();
    // Gives the descriptor away, and the TLS over it; without one when that fails.
    [[nodiscard]] transport release();
    [[nodiscard]] loop_socket& socket() { return socket_; }

private:
    void expired(std::chrono::steady_clock::time_point now) override;

    connections& owner_;
    loop_socket socket_;
    transport stream_;  // on the socket's descriptor; only while that is open
    bool timed_out_ = false;
};

}  // namespace onechat::net
