// What the rest of the program hears from WebSocket connections: opened, received, in trouble,
// drained, closed. Not the bytes, and nothing of what the texts mean. Loop thread only.
//
// From inside every one of these calls it is safe to send on, and to close, any connection: both
// queue, and further calls come when the current one has returned. Only what a full outbox holds
// may leave at once, to make room.
#pragma once

#include "server/net/remote_address.hpp"
#include "server/peer.hpp"

#include <cstdint>
#include <string_view>

namespace onechat::net {

// Never used again within one process.
enum class connection_id : std::uint64_t {};

enum class trouble_kind : std::uint8_t {
    slow,  // the outbox limit was passed (what was to be sent is not queued), or nothing could be
           // sent for a while though bytes wait
    idle,  // nothing came in for long, pings included
};

class ws_events {
public:
    // The peer lives until closed() has returned.
    virtual void opened(connection_id, peer&, const remote_address&) = 0;

    // One whole text message of valid UTF-8; the view dies with the call.
    virtual void received(connection_id, std::string_view text) = 0;

    // Said once; answer with peer.close(code, reason, last words). Without an answer the connection
    // is closed with 1008. After `slow` whatever is sent but last words is dropped, so that the
    // client sees no gap.
    virtual void trouble(connection_id, trouble_kind) = 0;

    // The outbox became empty after it could not be sent at once, or after it had grown beyond
    // ws_options::paced_bytes: what paces a replay (send a page, wait for this, send the next).
    virtual void drained(connection_id) = 0;

    // Exactly once for each opened(), whoever closed; the peer is dead afterwards. After the
    // handler's own close() it comes when the client has answered or its time is over.
    virtual void closed(connection_id) = 0;

    // Only when ws_options::binary_allowed.
    virtual void received_binary(connection_id, std::string_view) {}

protected:
    ~ws_events() = default;
};

}  // namespace onechat::net
