// What the switchboard is given: its options, what the store knew at the start, the ways to the
// storage threads and the platforms, and what it is told of callers and bans. Only data, and
// functions that are called on the loop's thread; `app` fills them in, or a test.
#pragma once

#include "protocol/limits.hpp"
#include "protocol/vocabulary.hpp"
#include "server/ban_policy.hpp"
#include "server/lobby/lobby.hpp"
#include "server/lobby/rate_limit.hpp"
#include "server/moderation_options.hpp"
#include "server/platform/account.hpp"
#include "server/platform/moderator.hpp"
#include "server/topics.hpp"
#include "server/user_limits.hpp"
#include "storage/reader.hpp"
#include "storage/rows.hpp"
#include "storage/writer.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace onechat {

struct switchboard_options {
    lobby::lobby_options lobby;  // its topics are filled in from `topics`
    std::vector<topic> topics = topics::built_in();
    bool guests = true;
    bool rate_limits = true;                  // false: no close for refusals either
    std::optional<lobby::rate> messages;      // of one connection, all together; none: no limit
    std::optional<lobby::rate> reports;       // of one user
    std::optional<lobby::rate> guest_logins;  // of one address
    std::optional<lobby::rate> guest_logins_total;
    std::optional<lobby::rate> hellos;  // of one address
    std::optional<lobby::rate> hellos_total;
    login_limits logins;
    user_limits limits;
    ban_policy bans;
    moderation_options moderation;
    std::array<std::string, 3> nudge_templates;  // by storage::provider; empty: no message there
    protocol::durability durability = protocol::durability::full;
    std::chrono::milliseconds hello_time = protocol::limits::hello_time;
    std::chrono::milliseconds idle_time = protocol::limits::idle_time;
    std::size_t frame_bytes_max = protocol::limits::client_frame_bytes_max;
    std::chrono::milliseconds token_time = std::chrono::hours{24 * 30};
};

// The way to those who know whom a login code belongs to; without it there are guests only. What is
// asked is answered once by `identified`, never during the call.
struct login_port {
    std::function<bool(platform::platform_name from)> offers;
    std::function<void(platform::platform_name from, std::string code, std::uint64_t ticket)> ask;
};

// The way to the storage threads; their answers come back through `written` and `answered`.
struct store_ports {
    std::function<storage::admission(storage::write_job&&)> write;
    std::function<bool(storage::read_job&&)> read;
    std::function<lobby::store_state()> state;
};

// What the operator decides. `term` 0 is for ever; none is what the policy says of somebody's
// first, second, ... ban.
struct ban_order {
    lobby::user_id user{};
    std::string reason;
    std::string by;
    std::optional<std::chrono::milliseconds> term;
    std::optional<storage::audit_row> audit{};  // kept with it
};

// What became of it; null when nothing is stored at present.
template <class Change>
using outcome = std::function<void(const Change*)>;

// The way to the platforms; their answers come back through `reviewed` and `notified`, each once.
// What is empty is not asked.
struct outside_ports {
    std::function<void(lobby::review_id, platform::words_to_judge&&)> review;
    std::function<void(lobby::user_id, platform::account)> notify;
    // Whose people `review` can be asked about.
    std::array<bool, platform::platform_names.size()> reviews{};
};

// What the store knew when the server started.
struct start_facts {
    std::int64_t epoch = 0;     // of this start, or the last one stored when that failed
    bool epoch_stored = false;  // false: the disk was full; tried again until it has room
    storage::user_id last_user{};
    std::int64_t newest_at = 0;  // of the newest event stored, Unix ms; 0 without any
    std::vector<storage::live_pair> open_chats;
    std::vector<storage::parting> partings;
};

// Where a connection comes from, as far as limits count by it.
using address_key = std::array<std::uint8_t, 16>;

// Where a connection comes from.
struct caller {
    address_key network{};  // as limits count by it: an IPv4 address, or the /64 of an IPv6 one
    address_key address{};
    std::uint16_t port = 0;
};

struct address_hash {
    std::size_t operator()(const address_key& from) const noexcept;
};

}  // namespace onechat
