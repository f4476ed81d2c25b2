// What people do with their records, as statements on the writing connection: clear, block, report,
// agree to be written to, log out. Part of sqlite_changes and under its rules.
#pragma once

#include "storage/record_queries.hpp"
#include "storage/sqlite.hpp"
#include "storage/store.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace onechat::storage {

class sqlite_records {
public:
    sqlite_records(database& db, record_queries& reads);

    void apply(clear_pair& asked);
    bool apply(block_person& asked);  // whether anything has changed
    void apply(add_report& asked);
    void apply(note_consents& asked);
    void apply(revoke_tokens& asked);

private:
    // The place of a user who still has an account, cleared or not.
    [[nodiscard]] std::optional<record_queries::seat> find(std::string_view name, user_id user);
    bool unblock(block_person& asked, const record_queries::seat& seat);
    // Whether this report makes it enough to mute the person.
    [[nodiscard]] bool mutes(std::int64_t report, const add_report& asked);

    database& db_;
    record_queries& reads_;
    std::array<statement, 2> clear_;
    statement count_blocks_;
    statement add_block_;
    statement drop_block_;
    statement open_report_;
    statement add_report_;
    statement renew_report_;
    statement add_evidence_;
    statement count_reporters_;
    statement mute_;
    statement add_consent_;
    statement drop_consents_;
    statement revoke_;
};

}  // namespace onechat::storage
