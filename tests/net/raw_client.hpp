// A client that speaks by hand over a blocking connect and non-blocking bytes, plainly or over TLS
// by OpenSSL alone: none of our own code is in it, so that it can find fault with ours.
#pragma once

#include "tests/support/catch.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace onechat::net {

class raw_client {
public:
    // All of 127.0.0.0/8 is this machine: `source` may be any of it.
    explicit raw_client(std::uint16_t port, int receive_buffer = 0, const char* source = nullptr)
        : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in own{};
        own.sin_family = AF_INET;
        if (source != nullptr) {
            REQUIRE(::inet_pton(AF_INET, source, &own.sin_addr) == 1);
            const auto address = generic(own);
            REQUIRE(::bind(descriptor_, &address, sizeof own) == 0);
        }
        if (receive_buffer != 0) {
            ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                         sizeof receive_buffer);
        }
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const auto address = generic(to);
        REQUIRE(::connect(descriptor_, &address, sizeof to) == 0);
        ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
    }
    // As a crash does over TLS: without a close_notify.
    ~raw_client() {
        tls_.reset();
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    raw_client(raw_client&& other) noexcept
        : received(std::move(other.received)),
          ended(other.ended),
          reset(other.reset),
          abrupt(other.abrupt),
          descriptor_(std::exchange(other.descriptor_, -1)),
          tls_(std::move(other.tls_)) {}
    raw_client& operator=(raw_client&&) = delete;

    // From here on over TLS; shake_hands() goes on with it and is true when that is done.
    void begin_tls(SSL_CTX& settings) {
        tls_.reset(SSL_new(&settings), SSL_free);
        SSL_set_fd(tls_.get(), descriptor_);
        SSL_set_connect_state(tls_.get());
    }
    [[nodiscard]] bool shake_hands() {
        ERR_clear_error();
        return SSL_do_handshake(tls_.get()) == 1;
    }
    [[nodiscard]] SSL* tls() { return tls_.get(); }
    [[nodiscard]] int descriptor() const { return descriptor_; }

    void send(std::string_view bytes) {
        if (tls_) {
            ERR_clear_error();
            REQUIRE(SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) ==
                    static_cast<int>(bytes.size()));
            return;
        }
        send_plainly(bytes);
    }
    // Whatever is spoken.
    void send_plainly(std::string_view bytes) {
        REQUIRE(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(bytes.size()));
    }
    void end_writing() {
        if (tls_) {
            SSL_shutdown(tls_.get());
        }
        ::shutdown(descriptor_, SHUT_WR);
    }
    // Closing resets the connection, as a crash does.
    void reset_on_close() {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }

    // Takes in what has come.
    raw_client& read() {
        std::array<char, 65536> bytes;
        while (tls_) {
            ERR_clear_error();
            const int got = SSL_read(tls_.get(), bytes.data(), static_cast<int>(bytes.size()));
            if (got <= 0) {
                note_end(SSL_get_error(tls_.get(), got));
                return *this;
            }
            received.append(bytes.data(), static_cast<std::size_t>(got));
        }
        for (;;) {
            const auto got = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
            if (got > 0) {
                received.append(bytes.data(), static_cast<std::size_t>(got));
                continue;
            }
            if (got == 0) {
                ended = true;
            } else if (errno == ECONNRESET) {
                ended = true;
                reset = true;
            }
            return *this;
        }
    }

    std::string received;
    bool ended = false;
    bool reset = false;
    bool abrupt = false;  // over TLS: ended without a close_notify

private:
    void note_end(int why) {
        if (why == SSL_ERROR_WANT_READ) {
            return;
        }
        ended = true;
        abrupt = why != SSL_ERROR_ZERO_RETURN;
        reset = why == SSL_ERROR_SYSCALL && errno == ECONNRESET;
    }

    static sockaddr generic(const sockaddr_in& own) {
        sockaddr address{};
        static_assert(sizeof address == sizeof own);
        std::memcpy(&address, &own, sizeof own);
        return address;
    }

    int descriptor_;
    std::shared_ptr<SSL> tls_;
};

// What a client of any make would bring; believes everybody.
inline std::shared_ptr<SSL_CTX> test_client_tls() {
    return {SSL_CTX_new(TLS_client_method()), SSL_CTX_free};
}

}  // namespace onechat::net
