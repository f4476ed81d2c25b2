// One end of one TLS connection: OpenSSL's `SSL` over a non-blocking descriptor, in the words of
// `transport`, which is how the rest of the folder uses it. Empty it stands for a plain connection.
// Never waits, and between calls it holds no byte that could be read without the descriptor
// becoming readable, so epoll tells enough. Not the descriptor's owner. Loop thread only.
#pragma once

#include "server/net/io_result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace onechat::net {

class tls_stream {
public:
    // What read() must be given at least: what OpenSSL may already hold of one record, and as much
    // again to read into.
    static constexpr std::size_t read_bytes_min = std::size_t{32} * 1024;

    enum class side : bool { server, client };

    tls_stream() = default;
    tls_stream(ssl_ctx_st& settings, side own);

    [[nodiscard]] explicit operator bool() const { return ssl_ != nullptr; }
    // For what the contexts set on one connection.
    [[nodiscard]] ssl_st& native() const { return *ssl_; }

    // To be called until it has moved, before anything else.
    [[nodiscard]] io_result handshake(int descriptor);
    // Why the handshake failed, as words; ask at once.
    [[nodiscard]] std::string trouble() const;

    // It takes in so much at a time that everybody else has a turn, and little that is not for us:
    // a connection that goes on about its keys has ended.
    [[nodiscard]] io_result read(int descriptor, std::span<char> into);
    // What it did not take must be given again, more may follow it, and it may have moved.
    [[nodiscard]] io_result write(int descriptor, std::string_view bytes);

    // Says that we have said all (close_notify), if that can be said without waiting.
    void end_writing(int descriptor);

private:
    struct free_ssl {
        void operator()(ssl_st* ssl) const;
    };

    std::unique_ptr<ssl_st, free_ssl> ssl_;
    std::uint8_t handshake_records_ = 0;  // since the handshake
};

}  // namespace onechat::net
