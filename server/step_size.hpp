// How large the next step of work is that nobody waits for, and how long to rest before it: what
// takes long is done in smaller steps, and the disk is left to others four fifths of the time.
// Pure; any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace onechat {

class step_size {
public:
    using duration = std::chrono::steady_clock::duration;

    static constexpr std::uint32_t rows_min = 50;
    static constexpr std::uint32_t rows_max = 2000;
    // Somebody who talks meanwhile waits for a step at most: much less than a person notices.
    static constexpr std::chrono::milliseconds short_step{10};
    static constexpr std::chrono::milliseconds long_step{25};
    static constexpr std::chrono::milliseconds rest_min{50};

    [[nodiscard]] std::uint32_t rows() const { return rows_; }

    // Learns how long a step took, its commit and what it waited for included; how long to rest.
    [[nodiscard]] duration rest_after(duration took) {
        if (took > long_step) {
            rows_ = std::max(rows_ / 2, rows_min);
        } else if (took < short_step) {
            rows_ = std::min(rows_ * 2, rows_max);
        }
        return std::max<duration>(4 * took, rest_min);
    }

private:
    std::uint32_t rows_ = 200;
};

}  // namespace onechat
