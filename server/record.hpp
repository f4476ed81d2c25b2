// The same facts in two words: the store's rows and the lobby's events. Translates between them,
// for the switchboard, which is the only one to know both. Pure functions: any thread.
#pragma once

#include "protocol/server_parts.hpp"
#include "server/lobby/chat.hpp"
#include "server/lobby/effect.hpp"
#include "server/lobby/event.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <vector>

namespace onechat {

template <class To, class From>
requires std::is_enum_v<To> && std::is_enum_v<From>
[[nodiscard]] constexpr To same(From id) {
    return static_cast<To>(static_cast<std::underlying_type_t<From>>(id));
}

[[nodiscard]] lobby::event event_of(storage::message_row row);
[[nodiscard]] std::vector<lobby::event> events_of(std::vector<storage::message_row> rows);
[[nodiscard]] storage::message_row row_of(lobby::pair_id pair, std::int64_t epoch,
                                          lobby::event what);

// A chat as the store opened or restored it; texts after the last saved marks are counted in.
[[nodiscard]] lobby::opened_chat chat_of(storage::live_pair live);

[[nodiscard]] storage::end_chat ending_of(lobby::end_chat ending, std::int64_t epoch);

// What an export says of each thing that is known of a user. Not the account's name, nor whom a
// text was said to.
[[nodiscard]] protocol::server::export_record exported(const storage::user_row& account);
[[nodiscard]] protocol::server::export_record exported(const storage::ban_row& ban);
[[nodiscard]] protocol::server::export_record exported(const storage::own_text& said);

}  // namespace onechat
