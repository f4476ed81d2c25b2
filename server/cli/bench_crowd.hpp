// The crowd of a bench: lets its users arrive, meet and talk, plays what happens to phones, and
// looks at the end whether everybody has seen everything. Decides when, by a clock and seeded
// chance; what a user then says is bench_user's. Main thread.
#pragma once

#include "server/cli/bench_figures.hpp"
#include "server/cli/bench_lines.hpp"
#include "server/cli/bench_options.hpp"
#include "server/cli/bench_slices.hpp"
#include "server/cli/bench_user.hpp"
#include "server/cli/process_usage.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <queue>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace onechat::cli {

class bench_crowd final : private bench_lines::events {
public:
    explicit bench_crowd(const bench_options& options);

    // Throws std::runtime_error with a sentence when the server cannot be talked to.
    void run();

    [[nodiscard]] const bench_figures& figures() const { return figures_; }
    [[nodiscard]] std::chrono::nanoseconds measured_time() const { return measured_; }
    // Of the measured time: what is on its way at its end is acked behind it.
    [[nodiscard]] std::uint64_t acked() const { return acked_; }
    // Processor time within the measured time.
    [[nodiscard]] std::chrono::nanoseconds own_cpu() const { return own_cpu_; }
    [[nodiscard]] std::chrono::nanoseconds server_cpu() const { return server_cpu_; }
    [[nodiscard]] const bench_slices& slices() const { return slices_; }
    [[nodiscard]] std::size_t sessions() const { return users_.size(); }

private:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    using user_index = bench_lines::user_index;
    using line_id = bench_lines::line_id;

    enum class phase { arriving, matching, warming, measuring, settling, done };

    struct place {
        std::vector<line_id> lines;
        std::size_t opening = 0;  // asked for and not yet open
        bool counted_in = false;  // has been welcomed once
    };
    // Something that happens to a user at its time.
    struct incident {
        time_point when;
        user_index user = 0;
        bool reopen = false;  // else whatever chance says
        std::size_t lines = 1;
        [[nodiscard]] bool operator>(const incident& other) const { return when > other.when; }
    };

    void opened(user_index, line_id, peer&) override;
    void received(user_index, line_id, std::string_view text) override;
    void closed(user_index, line_id) override;
    void failed(user_index, const std::string& sentence) override;

    void tick();
    void go_on(time_point now);
    void enter(phase next, time_point now);
    void search(time_point now);
    void take_first_turns(time_point now);
    void keep_schedule(time_point now);
    void look_after_users(time_point now);
    [[nodiscard]] bench_slices::reading read_server() const;

    void open(user_index user);
    void reopen_later(user_index user, std::chrono::milliseconds after, std::size_t lines = 1);
    void cut_all(user_index user);
    void close_all(user_index user);
    void play(time_point now);
    void happen(user_index user, time_point now);
    void await_incident(user_index user, std::chrono::milliseconds offline);
    [[nodiscard]] std::chrono::milliseconds scaled(std::int64_t min_ms, std::int64_t max_ms);

    [[nodiscard]] bool all_settled() const;
    void audit();

    bench_options options_;
    bench_habits habits_;
    bench_figures figures_;
    boost::asio::io_context io_{1};
    std::deque<bench_user> users_;  // those who talk first, then the idle ones
    std::vector<place> places_;
    bench_lines lines_;
    boost::asio::steady_timer timer_;
    std::mt19937_64 chance_;

    phase phase_ = phase::arriving;
    time_point phase_since_{};
    time_point looked_at_{};
    time_point unsettled_at_{};
    std::size_t arrived_ = 0;
    std::size_t searching_ = 0;  // how many have begun to
    std::size_t failures_ = 0;
    std::string failure_;

    time_point next_due_{};
    std::vector<user_index> turns_;  // whose text is next, by the schedule
    std::size_t turn_ = 0;
    std::priority_queue<incident, std::vector<incident>, std::greater<>> incidents_;

    process_usage own_before_;
    process_usage server_before_;
    bench_slices slices_;
    std::uint64_t acked_ = 0;
    std::chrono::nanoseconds measured_{0};
    std::chrono::nanoseconds own_cpu_{0};
    std::chrono::nanoseconds server_cpu_{0};
};

}  // namespace onechat::cli
