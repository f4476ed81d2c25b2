// Retention on the writing connection: cuts what is too old from the beginnings of pairs, and old
// records of access, which it keeps as well, in small steps. Not the decision how old that is, nor
// when a step is due. Part of sqlite_changes and under its rules. Lives on the storage thread.
#pragma once

#include "storage/queries.hpp"
#include "storage/sqlite.hpp"
#include "storage/sqlite_places.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <vector>

namespace onechat::storage {

class sqlite_retention {
public:
    sqlite_retention(database& db, queries& reads, sqlite_places& places);

    // What the transaction has done so far: it counts once that is committed.
    struct traces {
        bool cut = false;      // a step was taken
        bool due = false;      // after it
        bool removed = false;  // bytes that older pages and the write-ahead log hold
    };

    void begin() { traces_ = {}; }
    void apply(cut_records& asked);
    void add(const access_row& row);
    [[nodiscard]] const traces& done() const { return traces_; }

private:
    // The beginning of a pair that is cut, and what it leaves.
    struct prefix {
        std::vector<std::int64_t> rows;
        std::array<std::vector<cid_mark>, 2> texts;  // as marks without a digest
        std::uint64_t last_seq = 0;
        unix_ms last_at = 0;
        std::int64_t epoch = 0;
        unix_ms next_at = 0;         // of the event behind it, 0 when there is none
        bool start_is_left = false;  // the pair's newest event is a start, and due
    };

    // Returns how many events are gone.
    std::uint32_t cut(pair_id pair, const cut_records& asked, std::uint32_t rows_max);
    [[nodiscard]] prefix find_prefix(pair_id pair, unix_ms before, std::uint32_t rows_max);
    [[nodiscard]] bool is_talking(pair_id pair);
    void cut_marks(pair_id pair, prefix&& cut);

    queries& reads_;
    sqlite_places& places_;
    statement due_pairs_;
    statement oldest_;
    statement talking_;
    statement drop_message_;
    statement drop_masks_;
    statement cut_pair_;
    statement look_again_;
    statement marks_;
    statement keep_marks_;
    statement drop_chats_;
    statement add_access_;
    statement drop_access_;
    statement due_;
    traces traces_;
};

}  // namespace onechat::storage
