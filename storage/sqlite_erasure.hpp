// Erasure on the writing connection: the short transaction that takes an account, and the small
// steps in which what is sealed, erased or over is overwritten. Part of sqlite_changes and under
// its rules; sqlite_store does what must follow the commit.
#pragma once

#include "storage/erasure_log.hpp"
#include "storage/record_queries.hpp"
#include "storage/sqlite.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace onechat::storage {

class sqlite_erasure {
public:
    sqlite_erasure(database& db, record_queries& reads);

    // What the transaction has done so far: it counts once that is committed.
    struct traces {
        std::vector<erasure_line> erased;  // for the log of erasures
        bool removed = false;              // bytes that older pages and the write-ahead log hold
        bool purged = false;
        bool unbanned = false;  // bans were deleted, or say less
        bool due = false;       // after the purge
    };

    void begin() { traces_ = {}; }
    void apply(erase_user& asked);
    void apply(purge& asked);
    [[nodiscard]] const traces& done() const { return traces_; }

    // Erasures that are overwritten, for a moment when both files are free of them. The next purge
    // notes that they were told.
    [[nodiscard]] std::vector<std::string> tell_completed();
    // Call when a purge is committed, before that.
    void note_told() { told_ = false; }

    // The erasures after a receipt, in order, for the log of erasures.
    [[nodiscard]] std::vector<erasure_line> lines(const std::string& after, std::uint32_t limit);
    [[nodiscard]] bool has(const std::string& receipt);

private:
    struct erasure {
        std::string receipt;
        user_id user{};
        pair_id pair{};
        std::uint64_t seq = 0;
        std::int64_t report = 0;  // 0: still in the pairs, else in the evidence of this report
        void go_to(pair_id next) {
            pair = next;
            seq = 0;
        }
    };
    // How much one step may still overwrite and look at.
    struct budget {
        std::uint32_t rows = 0;
        std::uint32_t scan = 0;
    };

    void overwrite_seals(unix_ms now, budget& left);
    void go_on_with_erasures(unix_ms now, budget& left);
    void forget_persons(unix_ms now, budget& left);
    void drop_reports(unix_ms now, budget& left);

    [[nodiscard]] std::optional<erasure> next_erasure(unix_ms now);
    // These go on behind the erasure's place and are true when the last of it is behind them.
    [[nodiscard]] bool overwrite(erasure& one, budget& left);
    [[nodiscard]] bool overwrite_pairs(erasure& one, budget& left);
    [[nodiscard]] bool overwrite_pair(erasure& one, side who, budget& left);
    [[nodiscard]] bool overwrite_reports(erasure& one, budget& left);
    [[nodiscard]] bool overwrite_report(erasure& one, budget& left);

    struct own_texts {
        std::vector<std::int64_t> rows;
        bool whole = true;  // false: there are more than the step may overwrite
    };
    [[nodiscard]] own_texts take(statement::rows& found, erasure& place, budget& left);
    [[nodiscard]] bool overwrite(const own_texts& texts, statement& how, budget& left);
    [[nodiscard]] std::vector<std::int64_t> reports_of(user_id reporter, std::int64_t from);
    void finish(const erasure& one, unix_ms now);
    [[nodiscard]] bool forget(user_id user, unix_ms now);

    database& db_;
    record_queries& reads_;
    statement user_;
    statement reports_until_;
    statement erase_user_;
    statement drop_blocks_;
    statement drop_consents_;
    statement add_erasure_;
    statement due_seals_;
    statement overwrite_sealed_;
    statement drop_seal_;
    statement due_erasure_;
    statement events_;
    statement overwrite_;
    statement drop_marks_;
    statement reports_of_;
    statement drop_note_;
    statement evidence_;
    statement overwrite_evidence_;
    statement keep_place_;
    statement forget_person_;
    statement drop_lifted_bans_of_;
    statement unname_bans_of_;
    statement finish_;
    statement kept_persons_;
    statement release_;
    statement due_reports_;
    statement drop_evidence_;
    statement drop_report_;
    statement drop_bans_;
    statement drop_flags_;
    statement due_;
    statement untold_;
    statement mark_told_;
    statement lines_;
    statement has_;
    traces traces_;
    bool told_ = false;  // somebody was told of all that are overwritten, not noted yet
};

}  // namespace onechat::storage
