// How often something took how long, in seconds, in fixed classes: for metrics. Not for
// percentiles of a benchmark, which need finer ones (cli/bench_histogram). One thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace onechat {

class histogram {
public:
    // The upper ends of the classes: from a commit to a fast disk to what people notice as a stall.
    static constexpr std::array<double, 10> bounds{0.001, 0.0025, 0.005, 0.01, 0.025,
                                                   0.05,  0.1,    0.25,  1,    5};

    // Clocks may run backwards between two looks: below zero counts as zero.
    void add(double seconds) {
        const double value = std::max(0.0, seconds);
        const auto fits = std::ranges::lower_bound(bounds, value);
        ++counted_[static_cast<std::size_t>(fits - bounds.begin())];
        ++count_;
        sum_ += value;
    }

    // By class, each its own; the last one is beyond all bounds.
    [[nodiscard]] const auto& counted() const { return counted_; }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] double sum() const { return sum_; }

private:
    std::array<std::uint64_t, bounds.size() + 1> counted_{};
    std::uint64_t count_ = 0;
    double sum_ = 0;
};

}  // namespace onechat
