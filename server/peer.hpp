// All that the rest of the server knows of a connection: it can be given text and it can be closed.
// Not the socket, its bytes or its address. Implemented by net::ws_session, and by a recorder in
// tests. Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace onechat {

class peer {
public:
    // Queues one text message. Messages queued in one turn of the loop leave together, unless they
    // would pass the outbox's limit: then what waits is sent first. Where the socket doesn't take
    // enough of it, nothing is queued and the connection is reported as slow.
    virtual void send(std::string_view text) = 0;

    // Queues `last_words` (nothing when empty; allowed beyond the outbox limit), then the close
    // frame. Nothing can be sent after it; what the client says from now on is dropped.
    // `code` is 1000 or 4000-4999 (RFC 6455, section 7.4); `reason` at most 123 bytes.
    virtual void close(std::uint16_t code, std::string_view reason,
                       std::string_view last_words) = 0;

    // Bytes waiting to be sent: what paces a replay.
    [[nodiscard]] virtual std::size_t outbox_bytes() const = 0;

protected:
    ~peer() = default;
};

}  // namespace onechat
