#include "server/supervisor.hpp"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

namespace onechat {
namespace {

constexpr int first_listener = 3;  // SD_LISTEN_FDS_START

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

// 0 when it isn't a number above it.
std::int64_t number_in(const std::string& text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stopped == end && number > 0 ? number : 0;
}

bool is_for_us(const std::string& pid) {
    return number_in(pid) == ::getpid();
}

}  // namespace

supervisor::given supervisor::environment() {
    return {.notify_socket = variable("NOTIFY_SOCKET"),
            .watchdog_usec = variable("WATCHDOG_USEC"),
            .watchdog_pid = variable("WATCHDOG_PID"),
            .listen_pid = variable("LISTEN_PID"),
            .listen_fds = variable("LISTEN_FDS")};
}

supervisor::supervisor(const given& from) : address_{from.notify_socket} {
    if (is_for_us(from.listen_pid) && number_in(from.listen_fds) > 1) {
        throw std::runtime_error{"systemd gives " + from.listen_fds +
                                 " sockets, and onechat listens on one: leave one ListenStream= "
                                 "in onechat.socket (its address may be [::]:PORT for all)."};
    }
    const bool is_address = address_.size() > 1 && (address_[0] == '/' || address_[0] == '@') &&
                            address_.size() < sizeof(sockaddr_un::sun_path);
    if (is_address) {
        socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    }
    if (from.watchdog_pid.empty() || is_for_us(from.watchdog_pid)) {
        watchdog_ = std::chrono::microseconds{number_in(from.watchdog_usec)};
    }
    if (is_for_us(from.listen_pid) && number_in(from.listen_fds) >= 1 &&
        ::fcntl(first_listener, F_SETFD, FD_CLOEXEC) == 0) {
        listener_ = first_listener;
    }
}

supervisor::~supervisor() {
    if (socket_ >= 0) {
        ::close(socket_);
    }
}

void supervisor::ready(std::string_view status) {
    say("READY=1\nSTATUS=" + std::string{status}, 0);
}

void supervisor::stopping(std::string_view status) {
    say("STOPPING=1\nSTATUS=" + std::string{status}, 0);
}

void supervisor::alive(moment now) {
    if (watchdog_.count() > 0 && now - said_alive_ >= watchdog_ / 2) {
        said_alive_ = now;
        say("WATCHDOG=1", MSG_DONTWAIT);  // the next one is soon enough
    }
}

std::optional<int> supervisor::take_listener() {
    return std::exchange(listener_, std::nullopt);
}

// There is no answer, and a socket that has vanished is not ours to mend.
void supervisor::say(std::string_view lines, int flags) const {
    if (socket_ < 0) {
        return;
    }
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, address_.data(), address_.size());
    if (to.sun_path[0] == '@') {
        to.sun_path[0] = '\0';
    }
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    static_cast<void>(::sendto(socket_, lines.data(), lines.size(), flags | MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&to), size));
}

}  // namespace onechat
