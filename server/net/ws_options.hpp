// The limits of WebSocket connections, one set for all connections of one owner. The defaults are
// protocol.md's ("Transport", "Close codes") for the server's end.
#pragma once

#include <chrono>
#include <cstddef>

namespace onechat::net {

// What one incoming message may be; broken with the close code named.
struct message_limits {
    std::size_t message_bytes_max = std::size_t{32} * 1024;  // 1009
    unsigned fragments_max = 16;                             // 1008
    unsigned control_frames_max = 10;                        // 1008: pings and unasked pongs ...
    std::chrono::steady_clock::duration control_window = std::chrono::seconds{10};  // ... in any
    bool binary_allowed = false;                                                    // 1003
};

struct ws_options {
    using duration = std::chrono::steady_clock::duration;

    message_limits message;
    duration message_time_max = std::chrono::seconds{10};  // first byte to last, else 1008

    std::size_t outbox_bytes_max = std::size_t{256} * 1024;  // passed: trouble_kind::slow
    duration stall_max = std::chrono::seconds{10};           // no progress: trouble_kind::slow
    std::size_t paced_bytes = std::size_t{16} * 1024;        // see ws_events::drained

    duration ping_after = std::chrono::seconds{25};  // of silence, and again each time
    duration idle_after = std::chrono::seconds{75};  // of silence: trouble_kind::idle

    duration flush_max = std::chrono::seconds{10};      // for last words and close to leave
    duration close_wait_max = std::chrono::seconds{5};  // then for the peer's own close
    duration linger_max = std::chrono::seconds{2};      // then for its end of the TCP stream
};

}  // namespace onechat::net
