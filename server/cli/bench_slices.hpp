// The measured time, cut into slices: how much was done in each and at what price. The medians
// leave out what happens in fewer than half of them, be it the machine's doing or the server's own:
// they stand beside the figures of the whole time, not for them. Main thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace onechat::cli {

inline constexpr std::chrono::milliseconds slice_time{200};

// The lower one of two; zero of none.
template <class Value>
[[nodiscard]] Value median_of(std::vector<Value> values) {
    if (values.empty()) {
        return Value{};
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

class bench_slices {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // What the server has done, and the processor time it has used, since whenever.
    struct reading {
        std::uint64_t texts = 0;
        std::chrono::nanoseconds cpu{};
    };

    void begin(time_point now, reading at) {
        begun_ = now;
        at_ = at;
        per_second_.clear();
        cpu_per_text_.clear();
    }

    [[nodiscard]] bool is_over(time_point now) const { return now - begun_ >= slice_time; }

    // One slice is over, and the next one begins. REQUIRES: some time has passed.
    void next(time_point now, reading at) {
        const std::uint64_t texts = at.texts - at_.texts;
        const auto seconds = std::chrono::duration<double>(now - begun_).count();
        per_second_.push_back(static_cast<double>(texts) / seconds);
        if (texts > 0) {
            cpu_per_text_.push_back((at.cpu - at_.cpu) / static_cast<std::int64_t>(texts));
        }
        begun_ = now;
        at_ = at;
    }

    // The measured time is over. What is left of it counts only when it is all there is.
    void end(time_point now, reading at) {
        if (per_second_.empty() && now > begun_) {
            next(now, at);
        }
    }

    [[nodiscard]] double per_second() const { return median_of(per_second_); }
    [[nodiscard]] std::chrono::nanoseconds cpu_per_text() const { return median_of(cpu_per_text_); }

private:
    time_point begun_{};
    reading at_;
    std::vector<double> per_second_;
    std::vector<std::chrono::nanoseconds> cpu_per_text_;
};

}  // namespace onechat::cli
