// Tells when something happened for the n-th time within a window: a limit like "5 within 10 s".
// Exact, with as many times kept as the limit counts, and none until the first one. Time is an
// argument; loop thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

namespace onechat {

class tally {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // Counts one, and tells whether it is the `most`th within `window`. Call with the same limit.
    [[nodiscard]] bool reaches(std::size_t most, std::chrono::milliseconds window, time_point now) {
        if (times_.size() < most) {
            times_.push_back(now);
            return times_.size() == most && now - times_.front() < window;
        }
        times_[oldest_] = now;
        oldest_ = (oldest_ + 1) % most;
        return now - times_[oldest_] < window;
    }

private:
    std::vector<time_point> times_;  // a ring once it is full
    std::size_t oldest_ = 0;
};

}  // namespace onechat
