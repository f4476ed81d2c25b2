// One side's texts of the last minutes: those that can still be taken back. Knows numbers and
// times, not texts. Time is an argument and monotonic; loop thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace onechat::lobby {

class recallable_texts {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // Two minutes of somebody who says as much as the limits allow; with the limits off the newest
    // count.
    static constexpr std::size_t texts_max = 1024;

    void said(std::uint64_t seq, time_point when);

    // Whether the text may be taken back now. It may be once.
    [[nodiscard]] bool take(std::uint64_t seq, time_point now);

private:
    struct text {
        std::uint64_t seq = 0;
        time_point when;
    };

    std::vector<text> texts_;  // in the order in which they were said
};

}  // namespace onechat::lobby
