// One upgraded WebSocket connection: reads frames, queues and sends them, pings, closes in order.
// Knows neither what is said nor who says it. It owns no buffer while nothing is under way: idle it
// costs its own size. Made and owned by `connections`. Loop thread only.
#pragma once

#include "server/net/address_counts.hpp"
#include "server/net/message_assembler.hpp"
#include "server/net/outbox.hpp"
#include "server/net/poller.hpp"
#include "server/net/transport.hpp"
#include "server/net/wheel.hpp"
#include "server/net/ws_events.hpp"
#include "server/peer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace onechat::net {

class connections;

class ws_session final : public peer, private poller::pollable, private wheel::entry {
public:
    using time_point = std::chrono::steady_clock::time_point;

    ws_session(connections& owner, transport stream, role own, ws_events& events, connection_id id);
    ~ws_session();

    ws_session(const ws_session&) = delete;
    ws_session& operator=(const ws_session&) = delete;

    void send(std::string_view text) override;
    void close(std::uint16_t code, std::string_view reason, std::string_view last_words) override;
    [[nodiscard]] std::size_t outbox_bytes() const override;

    // As send(), in a binary message.
    void send_binary(std::string_view bytes);

private:
    friend class connections;

    // Each leads to a later one only.
    enum class stage : std::uint8_t {
        open,
        awaiting_close,  // our close is queued or sent; of what comes only a close matters
        finishing,       // nothing more is read; the rest of the outbox is on its way
        lingering,       // all is sent; we wait for the end of the peer's bytes, so that closing
                         // does not reset the connection and destroy what it has not read yet
        dead,
    };

    // For `connections`.
    void start(std::span<char> early);
    void flush();

    void ready(poller::readiness now_ready) override;
    void expired(time_point now) override;

    [[nodiscard]] bool read_once(bool to_the_end);
    void take(std::span<char> bytes);
    void take_open(const arrival& got);
    void peer_closed(std::uint16_t code);
    void fail(std::uint16_t code, std::string_view why);

    void queue_message(opcode op, std::string_view payload);
    [[nodiscard]] bool fits(std::size_t payload_bytes) const;
    void send_early();
    void queue(opcode op, std::string_view payload);
    void queue_close(std::uint16_t code, std::string_view reason);
    void write_outbox();
    void outbox_emptied(bool tell);

    void finish();
    void stream_ended();
    void lost();
    void report(trouble_kind kind);
    void report_closed();

    void check_open(time_point now);
    [[nodiscard]] time_point next_deadline() const;

    connections& owner_;
    ws_events& events_;
    connection_id id_;
    std::unique_ptr<outbox> outbox_;
    message_assembler incoming_;
    address_counts::place place_;
    time_point heard_;       // the last byte that came in
    time_point stalled_;     // while blocked_: since when nothing could be sent
    time_point closing_by_;  // after `open`
    transport transport_;
    std::uint32_t index_ = 0;  // among the owner's sessions
    role own_;
    stage stage_ = stage::open;
    std::uint8_t pings_ = 0;    // sent since the peer was last heard
    bool dirty_ : 1 = false;    // in the owner's list of those to flush
    bool blocked_ : 1 = false;  // the kernel took no more; we hear when it does
    bool overflowed_ : 1 = false;
    bool paced_ : 1 = false;       // the outbox has grown enough for drained() to be awaited
    bool peer_ended_ : 1 = false;  // its end of the TCP stream came before ours
    bool crossed_ : 1 = false;     // TLS: reading waits for writability, or the other way round
    bool trouble_told_ : 1 = false;
    bool close_told_ : 1 = false;
};

// For a handler that speaks binary: the peers of net are sessions.
void send_binary(peer& to, std::string_view bytes);

}  // namespace onechat::net
