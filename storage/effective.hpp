// Whether a change that an operator asked for changed anything: only then it leaves its audit row.
// Pure; any thread.
#pragma once

#include "storage/store.hpp"

namespace onechat::storage {

[[nodiscard]] inline bool is_effective(const ban_person& done) {
    return done.known;
}
[[nodiscard]] inline bool is_effective(const lift_ban& done) {
    return done.lifted > 0;
}
[[nodiscard]] inline bool is_effective(const erase_user& done) {
    return done.erased;
}
[[nodiscard]] inline bool is_effective(const resolve_report& done) {
    return done.resolved > 0;
}
[[nodiscard]] inline bool is_effective(const remove_text& done) {
    return done.removed;
}
[[nodiscard]] inline bool is_effective(const remove_texts& done) {
    return done.removed > 0;
}
[[nodiscard]] inline bool is_effective(const add_admin_token& done) {
    return done.result == token_change::done;
}
[[nodiscard]] inline bool is_effective(const drop_admin_token& done) {
    return done.result == token_change::done;
}

}  // namespace onechat::storage
