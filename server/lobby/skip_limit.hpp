// Tells how long somebody waits before the next search who leaves partner after partner within
// seconds: longer each time, and forgiven little by little. Time is an argument; any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace onechat::lobby {

struct skip_rule {
    std::uint32_t count = 5;  // so many are nobody's concern; at least one
    std::chrono::milliseconds within = std::chrono::minutes{1};
    std::chrono::milliseconds shorter_than = std::chrono::seconds{10};  // what a skip is
    std::chrono::milliseconds delay = std::chrono::seconds{10};         // the first; then doubled
    // The longest. After as long without another one doubling is forgiven.
    std::chrono::milliseconds delay_max = std::chrono::minutes{10};
    bool operator==(const skip_rule&) const = default;
};

class skip_limit {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // One more skip. Beyond the count it begins a delay, or a longer one.
    void note(const skip_rule& rule, time_point now) {
        std::erase_if(skips_, [&](time_point one) { return one + rule.within <= now; });
        skips_.push_back(now);
        rested_at_ = std::max(rested_at_, now + rule.within);
        if (skips_.size() <= rule.count) {
            return;
        }
        skips_.erase(skips_.begin());
        for (; doublings_ > 0 && forgiven_at_ <= now; forgiven_at_ += rule.delay_max) {
            --doublings_;
        }
        until_ = now + delay(rule);
        doublings_ = std::min(doublings_ + 1, doublings_max);
        forgiven_at_ = until_ + rule.delay_max;
        rested_at_ = std::max(rested_at_, until_ + rule.delay_max * doublings_);
    }

    // How long to wait, at least 1 ms.
    [[nodiscard]] std::optional<std::chrono::milliseconds> wait(time_point now) const {
        if (until_ <= now) {
            return std::nullopt;
        }
        return std::chrono::ceil<std::chrono::milliseconds>(until_ - now);
    }

    // Whether it remembers nothing that a fresh one would not.
    [[nodiscard]] bool rested(time_point now) const { return rested_at_ <= now; }

private:
    static constexpr std::uint32_t doublings_max = 30;  // beyond every delay_max that can be set

    [[nodiscard]] std::chrono::milliseconds delay(const skip_rule& rule) const {
        auto longer = rule.delay;
        for (std::uint32_t n = 0; n < doublings_ && longer < rule.delay_max; ++n) {
            longer *= 2;
        }
        return std::min(longer, rule.delay_max);
    }

    std::vector<time_point> skips_;  // the newest, at most as many as count
    time_point until_{};
    time_point forgiven_at_{};  // when the next doubling is
    time_point rested_at_{};
    std::uint32_t doublings_ = 0;
};

}  // namespace onechat::lobby
