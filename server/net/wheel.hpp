// One hashed timing wheel for all deadlines: scheduling and cancelling cost a few pointers, and no
// connection holds a timer object (Beast's per-stream timers cost 28 % [measured]). Coarse: a
// deadline is never early and at most a tick late. Time is an argument. One thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace onechat::net {

class wheel {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    struct link {
        link* next = nullptr;
        link* previous = nullptr;
        std::uint64_t due_tick = 0;
    };

    // To be inherited by what has a deadline. Leaves the wheel when it dies.
    class entry : public link {
    public:
        entry() = default;
        entry(const entry&) = delete;
        entry& operator=(const entry&) = delete;

        // Out of the wheel already; may schedule itself or any other again, or die.
        virtual void expired(time_point now) = 0;

        [[nodiscard]] bool scheduled() const { return next != nullptr; }
        void cancel();

    protected:
        ~entry() { cancel(); }
    };

    explicit wheel(time_point start, duration tick = std::chrono::milliseconds{250});
    ~wheel();

    wheel(const wheel&) = delete;
    wheel& operator=(const wheel&) = delete;

    void schedule(entry& one, time_point due);
    // Only when it is not scheduled for sooner.
    void schedule_no_later(entry& one, time_point due);

    // Calls expired() of all that are due.
    void advance(time_point now);

    [[nodiscard]] duration tick() const { return tick_; }

private:
    // Times the tick: 128 s, more than the longest usual deadline (75 s of silence). Later ones
    // stay in their slot for another round.
    static constexpr std::size_t slots_count = 512;

    [[nodiscard]] std::uint64_t tick_of(time_point due) const;
    void insert(entry& one, std::uint64_t due_tick);
    void expire(link& slot, std::uint64_t last_tick, time_point now);

    time_point start_;
    duration tick_;
    std::uint64_t passed_ = 0;  // ticks that have been visited
    std::array<link, slots_count> slots_;
};

}  // namespace onechat::net
