// How a chat reads on a terminal: one line per event, times of the reader's place, and nothing of
// what others wrote that could control the terminal. Plain text: no colours, no I/O. Main thread.
#pragma once

#include "protocol/server_messages.hpp"

#include <cstdint>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::cli {

// Controls (C0, C1, ESC), line separators and bidirectional marks as visible escapes.
// REQUIRES: valid UTF-8.
[[nodiscard]] std::string visible(std::string_view text);

// Nickname, or else alias; safe to print.
[[nodiscard]] std::string name_of(const protocol::server::partner_info& partner);

class transcript {
public:
    // Unix milliseconds to the reader's time of day; tests live in UTC.
    using calendar = std::function<std::tm(std::int64_t unix_ms)>;

    explicit transcript(calendar here) : here_{std::move(here)} {}

    [[nodiscard]] std::string day_and_time(std::int64_t unix_ms) const;
    // Empty for what has no line of its own, as `start`. `name` is the partner's, safe to print.
    [[nodiscard]] std::string line(const protocol::server::event& what,
                                   const std::string& name) const;
    // What `recent` says of earlier chats, with a line about them at the end; nothing for
    // strangers.
    [[nodiscard]] std::vector<std::string> past(const protocol::server::matched& met) const;
    // What it says of this chat: texts that were said before we came back.
    [[nodiscard]] std::vector<std::string> so_far(const protocol::server::matched& met) const;

private:
    calendar here_;
};

// The calendar of the process's time zone.
[[nodiscard]] std::tm local_time(std::int64_t unix_ms);

}  // namespace onechat::cli
