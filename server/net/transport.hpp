// Reads and writes on one connected, non-blocking stream socket, plainly or through TLS, and says
// in its own words what came of it. Owns the TLS connection, not the descriptor: who holds that
// closes it (Asio's socket during HTTP, ws_session after the upgrade). Loop thread only.
#pragma once

#include "server/net/io_result.hpp"
#include "server/net/tls_stream.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace onechat::net {

class transport {
public:
    using outcome = io_outcome;
    using result = io_result;

    static constexpr std::size_t read_bytes_min = tls_stream::read_bytes_min;

    transport() = default;
    explicit transport(int descriptor, tls_stream tls = {})
        : tls_(std::move(tls)), descriptor_(descriptor) {}

    [[nodiscard]] int descriptor() const { return descriptor_; }
    [[nodiscard]] bool is_tls() const { return static_cast<bool>(tls_); }

    // Over TLS, before anything else, until it has moved; why it has failed, ask at once.
    [[nodiscard]] result handshake() { return tls_.handshake(descriptor_); }
    [[nodiscard]] std::string handshake_trouble() const { return tls_.trouble(); }

    // `into` is of read_bytes_min at least.
    [[nodiscard]] result read(std::span<char> into);
    // May move less than given; then give what is left again, and more behind it if you like.
    [[nodiscard]] result write(std::string_view bytes);

    // We have said all we had to say; reading goes on.
    void end_writing();
    void close();

private:
    tls_stream tls_;
    int descriptor_ = -1;
};

// TCP_NODELAY: what one turn of the loop gathered must not wait for an acknowledgement.
void send_without_delay(int descriptor);

// Before a read: that what is read is acknowledged together with what is said next, or after 40 ms
// as a rule, and not by a packet of its own at once (delayed acknowledgements, RFC 1122, section
// 4.2.3.2). A second segment before that still is. To be said anew each time, since the kernel
// takes it back as it thinks best (tcp(7), TCP_QUICKACK).
void acknowledge_with_answer(int descriptor);

}  // namespace onechat::net
