// The own texts of one chat on their way: numbered in order, kept until they are answered, said
// again when the server asks or a new connection begins (protocol.md, "Delivery"). Neither sends
// nor prints. Main thread.
#pragma once

#include "protocol/client_messages.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace onechat::cli {

class outgoing {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // Above the 64 that may be unacked, enough that nobody types it full; a pipe waits.
    static constexpr std::size_t texts_max = 256;

    outgoing(std::string pair, std::uint64_t last_cid)
        : pair_{std::move(pair)}, last_cid_{last_cid} {}

    // REQUIRES: !full().
    void add(std::string text);
    [[nodiscard]] bool full() const { return texts_.size() >= texts_max; }
    // Whether something has not been said, or not with success.
    [[nodiscard]] bool waits() const;

    // What may be said now, with new cids; it counts as said.
    [[nodiscard]] std::vector<protocol::client::say> due(time_point now);
    // When due() is worth another look although nothing was answered.
    [[nodiscard]] std::optional<time_point> wake(time_point now) const;

    // For a new connection: what was said and not answered, as it was said. Later cids are above
    // `last_cid`.
    [[nodiscard]] std::vector<protocol::client::say> again(std::uint64_t last_cid);

    // The text is stored. False when it is none of those on their way.
    bool stored(std::uint64_t cid);
    // The text was refused and nothing changes that: here it is.
    [[nodiscard]] std::optional<std::string> refused(std::uint64_t cid);
    // The text was refused for now: nothing is said before `until`, then it and what follows.
    void postponed(std::uint64_t cid, time_point until);

    // The chat is over: whatever is left was not sent.
    [[nodiscard]] std::vector<std::string> give_up();

private:
    struct entry {
        std::string text;
        std::uint64_t cid = 0;  // 0: to be said
    };
    using entries = std::deque<entry>;

    [[nodiscard]] entries::iterator find(std::uint64_t cid);

    std::string pair_;
    std::uint64_t last_cid_;
    entries texts_;
    time_point held_until_{};
};

}  // namespace onechat::cli
