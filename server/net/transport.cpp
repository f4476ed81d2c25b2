#include "server/net/transport.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace onechat::net {

transport::result transport::read(std::span<char> into) {
    if (tls_) {
        return tls_.read(descriptor_, into);
    }
    for (;;) {
        const auto got = ::recv(descriptor_, into.data(), into.size(), 0);
        if (got > 0) {
            const auto bytes = static_cast<std::size_t>(got);
            return {.what = outcome::moved, .more = bytes == into.size(), .bytes = bytes};
        }
        if (got == 0) {
            return {.what = outcome::ended};
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return {.what = outcome::wants_read};
        }
        if (errno != EINTR) {
            return {.what = outcome::failed};
        }
    }
}

transport::result transport::write(std::string_view bytes) {
    if (tls_) {
        return tls_.write(descriptor_, bytes);
    }
    for (;;) {
        const auto put = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (put >= 0) {
            return {.what = outcome::moved, .bytes = static_cast<std::size_t>(put)};
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return {.what = outcome::wants_write};
        }
        if (errno != EINTR) {
            return {.what = outcome::failed};
        }
    }
}

void transport::end_writing() {
    if (tls_) {
        tls_.end_writing(descriptor_);
    }
    ::shutdown(descriptor_, SHUT_WR);
}

void transport::close() {
    if (descriptor_ >= 0) {
        if (tls_) {
            tls_.end_writing(descriptor_);
        }
        ::close(descriptor_);
        descriptor_ = -1;
    }
}

void send_without_delay(int descriptor) {
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void acknowledge_with_answer(int descriptor) {
    const int off = 0;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_QUICKACK, &off, sizeof off);
}

}  // namespace onechat::net
