// From the store's rows to what the API says of them. Pure; any thread.
#pragma once

#include "server/admin/bodies.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onechat::admin {

template <class Id>
[[nodiscard]] std::string id_text(Id id) {
    return std::to_string(static_cast<std::int64_t>(id));
}

// Viewers are not told who is who. An account is told whole nowhere here: that is an act of its
// own.
[[nodiscard]] user told(const storage::user_row& row, role may, std::int64_t now);
[[nodiscard]] ban told(const storage::ban_row& row, role may);
[[nodiscard]] pair told(const storage::pair_row& row);
[[nodiscard]] event told(const storage::message_row& row, const storage::pair_row& in);
[[nodiscard]] report told(const storage::report_entry& row, role may);
[[nodiscard]] flag told(const storage::flag_entry& row);
[[nodiscard]] erasure told(const storage::erasure_entry& row);
[[nodiscard]] audit_entry told(const storage::audit_row& row);
[[nodiscard]] access_entry told(const storage::access_row& row);
[[nodiscard]] token told(const storage::admin_token_row& row);

}  // namespace onechat::admin
