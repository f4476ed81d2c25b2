// What operators leave on the writing connection: audit rows, tokens, reports that were looked at.
// Part of sqlite_changes and under its rules.
#pragma once

#include "storage/sqlite.hpp"
#include "storage/store.hpp"

namespace onechat::storage {

class sqlite_operator {
public:
    explicit sqlite_operator(database& db);

    void add(const audit_row& row);
    void apply(add_admin_token& asked);
    void apply(drop_admin_token& asked);
    void apply(note_token_used& asked);
    void apply(resolve_report& asked);

private:
    statement add_audit_;
    statement find_token_;
    statement count_tokens_;
    statement add_token_;
    statement drop_token_;
    statement use_token_;
    statement resolve_one_;
    statement resolve_all_;
    statement reported_;
};

}  // namespace onechat::storage
