// What one user may have and how long what concerns them is kept: the defaults of the configuration
// (design: "Inputs are limited where they enter", "Storage"). Plain values: any thread.
#pragma once

#include "server/lobby/rate_limit.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace onechat {

struct user_limits {
    std::uint32_t store_requests_max = 4;  // of one connection, under way at once
    std::uint32_t blocks_max = 1000;
    // A text that was recalled or erased can be read through a report for so long.
    std::chrono::milliseconds seal_time = std::chrono::hours{72};
    std::chrono::milliseconds keep_texts{0};  // 0: for ever
    // Who logged in and out from where; 0: for ever; nothing: not noted at all.
    std::optional<std::chrono::milliseconds> keep_access;
    std::chrono::milliseconds keep_reports = std::chrono::hours{180 * 24};
};

// Logins with a platform's code: each is a call to that platform, which counts them, and anybody
// can invent codes.
struct login_limits {
    std::uint32_t under_way_max = 200;
    std::uint32_t under_way_per_address = 20;
    std::optional<lobby::rate> per_address{};  // none: no limit
};

// A silent connection is asked for a sign of life so early that it may miss one.
[[nodiscard]] constexpr std::chrono::milliseconds ping_after(std::chrono::milliseconds idle_time) {
    return idle_time / 3;
}

}  // namespace onechat
