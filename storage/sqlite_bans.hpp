// What the operator decides about people, as statements on the writing connection: to ban, to lift
// a ban, to have looked at reports. Part of sqlite_changes and under its rules.
#pragma once

#include "storage/ban_log.hpp"
#include "storage/record_queries.hpp"
#include "storage/sqlite.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace onechat::storage {

class sqlite_bans {
public:
    sqlite_bans(database& db, record_queries& reads);

    void begin() { changed_.clear(); }
    void apply(ban_person& asked);
    void apply(lift_ban& asked);
    void apply(resolve_reports& asked);

    // What the transaction has done so far, for the log of bans: it counts once that is committed.
    [[nodiscard]] const std::vector<ban_line>& changed() const { return changed_; }

    [[nodiscard]] std::vector<ban_line> all();
    // Puts back what an older backup doesn't know: bans that run at `now`, and which were lifted.
    // What this database has counted already it knows, whatever became of it. How many that were.
    std::size_t restore(std::span<const ban_line> lines, unix_ms now);

private:
    // Call after each change: counts it and gives the number to the lines that it makes.
    void note(statement::rows& found);
    [[nodiscard]] bool restore(const ban_line& line, unix_ms now);
    [[nodiscard]] std::int64_t serial();

    // Nothing when nobody can tell who this was.
    [[nodiscard]] std::optional<person_key> person_of(user_id user);

    record_queries& reads_;
    statement count_;
    statement add_;
    statement longest_;
    statement lift_;
    statement resolve_;
    statement line_;
    statement lifted_lines_;
    statement all_lines_;
    statement has_;
    statement user_of_;
    statement lift_again_;
    statement serial_;
    statement keep_serial_;
    std::vector<ban_line> changed_;
};

}  // namespace onechat::storage
