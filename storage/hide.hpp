// What a reader sees of an event that is gone. Its body may still be in the tables, sealed, until
// purge overwrites it: whatever leaves a store goes through `hide`. Pure; any thread.
#pragma once

#include "storage/rows.hpp"

#include <array>
#include <cstddef>

namespace onechat::storage {

// Which sides of a pair are those of erased users: their texts are gone without having been touched
// one by one.
using erased_sides = std::array<bool, 2>;

// A text that was gone already keeps its reason.
[[nodiscard]] inline gone_reason gone_now(const message_row& row, const erased_sides& erased) {
    const bool said = row.kind == event_kind::text && row.from != side::system;
    if (row.gone == gone_reason::none && said && erased[static_cast<std::size_t>(row.from)]) {
        return gone_reason::erase;
    }
    return row.gone;
}

inline void hide(message_row& row, const erased_sides& erased) {
    row.said = 0;
    row.gone = gone_now(row, erased);
    if (row.gone != gone_reason::none) {
        row.body.clear();
    }
}

// Nobody chats in such a pair any more.
[[nodiscard]] inline bool is_closed(const pair_row& pair, const erased_sides& erased) {
    return pair.seats[0].cleared || pair.seats[1].cleared || erased[0] || erased[1];
}

}  // namespace onechat::storage
