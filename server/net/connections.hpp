// All WebSocket connections of one event loop: owns their sessions, the epoll set, the timing wheel
// and the one read buffer. Not the listening or the connecting (listener, ws_client), which hand
// established connections over with adopt(). Loop thread only.
#pragma once

#include "server/net/address_counts.hpp"
#include "server/net/frame.hpp"
#include "server/net/outbox.hpp"
#include "server/net/poller.hpp"
#include "server/net/transport.hpp"
#include "server/net/wheel.hpp"
#include "server/net/ws_events.hpp"
#include "server/net/ws_options.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace onechat::net {

class ws_session;

// Counts since the start, for metrics and for tests that count system calls.
struct traffic {
    std::uint64_t reads = 0;   // system calls
    std::uint64_t writes = 0;  // system calls
    std::uint64_t bytes_received = 0;
    std::uint64_t bytes_sent = 0;
    std::uint64_t messages_received = 0;
    std::uint64_t messages_sent = 0;
    // Connections failed, by what for.
    std::uint64_t too_big = 0;   // 1009: a message over its limit
    std::uint64_t too_much = 0;  // 1008: fragments, control frames, or a message that took too long
    std::uint64_t violations = 0;  // 1002, 1003, 1007
    std::uint64_t stalled = 0;     // trouble_kind::slow
    std::uint64_t silent = 0;      // trouble_kind::idle
};

class connections final : private poller::batch_events {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using clock = std::function<time_point()>;

    // `read_clock` is for tests, which then call check_deadlines() themselves.
    explicit connections(boost::asio::io_context& io, const ws_options& options = {},
                         clock read_clock = std::chrono::steady_clock::now);
    // Closes every descriptor; no closed() is said. The io_context must still live.
    ~connections();

    connections(const connections&) = delete;
    connections& operator=(const connections&) = delete;

    // Takes over a connected, non-blocking stream socket after its HTTP upgrade, and its
    // descriptor. Calls opened(), then received() for whole messages in `early`, the bytes that
    // came with the upgrade. `place` is held for as long as the descriptor. Not to be called from
    // ws_events.
    void adopt(transport stream, role own, ws_events& events, const remote_address& remote,
               std::string early, address_counts::place place = {});

    // Connections that hold a descriptor, those in their closing handshake included.
    [[nodiscard]] std::size_t count() const { return sessions_.size(); }
    [[nodiscard]] const traffic& counted() const { return traffic_; }
    [[nodiscard]] const ws_options& options() const { return options_; }

    // Sends what is queued now instead of at the next turn of the loop, together with the answers
    // to what has just come in. Does nothing inside a call to ws_events.
    void flush();

    // The same as soon as the loop has handled what waits there already, and once however many ask
    // for it: for what comes in streams, such as completions of the store. Were what has come in
    // taken for each of them, they would queue up behind it. A turn in between will do, with its
    // end.
    void flush_soon();

    // Is called at the end of every turn, when what was queued has been sent. Not to be called from
    // ws_events.
    void at_turn_end(std::function<void()> act) { turn_end_ = std::move(act); }

    // What the wheel's one timer calls every quarter of a second.
    void check_deadlines();

    // Of everything that holds a place: upgraded here, or on its way through a listener.
    [[nodiscard]] const address_counts& addresses() const { return addresses_; }

    // For this folder's own classes.
    [[nodiscard]] address_counts& addresses() { return addresses_; }
    [[nodiscard]] wheel& deadlines() { return wheel_; }
    [[nodiscard]] time_point read_clock() const { return clock_(); }

private:
    friend class ws_session;
    class turn;
    // Of which only the pages that reads have reached are resident.
    static constexpr std::size_t read_bytes_max = std::size_t{256} * 1024;

    struct loop_link;

    void batch_begins() override;
    void batch_ends() override;
    void needs_flush(ws_session& session);
    void bury(ws_session& session);
    void flush_long();
    void flush_all();
    void arm_timer();

    ws_options options_;
    clock clock_;
    std::function<void()> turn_end_ = [] {};
    time_point now_;
    traffic traffic_;
    address_counts addresses_;  // before all that may hold a place
    wheel wheel_;
    poller poller_;
    outbox_pool outboxes_;
    std::unique_ptr<char[]> read_buffer_;
    std::vector<ws_session*> sessions_;
    std::vector<ws_session*> dirty_;
    std::vector<std::unique_ptr<ws_session>> buried_;
    std::uint64_t last_id_ = 0;
    bool in_turn_ = false;
    bool flush_due_ = false;
    std::thread::id owner_ = std::this_thread::get_id();
    std::shared_ptr<loop_link> loop_;
};

}  // namespace onechat::net
