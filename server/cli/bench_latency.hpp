// How long something takes, over all of the time and in each slice of it. What holds the whole
// machine up for a moment decides the p99 of all, and of the few slices that it falls into. Main
// thread.
#pragma once

#include "server/cli/bench_histogram.hpp"
#include "server/cli/bench_slices.hpp"

#include <chrono>
#include <vector>

namespace onechat::cli {

class bench_latency {
public:
    using duration = bench_histogram::duration;
    using time_point = std::chrono::steady_clock::time_point;

    // `now` never goes back.
    void add(duration value, time_point now) {
        if (slice_.total() == 0) {
            slice_begun_ = now;
        } else if (now - slice_begun_ >= slice_time) {
            slice_p99s_.push_back(slice_.per_mille(990));
            slice_ = {};
            slice_begun_ = now;
        }
        all_.add(value);
        slice_.add(value);
    }

    [[nodiscard]] const bench_histogram& all() const { return all_; }

    // The median of the p99s of the slices that are over; before, that of the first one so far.
    [[nodiscard]] duration slice_p99() const {
        return slice_p99s_.empty() ? slice_.per_mille(990) : median_of(slice_p99s_);
    }

private:
    bench_histogram all_;
    bench_histogram slice_;
    time_point slice_begun_{};
    std::vector<duration> slice_p99s_;
};

}  // namespace onechat::cli
