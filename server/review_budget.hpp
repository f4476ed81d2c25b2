// How many looks from outside are left in this minute, and for whom. A platform counts calls by the
// minute; what is dearest gets the last of them. Time is an argument; loop thread.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace onechat {

class review_budget {
public:
    using time_point = std::chrono::steady_clock::time_point;

    enum class need : std::uint8_t {
        suspicious,  // our own filter has something to say of it
        first,       // the first text of somebody in a chat, and nicknames
        other,
    };

    explicit review_budget(std::uint32_t per_minute) : per_minute_{per_minute} {}

    // Counts one when there is one left for this need: in no 60 seconds are there more than
    // `per_minute`; a fifth of them is not for `other`, and a twentieth for `suspicious` only.
    [[nodiscard]] bool take(need why, time_point now) {
        forget(now);
        const std::uint32_t kept = why == need::suspicious ? 0
                                   : why == need::first    ? (per_minute_ + 19) / 20
                                                           : (per_minute_ + 4) / 5;
        if (used_ + kept >= per_minute_) {
            return false;
        }
        ++used_;
        ++seconds_[slot(second_)];
        return true;
    }

    // In the last minute, as of the last take.
    [[nodiscard]] std::uint32_t used() const { return used_; }

private:
    // One more than a minute has: a second that has only begun to leave still counts whole.
    static constexpr std::size_t slots = 61;

    [[nodiscard]] static std::size_t slot(std::int64_t second) {
        return static_cast<std::size_t>(second) % slots;
    }

    void forget(time_point now) {
        const auto second =
            std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
        const auto steps = std::min<std::int64_t>(second - second_, slots);
        for (std::int64_t n = 1; n <= steps; ++n) {
            std::uint32_t& old = seconds_[slot(second - steps + n)];
            used_ -= old;
            old = 0;
        }
        second_ = std::max(second, second_);
    }

    std::uint32_t per_minute_;
    std::uint32_t used_ = 0;
    std::int64_t second_ = 0;
    std::array<std::uint32_t, slots> seconds_{};
};

}  // namespace onechat
