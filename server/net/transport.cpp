#include "server/net/transport.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace onechat::net {

transport::result transport::read(std::span<char> into) const {
    for (;;) {
        const auto got = ::recv(descriptor_, into.data(), into.size(), 0);
        if (got > 0) {
            return {outcome::moved, static_cast<std::size_t>(got)};
        }
        if (got == 0) {
            return {outcome::ended};
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return {outcome::wants_read};
        }
        if (errno != EINTR) {
            return {outcome::failed};
        }
    }
}

transport::result transport::write(std::string_view bytes) const {
    for (;;) {
        const auto put = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (put >= 0) {
            return {outcome::moved, static_cast<std::size_t>(put)};
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return {outcome::wants_write};
        }
        if (errno != EINTR) {
            return {outcome::failed};
        }
    }
}

void transport::end_writing() const {
    ::shutdown(descriptor_, SHUT_WR);
}

void transport::close() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
        descriptor_ = -1;
    }
}

void send_without_delay(int descriptor) {
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

}  // namespace onechat::net
