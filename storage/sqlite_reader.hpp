// The reading half of sqlite_store: a second connection that can't write, so history neither waits
// for a commit nor holds one up. Used by one thread at a time, which may be another one than the
// store's.
#pragma once

#include "storage/fresh_places.hpp"
#include "storage/operator_queries.hpp"
#include "storage/queries.hpp"
#include "storage/record_queries.hpp"
#include "storage/sqlite.hpp"
#include "storage/sqlite_place_index.hpp"
#include "storage/standing_queries.hpp"
#include "storage/store.hpp"

#include <filesystem>

namespace onechat::storage {

class sqlite_reader final : public store_reader {
public:
    // The file must have been opened and migrated; `fresh` is its writer's. Throws storage_error.
    sqlite_reader(const std::filesystem::path& file, fresh_places& fresh);

    [[nodiscard]] bool answer(question& asked) override;

private:
    void fill(find_events& asked) { reads_.page(asked); }
    void fill(find_keep& asked);
    void fill(find_user& asked);
    void fill(find_person& asked) { asked.name = reads_.subject_of(asked.from, asked.person); }
    void fill(find_history& asked) { records_.history(asked); }
    void fill(list_pairs& asked) { records_.list(asked); }
    void fill(find_own_texts& asked) { records_.own_texts(asked); }
    void fill(count_texts& asked) { records_.count(asked); }
    void fill(find_bans& asked) { standings_.bans(asked); }
    void fill(find_standing& asked) { standings_.find(asked); }
    void fill(count_standings& asked) { standings_.count(asked); }
    void fill(list_users& asked) { operators_.list(asked); }
    void fill(describe_user& asked) { operators_.describe(asked); }
    void fill(list_pairs_of& asked) { operators_.list(asked); }
    void fill(find_record& asked) { operators_.find(asked); }
    void fill(list_reports& asked) { operators_.list(asked); }
    void fill(find_report& asked) { operators_.find(asked); }
    void fill(count_open_reports& asked) { operators_.count(asked); }
    void fill(find_erasure& asked) { operators_.find(asked); }
    void fill(list_audit& asked) { operators_.list(asked); }
    void fill(list_admin_tokens& asked) { operators_.list(asked); }
    void fill(list_access& asked) { operators_.list(asked); }
    void fill(list_flags& asked) { operators_.list(asked); }

    fresh_places& fresh_;
    database db_;
    sqlite_place_index index_;
    queries reads_;
    record_queries records_;
    standing_queries standings_;
    operator_queries operators_;
};

}  // namespace onechat::storage
