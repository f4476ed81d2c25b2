// One person of a bench: a correct client of protocol.md that logs in as a guest, talks to whoever
// it meets, resumes after every loss of its line, says unanswered texts again, and checks all it
// hears. It decides nothing by chance and opens no lines itself: bench_crowd does both. No sockets
// and no clock: time is an argument. Main thread.
#pragma once

#include "protocol/client_messages.hpp"
#include "protocol/server_messages.hpp"
#include "server/cli/bench_figures.hpp"
#include "server/cli/bench_record.hpp"
#include "server/peer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <string_view>

namespace onechat::cli {

struct bench_habits {
    std::size_t in_flight = 1;  // texts without an ack, of each person
    std::size_t text_bytes = 100;
    bool scheduled = false;  // says what owe() asks for, instead of whenever there is room
    bool answers = false;    // owes a text for each one that is heard
};

class bench_user {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using line_id = std::uint64_t;

    // Texts that may be owed at once; what exceeds it counts as overdue.
    static constexpr std::size_t owed_max = 4096;

    bench_user(std::uint64_t number, const bench_habits& habits, bench_figures& figures);

    // ---- lines, of which there may be several for a moment ----

    void opened(line_id line, peer& to);
    void received(line_id line, std::string_view text, time_point now);
    void closed(line_id line);
    [[nodiscard]] bool has_line() const { return !lines_.empty(); }

    // ---- what it is asked to do ----

    void find(time_point now);  // and whenever it is idle later on
    void talk(bool on, time_point now);
    void owe(time_point due, time_point now);  // a text of the schedule
    void skip(time_point now);                 // `next`, when it is in a chat
    // No new chats; what is unanswered goes on.
    void rest() { seeks_ = false; }
    // To be called now and then: does what had to wait.
    void nudge(time_point now);

    // ---- how it stands ----

    [[nodiscard]] bool welcomed() const { return current_ != nullptr; }
    [[nodiscard]] bool paired() const { return welcomed() && chat_ != nullptr; }
    // Nothing is unanswered, and no record lacks an event that could be asked for.
    [[nodiscard]] bool settled() const;
    [[nodiscard]] std::string standing() const;  // for a complaint: why it has not settled
    // The line should be opened again: a record has a hole, or the server replaced the wrong line.
    [[nodiscard]] bool wants_new_line() const { return wants_new_line_; }
    // The server said that coming back is of no use.
    [[nodiscard]] bool banished() const { return banished_; }
    [[nodiscard]] std::chrono::milliseconds retry_after() const { return retry_after_; }
    [[nodiscard]] const std::deque<bench_record>& records() const { return records_; }

private:
    struct line {
        line_id id{};
        peer* to = nullptr;
        bench_record* held = nullptr;  // what its `hello` named
        std::uint64_t held_seq = 0;
        bool outdated = false;  // a newer one was welcomed
    };

    void hear(line& over, const protocol::server::welcome& said, time_point now);
    void hear(line& over, const protocol::server::bye& said, time_point now);
    // Over the current line only.
    void hear(const protocol::server::matched& said, time_point now);
    void hear(const protocol::server::event& said, time_point now);
    void hear(const protocol::server::ack& said, time_point now);
    void hear(const protocol::server::nack& said, time_point now);
    void hear(const protocol::server::partner& said, time_point now);
    void hear(const protocol::server::idle& said, time_point now);
    void hear(const protocol::server::error& said, time_point now);

    void acked(std::string_view pair, std::uint64_t cid, std::uint64_t seq, time_point now);
    void shown(std::string_view pair, std::uint64_t seq, std::string_view text, time_point now);
    void enter(const protocol::server::matched& chat);
    void take_own(bench_record& in, const protocol::server::event& said);
    void take(bench_record& in, const protocol::server::event& said);
    void answer_to_held(const line& over, const protocol::server::held_answer& said);
    void caught_up(time_point now);
    void look_for_holes();
    void out_of_order(std::string sentence);

    void seek(time_point now);
    void leave_for_next(time_point now);
    void pump(time_point now);
    void say(bench_record& in, bench_record::unanswered& what);
    void say_open_again();
    template <class Message>
    void send(peer& to, const Message& what);

    [[nodiscard]] bench_record* record_of(std::string_view pair);
    [[nodiscard]] bench_record* to_be_held();

    std::uint64_t number_;
    const bench_habits& habits_;
    bench_figures& figures_;

    std::list<line> lines_;
    line* current_ = nullptr;  // the one that was welcomed last; into lines_
    std::string token_;
    std::int64_t epoch_ = 0;

    std::deque<bench_record> records_;  // references stay valid
    bench_record* chat_ = nullptr;      // the chat that goes on
    bench_record* replayed_ = nullptr;  // until its replay is through
    bool seeks_ = false;
    bool talks_ = false;
    bool waits_ = false;
    bool wants_new_line_ = false;
    bool banished_ = false;
    std::chrono::milliseconds retry_after_{0};
    time_point sought_at_{};
    time_point silent_until_{};  // after a nack

    std::deque<time_point> owed_;
    std::string frame_;
    protocol::client::say say_;
};

}  // namespace onechat::cli
