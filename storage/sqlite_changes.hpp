// The changes of store.hpp, each as its statements on the writing connection, inside a transaction
// that sqlite_store begins and ends. Here are those of chats and users; sqlite_records,
// sqlite_erasure, sqlite_bans and sqlite_operator have the others. A broken rule or a failing disk
// sticks to the connection; the caller rolls back. Lives on the storage thread.
#pragma once

#include "storage/queries.hpp"
#include "storage/rows.hpp"
#include "storage/sqlite.hpp"
#include "storage/sqlite_bans.hpp"
#include "storage/sqlite_erasure.hpp"
#include "storage/sqlite_moderation.hpp"
#include "storage/sqlite_operator.hpp"
#include "storage/sqlite_places.hpp"
#include "storage/sqlite_promises.hpp"
#include "storage/sqlite_records.hpp"
#include "storage/sqlite_retention.hpp"
#include "storage/store.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace onechat::storage {

class sqlite_changes {
public:
    sqlite_changes(database& db, queries& reads, fresh_places& fresh);

    // Call at the start of every transaction.
    void begin();
    // Call at its end, before the commit.
    void end();
    // Call after a commit; and when it failed, or something after it: what was known may not be so.
    void committed();
    void rolled_back();
    void apply(change& one);

    [[nodiscard]] sqlite_erasure& erasure() { return erasure_; }
    [[nodiscard]] sqlite_bans& bans() { return bans_; }
    [[nodiscard]] sqlite_promises& promises() { return promises_; }
    [[nodiscard]] const sqlite_retention& retention() const { return retention_; }

    [[nodiscard]] std::int64_t last_epoch();

private:
    void apply_one(append& asked);
    void apply_one(open_chat& asked);
    void apply_one(void_chat& asked);
    void apply_one(end_chat& asked);
    void apply_one(mark_seen& asked);
    void apply_one(make_user& asked);
    void apply_one(start_epoch& asked);
    void apply_one(recall_text& asked);
    void apply_one(remove_text& asked);
    void apply_one(flag_text& asked) { moderation_.apply(asked); }
    void apply_one(flag_report& asked) { moderation_.apply(asked); }
    void apply_one(take_consent& asked) { moderation_.apply(asked); }
    void apply_one(drop_consents& asked) { moderation_.apply(asked); }
    void apply_one(clear_pair& asked);
    void apply_one(block_person& asked);
    void apply_one(add_report& asked) { records_.apply(asked); }
    void apply_one(note_consents& asked) { records_.apply(asked); }
    void apply_one(revoke_tokens& asked) { records_.apply(asked); }
    void apply_one(erase_user& asked) { erasure_.apply(asked); }
    void apply_one(purge& asked) { erasure_.apply(asked); }
    void apply_one(resolve_reports& asked) { bans_.apply(asked); }
    void apply_one(ban_person& asked) { bans_.apply(asked); }
    void apply_one(lift_ban& asked) { bans_.apply(asked); }
    void apply_one(resolve_report& asked) { operators_.apply(asked); }
    void apply_one(add_audit& asked) { operators_.add(asked.row); }
    void apply_one(add_admin_token& asked) { operators_.apply(asked); }
    void apply_one(drop_admin_token& asked) { operators_.apply(asked); }
    void apply_one(note_token_used& asked) { operators_.apply(asked); }
    void apply_one(remove_texts& asked);
    void apply_one(cut_records& asked) { retention_.apply(asked); }
    void apply_one(add_access& asked) { retention_.add(asked.row); }

    struct numbered_row {
        std::int64_t id;
        const message_row* row;
    };

    void add(const message_row& row);
    // All that belongs to an event but its row, which is to be inserted with this number. Nothing
    // when the event may not follow.
    [[nodiscard]] std::optional<std::int64_t> prepare(const message_row& row);
    // Those that have come one after the other wait, so that one statement inserts several.
    void insert_waiting();
    [[nodiscard]] bool may_chat(user_id user, unix_ms at);
    [[nodiscard]] std::optional<pair_row> make_pair(const open_chat& asked);
    [[nodiscard]] std::optional<pair_id> pair_of_open(chat_id chat);
    // The pair's last seq, valid until the next begin(); nullptr for an unknown pair. Nobody else
    // writes, so it is kept: asking for it costs as much as storing a text.
    [[nodiscard]] std::uint64_t* last_seq(pair_id pair);

    database& db_;
    queries& reads_;
    record_queries seats_;
    sqlite_records records_;
    sqlite_erasure erasure_;
    sqlite_bans bans_;
    sqlite_promises promises_;
    sqlite_moderation moderation_;
    sqlite_operator operators_;
    sqlite_places places_;
    sqlite_retention retention_;
    statement last_seq_;
    statement add_message_;
    statement add_messages_;
    statement banned_until_;
    statement add_pair_;
    statement add_chat_;
    statement open_chat_;
    statement newest_message_;
    statement drop_message_;
    statement drop_chat_;
    statement list_start_;
    statement list_before_;
    statement end_chat_;
    statement end_in_pair_;
    statement keep_marks_;
    std::array<statement, 2> move_seen_;
    statement recall_;
    statement remove_;
    statement add_seal_;
    statement is_open_;
    statement removable_;
    statement add_user_;
    statement epoch_;
    statement keep_epoch_;
    boost::unordered_flat_map<pair_id, std::uint64_t> last_seqs_;
    std::vector<numbered_row> waiting_;  // rows of the batch that is being applied
};

}  // namespace onechat::storage
