// How often which duration was seen, in buckets of which each is at most 1/64 wide of what it
// counts: bounded memory, any range. Not the single values. Main thread.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace onechat::cli {

class bench_histogram {
public:
    using duration = std::chrono::nanoseconds;

    void add(duration value) {
        const auto count = static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.count()));
        ++counts_[index_of(count)];
        ++total_;
        max_ = std::max(max_, count);
    }

    [[nodiscard]] std::uint64_t total() const { return total_; }
    [[nodiscard]] duration max() const { return duration{static_cast<std::int64_t>(max_)}; }

    // The least duration that at least this many of a thousand do not exceed, at most 1/64 too
    // large; zero when nothing was added.
    [[nodiscard]] duration per_mille(std::uint64_t rank) const {
        const std::uint64_t wanted = (total_ * rank + 999) / 1000;
        std::uint64_t passed = 0;
        for (std::size_t index = 0; index < counts_.size() && wanted > 0; ++index) {
            passed += counts_[index];
            if (passed >= wanted) {
                return duration{static_cast<std::int64_t>(std::min(last_of(index), max_))};
            }
        }
        return duration{0};
    }

private:
    static constexpr unsigned fine_bits = 6;
    static constexpr std::uint64_t fine = std::uint64_t{1} << fine_bits;

    // Values below 64 have a bucket each; above, each power of two has 64.
    [[nodiscard]] static std::size_t index_of(std::uint64_t value) {
        if (value < fine) {
            return value;
        }
        const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - fine_bits;
        return (shift + 1) * fine + ((value >> shift) - fine);
    }
    [[nodiscard]] static std::uint64_t last_of(std::size_t index) {
        if (index < fine) {
            return index;
        }
        const auto shift = index / fine - 1;
        return ((index % fine + fine + 1) << shift) - 1;
    }

    std::array<std::uint64_t, (65 - fine_bits) * fine> counts_{};
    std::uint64_t total_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace onechat::cli
