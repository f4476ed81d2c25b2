// What the log of promises is told of a transaction, and how its lines are kept again over an older
// backup. Part of sqlite_changes and under its rules.
#pragma once

#include "storage/promise_log.hpp"
#include "storage/queries.hpp"
#include "storage/sqlite.hpp"
#include "storage/store.hpp"

#include <optional>
#include <vector>

namespace onechat::storage {

class sqlite_promises {
public:
    sqlite_promises(database& db, queries& reads);

    void begin() { made_.clear(); }

    // Call after the change, when it changed something.
    void note_gone(pair_id pair, std::uint64_t seq, gone_reason why, unix_ms at);
    void note(const clear_pair& done);
    void note(const block_person& done);

    // What the transaction has done so far: it counts once that is committed.
    [[nodiscard]] const std::vector<promise_line>& made() const { return made_; }

    // A restore has left word that the lines are to be kept again.
    [[nodiscard]] bool is_restored();
    void forget_restored() { forget_restored_.run(); }

    // Of blocks, which may be of two who had not met yet: true when it changed something.
    [[nodiscard]] bool block_again(const promise_line& line);
    // Of the others: the change that keeps the line; nothing when the database has it, or knows
    // nobody whom it is about. A text that it takes away is overwritten by the next purge.
    [[nodiscard]] std::optional<change> again(const promise_line& line, std::int64_t epoch,
                                              unix_ms now);

private:
    [[nodiscard]] std::optional<user_id> user_of(const subject& name);

    queries& reads_;
    statement epoch_of_;
    statement subject_of_;
    statement user_of_;
    statement pair_of_;
    statement text_;
    statement add_block_;
    statement drop_block_;
    statement restored_;
    statement forget_restored_;
    std::vector<promise_line> made_;
};

}  // namespace onechat::storage
