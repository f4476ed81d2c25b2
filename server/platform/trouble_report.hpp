// How much an operator is told of a trouble that comes and goes: a few lines at once, then one a
// minute, whatever happens. What was last told is true in the end, since every call is a chance to
// say so. Pure: time is an argument. One thread.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace onechat::platform {

class trouble_report {
public:
    using time_point = std::chrono::steady_clock::time_point;

    static constexpr std::size_t at_once_max = 4;
    static constexpr std::chrono::minutes pause{1};

    // `trouble` as it is now; empty: all is well. When that is to be told: how many changes before
    // it nobody was told of.
    [[nodiscard]] std::optional<std::uint64_t> tell(std::string_view trouble, time_point now) {
        if (trouble != last_) {
            last_ = trouble;
            ++changes_;
        }
        if (last_ == told_ || free_at_ > now + pause * (at_once_max - 1)) {
            return std::nullopt;
        }
        free_at_ = std::max(free_at_, now) + pause;
        told_ = last_;
        return std::exchange(changes_, 0) - 1;
    }

private:
    std::string last_;
    std::string told_;
    std::uint64_t changes_ = 0;  // since the last line
    time_point free_at_{};       // of all lines so far, one a minute
};

}  // namespace onechat::platform
