#include "server/net/timed_socket.hpp"

#include "server/net/transport.hpp"

#include <array>
#include <span>
#include <string_view>
#include <utility>

namespace onechat::net {
namespace {

// What a peer may still send after our last answer before we stop being polite.
constexpr std::size_t lingering_bytes_max = std::size_t{1024} * 1024;

// Not in the coroutine, whose frame would have to hold the bytes while it waits.
transport::result read_now(int descriptor, std::string& into) {
    std::array<char, 8192> bytes;
    const auto got = transport{descriptor}.read(bytes);
    into.append(bytes.data(), got.bytes);
    return got;
}

}  // namespace

timed_socket::timed_socket(connections& owner, loop_socket socket)
    : owner_(owner), socket_(std::move(socket)) {}

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

int timed_socket::release() {
    cancel();
    boost::system::error_code error;
    const int descriptor = socket_.release(error);
    return error ? -1 : descriptor;
}

loop_task<bool> timed_socket::read_some(std::string& into) {
    while (socket_.is_open()) {
        switch (read_now(socket_.native_handle(), into).what) {
            case transport::outcome::moved:
                co_return true;
            case transport::outcome::ended:
            case transport::outcome::failed:
                co_return false;
            case transport::outcome::wants_read:
            case transport::outcome::wants_write:
                break;
        }
        const auto [error] = co_await socket_.async_wait(loop_socket::wait_read, as_result);
        if (error) {
            co_return false;
        }
    }
    co_return false;
}

loop_task<bool> timed_socket::write_all(std::string bytes) {
    std::string_view left = bytes;
    while (socket_.is_open()) {
        const auto put = transport{socket_.native_handle()}.write(left);
        if (put.what == transport::outcome::failed) {
            co_return false;
        }
        left.remove_prefix(put.bytes);
        if (left.empty()) {
            co_return true;
        }
        const auto [error] = co_await socket_.async_wait(loop_socket::wait_write, as_result);
        if (error) {
            co_return false;
        }
    }
    co_return false;
}

loop_task<void> timed_socket::linger(duration time) {
    allow(time);
    boost::system::error_code ignored;
    socket_.shutdown(loop_socket::shutdown_send, ignored);
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
