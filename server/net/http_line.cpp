#include "server/net/http_line.hpp"

#include <utility>

namespace onechat::net {

loop_task<std::string> http_line::connect(attempt made_from, address where) {
    allow(made_from.time_max);
    auto [error] = co_await socket_.socket().async_connect(where, as_result);
    if (error) {
        co_return "cannot be reached: " +
            (socket_.timed_out() ? std::string{"it takes too long"} : error.message());
    }
    socket_.socket().native_non_blocking(true, error);
    socket_.connected();
    send_without_delay(socket_.socket().native_handle());
    if (!made_from.to.secure) {
        co_return std::string{};
    }
    auto tls = made_from.tls->towards(made_from.to.host);
    if (tls.has_error()) {
        co_return "cannot be trusted: " + tls.error().sentence;
    }
    auto trouble = co_await socket_.shake_hands(*std::move(tls));
    co_return trouble;
}

loop_task<http_response> http_line::exchange(std::string request, std::size_t body_bytes_max) {
    http_response answer;
    const bool written = co_await socket_.write_all(std::move(request));
    if (!written) {
        co_return answer;
    }
    std::string received;
    for (;;) {
        const bool more = co_await socket_.read_some(received);
        if (!more) {
            answer.bytes = received.size();
            co_return answer;
        }
        answer = read_response(received, body_bytes_max);
        if (answer.what == http_response::state::complete) {
            // Bytes that nobody asked for belong to no call.
            answer.keep_alive = answer.keep_alive && answer.bytes == received.size();
        }
        if (answer.what != http_response::state::incomplete) {
            co_return answer;
        }
    }
}

bool http_line::is_quiet() const {
    return socket_.is_quiet();
}

}  // namespace onechat::net
