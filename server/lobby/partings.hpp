// Who parted from whom a short while ago, so that nobody meets the same person again at once.
// Not the record of a pair: that is in the store. Loop thread.
#pragma once

#include "server/lobby/ids.hpp"

#include <cstddef>
#include <deque>
#include <unordered_map>

namespace onechat::lobby {

class partings {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // `remembered`: how long a parting counts. `count_max`: beyond it the oldest are forgotten
    // early, which costs a person an early rematch and nothing else.
    explicit partings(std::chrono::milliseconds remembered, std::size_t count_max = 1'000'000);

    void note(user_id one, user_id other, time_point when);

    // Whether these two parted within the remembered time before the last `forget`.
    [[nodiscard]] bool recent(user_id one, user_id other) const;

    // Drops what is older than the remembered time at `now`.
    void forget(time_point now);

    [[nodiscard]] std::size_t count() const { return times_.size(); }

private:
    struct couple {
        user_id low;
        user_id high;
        bool operator==(const couple&) const = default;
    };
    struct couple_hash {
        std::size_t operator()(const couple& of) const noexcept;
    };
    struct parting {
        couple who;
        time_point when;
    };

    static couple ordered(user_id one, user_id other);
    void forget_oldest();

    std::chrono::milliseconds remembered_;
    std::size_t count_max_;
    std::unordered_map<couple, time_point, couple_hash> times_;
    std::deque<parting> order_;  // may hold outdated entries of couples who parted again
};

}  // namespace onechat::lobby
