// What moderation and its messages leave in the store, as statements on the writing connection:
// flags, digests of masked texts, consents that are used up. Part of sqlite_changes and under its
// rules.
#pragma once

#include "storage/sqlite.hpp"
#include "storage/store.hpp"

namespace onechat::storage {

class sqlite_moderation {
public:
    explicit sqlite_moderation(database& db);

    void apply(flag_text& asked);
    void apply(flag_report& asked);
    void apply(take_consent& asked);
    void apply(drop_consents& asked);

    void add_mask(const message_row& row);
    void drop_masks(pair_id pair);

private:
    statement add_flag_;
    statement flag_report_;
    statement account_;
    statement take_;
    statement drop_used_up_;
    statement drop_;
    statement add_mask_;
    statement drop_masks_;
};

}  // namespace onechat::storage
