// What an operator asks of the tables, beyond what users ask of their own. Never changes anything;
// lives on the thread of its connection, and a failure sticks to that.
#pragma once

#include "storage/queries.hpp"
#include "storage/sqlite.hpp"
#include "storage/standing_queries.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <vector>

namespace onechat::storage {

// One page of users looks at no more: a rare state among many users is found page by page.
inline constexpr std::uint32_t users_scan_max = 5000;

class operator_queries {
public:
    operator_queries(database& db, queries& reads, standing_queries& standings);

    void list(list_users& asked);
    void describe(describe_user& asked);
    void list(list_pairs_of& asked);
    void find(find_record& asked);
    void list(list_reports& asked);
    void find(find_report& asked);
    void count(count_open_reports& asked);
    void find(find_erasure& asked);
    void list(list_audit& asked);
    void list(list_admin_tokens& asked);
    void list(list_access& asked);
    void list(list_flags& asked);

private:
    // The ids that the search names, descending.
    [[nodiscard]] std::vector<user_id> named(const list_users& asked);
    [[nodiscard]] static user_row read_user(const statement::rows& row);
    // False when the page is full.
    [[nodiscard]] static bool take(list_users& asked, user_row&& user);

    queries& reads_;
    standing_queries& standings_;
    statement user_;
    statement users_;
    statement of_person_;
    statement of_alias_;
    statement receipt_;
    statement pairs_;
    statement is_open_;
    statement reports_;
    statement report_;
    statement evidence_;
    statement open_reports_;
    statement erasure_;
    statement audit_;
    statement tokens_;
    statement access_;
    statement flags_;
};

}  // namespace onechat::storage
