// Tells whether somebody may do something once more: so many in a time, and a burst before that. It
// is the generic cell rate algorithm (ITU-T I.371, 5.4.1): one point in time is all it remembers.
// Time is an argument; any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace onechat::lobby {

// So many in such a time on the average, after a burst at once; all at least one.
struct rate {
    std::uint32_t count = 1;
    std::chrono::milliseconds per{1000};
    std::uint32_t burst = 1;
    bool operator==(const rate&) const = default;
};

class rate_limit {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // Counts one when it is allowed. Otherwise nothing changes, and the answer is how long to wait,
    // at least 1 ms.
    [[nodiscard]] std::optional<std::chrono::milliseconds> take(const rate& allowed,
                                                                time_point now) {
        const auto one = std::chrono::nanoseconds{allowed.per} / allowed.count;
        const auto due = due_ < now ? now : due_;
        const auto early = due - now - one * (allowed.burst - 1);
        if (early > std::chrono::nanoseconds::zero()) {
            return std::chrono::ceil<std::chrono::milliseconds>(early);
        }
        due_ = due + one;
        return std::nullopt;
    }

    // For one that turned out not to count.
    void give_back(const rate& allowed) {
        due_ -= std::chrono::nanoseconds{allowed.per} / allowed.count;
    }

    // How long until the whole burst is there again.
    [[nodiscard]] std::chrono::milliseconds until_rested(time_point now) const {
        return rested(now) ? std::chrono::milliseconds{}
                           : std::chrono::ceil<std::chrono::milliseconds>(due_ - now);
    }

    // Whether it remembers nothing that a fresh one would not.
    [[nodiscard]] bool rested(time_point now) const { return due_ <= now; }

private:
    time_point due_{};  // when the next one would be due if all came evenly
};

}  // namespace onechat::lobby
