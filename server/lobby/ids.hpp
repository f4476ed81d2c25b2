// The names of things in the lobby, each a type of its own, and the moment at which something
// happens. Plain values; any thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

namespace onechat::lobby {

enum class user_id : std::int64_t {};
enum class session_id : std::uint64_t { none = 0 };
enum class pair_id : std::int64_t {};
enum class chat_id : std::int64_t {};
enum class match_id : std::uint64_t { none = 0 };
enum class topic_id : std::uint16_t {};

// A person as a keyed hash of provider and account, so that a block outlives accounts.
using person_key = std::array<std::uint8_t, 16>;

// A client's number of a request; comes back in the direct answer.
using request_number = std::optional<std::int64_t>;

// One instant on both clocks. The lobby reads no clock: whoever calls says when it is.
struct moment {
    std::chrono::steady_clock::time_point steady;  // for intervals
    std::int64_t unix_ms = 0;                      // for what people are shown
};

// Who asks, over which session, under which number.
struct caller {
    session_id session = session_id::none;
    request_number rid;
};

// Who an event of a pair is from: its first user (the smaller id), its second, or nobody.
enum class side : std::uint8_t { one = 0, two = 1, system = 2 };

[[nodiscard]] constexpr side other(side of) {
    return of == side::one ? side::two : side::one;
}

[[nodiscard]] constexpr std::size_t index(side of) {
    return static_cast<std::size_t>(of);
}

}  // namespace onechat::lobby
