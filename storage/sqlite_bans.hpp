// What the operator decides about people, as statements on the writing connection: to ban, to lift
// a ban, to have looked at reports. Part of sqlite_changes and under its rules.
#pragma once

#include "storage/record_queries.hpp"
#include "storage/sqlite.hpp"
#include "storage/store.hpp"

#include <optional>

namespace onechat::storage {

class sqlite_bans {
public:
    sqlite_bans(database& db, record_queries& reads);

    void apply(ban_person& asked);
    void apply(lift_ban& asked);
    void apply(resolve_reports& asked);

private:
    // Nothing when nobody can tell who this was.
    [[nodiscard]] std::optional<person_key> person_of(user_id user);

    record_queries& reads_;
    statement count_;
    statement add_;
    statement longest_;
    statement lift_;
    statement resolve_;
};

}  // namespace onechat::storage
