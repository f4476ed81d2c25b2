#include "server/net/timed_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <sys/socket.h>
#include <utility>

namespace onechat::net {
namespace {

// What a peer may still send after our last answer before we stop being polite.
constexpr std::size_t lingering_bytes_max = std::size_t{1024} * 1024;

// Not in the coroutine, whose frame would have to hold the bytes while it waits.
transport::result read_now(transport& stream, std::string& into) {
    std::array<char, transport::read_bytes_min> bytes;
    const auto got = stream.read(bytes);
    into.append(bytes.data(), got.bytes);
    return got;
}

loop_socket::wait_type wait_for(transport::result met) {
    return met.what == transport::outcome::wants_write ? loop_socket::wait_write
                                                       : loop_socket::wait_read;
}

}  // namespace

timed_socket::timed_socket(connections& owner, loop_socket socket)
    : owner_(owner), socket_(std::move(socket)), stream_(socket_.native_handle()) {}

void timed_socket::allow(duration time) {
    owner_.deadlines().schedule(*this, owner_.read_clock() + time);
}

void timed_socket::expired(std::chrono::steady_clock::time_point) {
    timed_out_ = true;
    close();
}

void timed_socket::close() {
    boost::system::error_code ignored;
    socket_.close(ignored);
}

transport timed_socket::release() {
    cancel();
    boost::system::error_code error;
    socket_.release(error);
    return error ? transport{} : std::move(stream_);
}

loop_task<bool> timed_socket::readable() {
    if (!socket_.is_open()) {
        co_return false;
    }
    const auto [error] = co_await socket_.async_wait(loop_socket::wait_read, as_result);
    co_return !error;
}

char timed_socket::peek() const {
    char first = '\0';
    return ::recv(stream_.descriptor(), &first, 1, MSG_PEEK) == 1 ? first : '\0';
}

bool timed_socket::is_quiet() const {
    char first = '\0';
    return socket_.is_open() &&
           ::recv(stream_.descriptor(), &first, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

loop_task<bool> timed_socket::peek_some(std::string& into, std::size_t most) {
    while (socket_.is_open()) {
        const auto [error] = co_await socket_.async_wait(loop_socket::wait_read, as_result);
        if (error) {
            co_return false;
        }
        const std::size_t before = into.size();
        into.resize(before + most);
        const auto got = ::recv(stream_.descriptor(), into.data() + before, most, MSG_PEEK);
        const int trouble = errno;
        into.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
        if (got > 0) {
            co_return true;
        }
        if (got == 0 || (trouble != EAGAIN && trouble != EINTR)) {
            co_return false;
        }
    }
    co_return false;
}

void timed_socket::skip(std::size_t bytes) {
    std::array<char, 512> dropped;
    while (bytes > 0) {
        const auto got =
            ::recv(stream_.descriptor(), dropped.data(), std::min(bytes, dropped.size()), 0);
        if (got <= 0) {
            return;  // whoever reads on finds out why
        }
        bytes -= static_cast<std::size_t>(got);
    }
}

loop_task<std::string> timed_socket::shake_hands(tls_stream tls) {
    stream_ = transport{stream_.descriptor(), std::move(tls)};
    while (socket_.is_open()) {
        const auto met = stream_.handshake();
        if (met.what == transport::outcome::moved) {
            co_return std::string{};
        }
        if (met.what == transport::outcome::failed) {
            co_return stream_.handshake_trouble();
        }
        if (met.what == transport::outcome::ended) {
            break;
        }
        const auto [error] = co_await socket_.async_wait(wait_for(met), as_result);
        if (error) {
            break;
        }
    }
    co_return "went away during the TLS handshake";
}

loop_task<bool> timed_socket::read_some(std::string& into) {
    while (socket_.is_open()) {
        const auto met = read_now(stream_, into);
        switch (met.what) {
            case transport::outcome::moved:
                co_return true;
            case transport::outcome::ended:
            case transport::outcome::failed:
                co_return false;
            case transport::outcome::wants_read:
            case transport::outcome::wants_write:
                break;
        }
        const auto [error] = co_await socket_.async_wait(wait_for(met), as_result);
        if (error) {
            co_return false;
        }
    }
    co_return false;
}

loop_task<bool> timed_socket::write_all(std::string bytes) {
    std::string_view left = bytes;
    while (socket_.is_open()) {
        const auto put = stream_.write(left);
        if (put.what == transport::outcome::failed || put.what == transport::outcome::ended) {
            co_return false;
        }
        left.remove_prefix(put.bytes);
        if (left.empty()) {
            co_return true;
        }
        const auto wanted = put.what == transport::outcome::wants_read ? loop_socket::wait_read
                                                                       : loop_socket::wait_write;
        const auto [error] = co_await socket_.async_wait(wanted, as_result);
        if (error) {
            co_return false;
        }
    }
    co_return false;
}

loop_task<void> timed_socket::linger(duration time) {
    allow(time);
    if (socket_.is_open()) {
        stream_.end_writing();
    }
    std::string dropped;
    std::size_t count = 0;
    bool more = true;
    while (more && count <= lingering_bytes_max) {
        more = co_await read_some(dropped);
        count += dropped.size();
        dropped.clear();
    }
}

}  // namespace onechat::net
