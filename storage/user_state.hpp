// Whether a user is in a state that an operator looks for. Pure; any thread.
#pragma once

#include "storage/store.hpp"

namespace onechat::storage {

// Active is who is in none of the other states.
[[nodiscard]] inline bool is_in(const user_row& user, user_state state, unix_ms now) {
    const bool erased = user.account.empty();
    const bool banned = user.banned_until > now;
    switch (state) {
        case user_state::banned:
            return banned;
        case user_state::muted:
            return user.muted;
        case user_state::erased:
            return erased;
        case user_state::active:
            break;
    }
    return !erased && !banned && !user.muted;
}

}  // namespace onechat::storage
