// Keeps us from asking somebody again and again who doesn't answer: after some failures in a row it
// rests, then lets one call through to see, and rests for longer when that fails too. Pure: time
// and chance are arguments. One thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace onechat::platform {

class circuit_breaker {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using milliseconds = std::chrono::milliseconds;

    struct rules {
        std::size_t failures_max = 5;  // in a row
        milliseconds rest_min{1000};   // doubled with each failed try
        milliseconds rest_max{30'000};
    };
    enum class state : std::uint8_t { closed, resting, trying };

    explicit circuit_breaker(const rules& by) : rules_(by) {}

    // Nothing when a call may be made, which then has to end in one of the three below; otherwise
    // how long to wait, at least 1 ms.
    [[nodiscard]] std::optional<milliseconds> admit(time_point now) {
        if (state_ == state::closed) {
            return std::nullopt;
        }
        if (state_ == state::resting && now >= until_) {
            state_ = state::trying;
            return std::nullopt;
        }
        const auto wait = std::chrono::ceil<milliseconds>(until_ - now);
        return std::max(wait, state_ == state::trying ? rules_.rest_min : milliseconds{1});
    }

    // Also for a call from before the rest: whoever answers is there.
    void succeeded() {
        state_ = state::closed;
        failures_ = 0;
        rest_ = milliseconds{};
    }

    // `share` of 0 to 1000 shortens the rest by up to a quarter, so that not all servers come back
    // in the same moment.
    void failed(time_point now, std::uint32_t share) {
        if (state_ == state::resting) {
            return;  // a call from before
        }
        if (++failures_ < rules_.failures_max && state_ == state::closed) {
            return;
        }
        rest_ = std::clamp(rest_ * 2, rules_.rest_min, rules_.rest_max);
        state_ = state::resting;
        until_ = now + rest_ - rest_ * share / 4000;
    }

    // The call tells nothing of them: it was not made after all, or was itself to blame.
    void withdrawn() {
        if (state_ == state::trying) {
            state_ = state::resting;
        }
    }

    [[nodiscard]] state now() const { return state_; }

private:
    rules rules_;
    state state_ = state::closed;
    std::size_t failures_ = 0;
    milliseconds rest_{};
    time_point until_{};
};

}  // namespace onechat::platform
