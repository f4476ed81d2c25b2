// A person's place among those who wait. One per user, kept while the socket is gone for a moment.
// A plain value of the lobby; loop thread.
#pragma once

#include "protocol/server_messages.hpp"
#include "server/lobby/ids.hpp"

#include <optional>
#include <string>
#include <vector>

namespace onechat::lobby {

// What `find` names. What it doesn't name leaves an existing ticket's value as it is.
struct wish {
    std::optional<std::vector<topic_id>> topics;
    std::optional<std::string> nickname;
    std::optional<std::string> avatar;
};

// How many wait, as roughly as people are told.
[[nodiscard]] constexpr protocol::pool_size pool_size_of(std::size_t waiting) {
    if (waiting == 0) {
        return protocol::pool_size::none;
    }
    if (waiting < 5) {
        return protocol::pool_size::few;
    }
    return waiting < 20 ? protocol::pool_size::some : protocol::pool_size::many;
}

struct ticket {
    moment since;
    std::vector<topic_id> topics;
    std::optional<std::string> nickname;
    std::optional<std::string> avatar;
    match_id engaged = match_id::none;  // matched, and not yet written
    std::size_t place = 0;              // where it stands in the line

    // What was last said in `waiting`.
    std::chrono::steady_clock::time_point told_at{};
    std::uint32_t told_tier = 0;
    protocol::pool_size told_pool{};

    void update(wish by) {
        if (by.topics) {
            topics = *std::move(by.topics);
        }
        if (by.nickname) {
            nickname = std::move(by.nickname);
        }
        if (by.avatar) {
            avatar = std::move(by.avatar);
        }
    }
};

}  // namespace onechat::lobby
