// How much room looks from outside have on their way to a platform: connections enough for the
// whole budget of a minute, even if each look takes all its time, and a line behind them for a
// burst. What is beyond both is not begun. A plain value, any thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace onechat {

struct look_lane {
    std::size_t connections_max = 0;
    std::size_t waiting_max = 0;

    // Beyond this a platform so slow has other troubles than ours; each is a file, too.
    static constexpr std::size_t connections_most = 256;
    static constexpr std::size_t connections_least = 16;
    // How often each connection is waited for: a burst of a second, when looks take a third of one.
    static constexpr std::size_t waiting_each = 3;

    [[nodiscard]] static look_lane of(std::uint32_t looks_per_minute,
                                      std::chrono::milliseconds each_time) {
        constexpr std::uint64_t minute = 60'000;
        const std::uint64_t at_once =
            (looks_per_minute * static_cast<std::uint64_t>(each_time.count()) + minute - 1) /
            minute;
        const auto connections = static_cast<std::size_t>(
            std::clamp<std::uint64_t>(at_once, connections_least, connections_most));
        return {connections, connections * waiting_each};
    }
    [[nodiscard]] std::size_t under_way_max() const { return connections_max + waiting_max; }
};

}  // namespace onechat
