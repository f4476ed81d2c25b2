// One event of a pair as the lobby holds it, belonging to no side, and how each side is shown it.
// Not a row (storage has those) and not a message (protocol has those). Plain values; any thread.
#pragma once

#include "protocol/server_messages.hpp"
#include "server/lobby/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace onechat::lobby {

struct event {
    std::uint64_t seq = 0;  // dense within the pair, from 1
    std::int64_t at = 0;    // Unix ms, never less than that of the event before
    side from = side::system;
    protocol::event_kind kind = protocol::event_kind::text;
    std::string text;                            // of a text
    std::uint64_t cid = 0;                       // of a text: its sender's number
    std::uint64_t said = 0;                      // of a masked text: the digest of what was said
    std::uint64_t ref = 0;                       // of a recall: the seq it takes back
    std::optional<protocol::end_reason> reason;  // of an end
    // Of a text that is no more. Of a recall by nobody: why it took the text away.
    std::optional<protocol::gone_reason> gone;
};

// The event as `viewer` is shown it: `from` is seen from there, and only one's own `cid` is told.
[[nodiscard]] protocol::server::event shown_to(side viewer, const event& what,
                                               std::string_view pair);

// Stable across builds and machines, since marks are kept: tells whether a repeated cid says the
// same. Never 0, which stands for a text that nobody knows any more.
[[nodiscard]] std::uint64_t digest_of(std::string_view text);

}  // namespace onechat::lobby
