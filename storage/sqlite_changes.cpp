#include "storage/sqlite_changes.hpp"

#include "storage/effective.hpp"
#include "storage/marks.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>
#include <variant>

namespace onechat::storage {

namespace {

// More pairs than talk at once; some tens of bytes each.
constexpr std::size_t last_seqs_max = 65'536;

// In one statement, which costs as much to begin and to end as some rows.
constexpr std::size_t rows_at_once = 16;

constexpr const char* message_columns =
    "messages (id, epoch, pair, seq, side, kind, cid, ref, reason, gone, at, body)";

}  // namespace

sqlite_changes::sqlite_changes(database& db, queries& reads, fresh_places& fresh)
    : db_{db},
      reads_{reads},
      seats_{db, reads},
      records_{db, seats_},
      erasure_{db, seats_},
      bans_{db, seats_},
      promises_{db, reads},
      moderation_{db},
      operators_{db},
      places_{db, fresh},
      retention_{db, reads, places_},
      last_seq_{db,
                "SELECT max(last_seq, ifnull((SELECT max(seq) FROM places WHERE pair = ?1), 0)) "
                "FROM pairs WHERE id = ?1"},
      add_message_{db, insert_rows(message_columns, 12, 1)},
      add_messages_{db, insert_rows(message_columns, 12, rows_at_once)},
      banned_until_{db,
                    "SELECT ifnull((SELECT max(until) FROM bans "
                    "WHERE bans.person = users.person), 0) "
                    "FROM users WHERE id = ?1 AND account IS NOT NULL"},
      add_pair_{db,
                "INSERT INTO pairs "
                "(name, user_one, alias_one, avatar_one, user_two, alias_two, avatar_two) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)"},
      add_chat_{db, "INSERT INTO chats (pair, started, topic) VALUES (?, ?, ?)"},
      open_chat_{db, "SELECT pair FROM chats WHERE id = ?1 AND ended IS NULL"},
      newest_message_{db,
                      "SELECT id, seq, kind FROM events WHERE pair = ?1 ORDER BY seq DESC LIMIT 1"},
      drop_message_{db, "DELETE FROM messages WHERE id = ?1"},
      drop_chat_{db, "DELETE FROM chats WHERE id = ?1"},
      list_start_{db,
                  "UPDATE pairs SET listed_at = ?2, "
                  "oldest_at = CASE oldest_at WHEN 0 THEN ?2 ELSE oldest_at END WHERE id = ?1"},
      list_before_{db, "UPDATE pairs SET listed_at = last_at WHERE id = ?1"},
      end_chat_{db, "UPDATE chats SET ended = ?2, why = ?3 WHERE id = ?1"},
      end_in_pair_{db,
                   "UPDATE pairs SET met = met + 1, last_seq = ?2, last_at = ?3, "
                   "listed_at = ?3 WHERE id = ?1"},
      keep_marks_{db, "INSERT OR REPLACE INTO marks (pair, seq, one, two) VALUES (?, ?, ?, ?)"},
      move_seen_{statement{db, "UPDATE pairs SET seen_one = ?2 WHERE id = ?1 AND seen_one < ?2"},
                 statement{db, "UPDATE pairs SET seen_two = ?2 WHERE id = ?1 AND seen_two < ?2"}},
      recall_{db,
              "UPDATE messages SET gone = 1 "
              "WHERE id = (SELECT id FROM events WHERE pair = ?1 AND seq = ?2) "
              "AND side = ?3 AND kind = 0 AND gone = 0"},
      remove_{db,
              "UPDATE messages SET gone = 3 "
              "WHERE id = (SELECT id FROM events WHERE pair = ?1 AND seq = ?2) "
              "AND kind = 0 AND gone = 0"},
      add_seal_{db, "INSERT INTO seals (until, pair, seq) VALUES (?, ?, ?)"},
      is_open_{db, "SELECT 1 FROM chats WHERE pair = ?1 AND ended IS NULL"},
      removable_{db,
                 "SELECT seq FROM events WHERE pair = ?1 AND seq >= ?2 AND seq <= ?3 "
                 "AND kind = 0 AND gone = 0 ORDER BY seq LIMIT ?4"},
      // Not ON CONFLICT DO NOTHING: that would also swallow a second user with a used id.
      add_user_{db,
                "INSERT INTO users (id, subject, provider, account, person, created, seen, "
                "tokens_from) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 "
                "WHERE NOT EXISTS (SELECT 1 FROM users "
                "WHERE provider = ?3 AND person = ?5 AND account IS NOT NULL)"},
      epoch_{db, "SELECT value FROM meta WHERE key = 'epoch'"},
      keep_epoch_{db, "INSERT OR REPLACE INTO meta (key, value) VALUES ('epoch', ?1)"} {}

void sqlite_changes::begin() {
    if (last_seqs_.size() > last_seqs_max) {
        last_seqs_.clear();
    }
    waiting_.clear();
    erasure_.begin();
    retention_.begin();
    bans_.begin();
    promises_.begin();
}

void sqlite_changes::end() {
    insert_waiting();
    places_.write();
}

void sqlite_changes::committed() {
    places_.committed();
}

void sqlite_changes::rolled_back() {
    places_.rolled_back();
    last_seqs_.clear();
}

void sqlite_changes::apply(change& one) {
    if (!std::holds_alternative<append>(one)) {
        insert_waiting();
    }
    std::visit(
        [this](auto& asked) {
            apply_one(asked);
            if constexpr (requires { asked.audit; }) {
                if (asked.audit && is_effective(asked)) {
                    operators_.add(*asked.audit);
                }
            }
        },
        one);
}

void sqlite_changes::apply_one(open_chat& asked) {
    assert(asked.users[0] < asked.users[1]);
    if (!may_chat(asked.users[0], asked.at) || !may_chat(asked.users[1], asked.at)) {
        return;
    }
    auto pair = reads_.open_pair(asked.users);
    if (!pair) {
        pair = make_pair(asked);
    }
    if (!pair) {
        return;
    }
    const unix_ms at = std::max(asked.at, pair->last_at);
    add_chat_.run(pair->id, at, asked.topic);
    const chat_id chat{db_.last_insert_id()};
    list_start_.run(pair->id, at);
    pair->last_seq += 1;
    pair->last_at = at;
    add({.pair = pair->id,
         .seq = pair->last_seq,
         .epoch = asked.epoch,
         .kind = event_kind::start,
         .at = at,
         .body = {}});
    asked.recent = reads_.newest(pair->id, asked.recent_max);
    auto unmarked = reads_.unmarked(*pair);
    asked.live = {.pair = *std::move(pair),
                  .chat = chat,
                  .started = at,
                  .topic = asked.topic,
                  .unmarked = std::move(unmarked)};
    asked.opened = true;
}

void sqlite_changes::apply_one(void_chat& asked) {
    const auto pair = pair_of_open(asked.chat);
    if (!pair) {
        return;
    }
    std::int64_t start = 0;
    std::uint64_t seq = 0;
    {
        auto newest = newest_message_.query(*pair);
        if (!newest.next() || newest.as<event_kind>(2) != event_kind::start) {
            return db_.fail(fault::rule, "a chat was to be voided in which something happened");
        }
        start = newest.integer(0);
        seq = newest.as<std::uint64_t>(1);
    }
    drop_message_.run(start);
    places_.drop(*pair, seq);
    drop_chat_.run(asked.chat);
    list_before_.run(*pair);
    last_seqs_.erase(*pair);
}

void sqlite_changes::apply_one(end_chat& asked) {
    const auto pair = pair_of_open(asked.chat);
    if (!pair) {
        return;
    }
    if (asked.end.pair != *pair || asked.end.kind != event_kind::end) {
        return db_.fail(fault::rule, "a chat was to be ended by an event that doesn't end it");
    }
    add(asked.end);
    end_chat_.run(asked.chat, asked.end.at, asked.end.reason);
    end_in_pair_.run(*pair, asked.end.seq, asked.end.at);
    moderation_.drop_masks(*pair);
    const auto erased = reads_.erased(*pair);
    if (erased[0] || erased[1]) {
        return;  // a purge that has been here already would not come back for the marks
    }
    const auto one = pack_marks(asked.marks[0]);
    const auto two = pack_marks(asked.marks[1]);
    keep_marks_.run(*pair, asked.end.seq, one, two);
}

void sqlite_changes::apply_one(mark_seen& asked) {
    if (asked.who == side::system) {
        return db_.fail(fault::rule, "nobody's seen was to be moved");
    }
    if (last_seq(asked.pair) != nullptr) {
        move_seen_[static_cast<std::size_t>(asked.who)].run(asked.pair, asked.seq);
    }
}

void sqlite_changes::apply_one(make_user& asked) {
    const user_row& user = asked.user;
    add_user_.run(user.id, user.name, user.from, user.account, user.person, user.created, user.seen,
                  user.tokens_from);
}

void sqlite_changes::apply_one(start_epoch& asked) {
    asked.epoch = std::max(asked.now, last_epoch() + 1);
    keep_epoch_.run(asked.epoch);
}

void sqlite_changes::apply_one(recall_text& asked) {
    const message_row& row = asked.row;
    if (row.kind != event_kind::recall) {
        return db_.fail(fault::rule, "a text was to be recalled by an event that doesn't recall");
    }
    add(row);
    if (recall_.run(row.pair, row.ref, row.from) > 0) {
        add_seal_.run(asked.sealed_until, row.pair, row.ref);
        promises_.note_gone(row.pair, row.ref, gone_reason::recall, row.at);
    }
}

void sqlite_changes::apply_one(remove_text& asked) {
    message_row row = asked.row;
    if (row.kind != event_kind::recall || row.from != side::system) {
        return db_.fail(fault::rule, "a text was to be removed by an event that doesn't remove");
    }
    if (row.seq == 0) {
        const auto pair = reads_.pair(row.pair);
        if (!pair) {
            return db_.fail(fault::rule, "the pair doesn't exist");
        }
        row.seq = pair->last_seq + 1;
        row.at = std::max(row.at, pair->last_at);
    }
    asked.removed = remove_.run(row.pair, row.ref) > 0;
    if (asked.removed || asked.row.seq != 0) {
        add(row);
    }
    if (asked.removed) {
        add_seal_.run(asked.sealed_until, row.pair, row.ref);
        promises_.note_gone(row.pair, row.ref, gone_reason::removed, row.at);
    }
}

void sqlite_changes::apply_one(clear_pair& asked) {
    records_.apply(asked);
    if (asked.result == pair_change::done) {
        promises_.note(asked);
    }
}

void sqlite_changes::apply_one(block_person& asked) {
    if (records_.apply(asked)) {
        promises_.note(asked);
    }
}

void sqlite_changes::apply_one(remove_texts& asked) {
    const auto pair = reads_.bare_pair(asked.pair);
    asked.known = pair.has_value();
    {
        auto open = is_open_.query(asked.pair);
        asked.live = open.next();
    }
    if (!asked.known || asked.live) {
        return;
    }
    std::vector<std::uint64_t> seqs;
    {
        const auto last = asked.seq == 0 ? pair->last_seq : asked.seq;
        auto found = removable_.query(asked.pair, asked.seq, last, std::int64_t{asked.limit} + 1);
        while (found.next()) {
            seqs.push_back(found.as<std::uint64_t>(0));
        }
    }
    if (seqs.size() > asked.limit) {
        seqs.pop_back();
        asked.more = true;
    }
    message_row told{.pair = asked.pair,
                     .seq = pair->last_seq,
                     .epoch = asked.epoch,
                     .kind = event_kind::recall,
                     .gone = gone_reason::removed,
                     .at = std::max(asked.at, pair->last_at),
                     .body = {}};
    for (const std::uint64_t seq : seqs) {
        remove_.run(asked.pair, seq);
        add_seal_.run(asked.sealed_until, asked.pair, seq);
        promises_.note_gone(asked.pair, seq, gone_reason::removed, told.at);
        told.seq += 1;
        told.ref = seq;
        add(told);
    }
    asked.removed = static_cast<std::uint32_t>(seqs.size());
}

std::int64_t sqlite_changes::last_epoch() {
    auto stored = epoch_.query();
    return stored.next() ? stored.integer(0) : 0;
}

void sqlite_changes::apply_one(append& asked) {
    if (const auto id = prepare(asked.row)) {
        waiting_.push_back({*id, &asked.row});
    }
    if (waiting_.size() == rows_at_once) {
        insert_waiting();
    }
}

void sqlite_changes::add(const message_row& row) {
    if (const auto id = prepare(row)) {
        waiting_.push_back({*id, &row});
        insert_waiting();
    }
}

std::optional<std::int64_t> sqlite_changes::prepare(const message_row& row) {
    std::uint64_t* last = last_seq(row.pair);
    if (last == nullptr) {
        return std::nullopt;
    }
    if (row.seq != *last + 1) {
        db_.fail(fault::rule, "an event's seq doesn't follow the pair's last");
        return std::nullopt;
    }
    *last = row.seq;
    if (row.said != 0) {
        moderation_.add_mask(row);
    }
    return places_.add(row.pair, row.seq);
}

void sqlite_changes::insert_waiting() {
    const auto bind = [](statement& to, std::size_t at, const numbered_row& one) {
        const message_row& row = *one.row;
        to.bind_row(at, one.id, row.epoch, row.pair, row.seq, row.from, row.kind, row.cid, row.ref,
                    row.reason, row.gone, row.at, row.body);
    };
    if (waiting_.size() == rows_at_once) {
        for (std::size_t at = 0; at < rows_at_once; ++at) {
            bind(add_messages_, at, waiting_[at]);
        }
        add_messages_.run_bound();
    } else {
        for (const numbered_row& one : waiting_) {
            bind(add_message_, 0, one);
            add_message_.run_bound();
        }
    }
    waiting_.clear();
}

bool sqlite_changes::may_chat(user_id user, unix_ms at) {
    auto found = banned_until_.query(user);
    return found.next() && found.integer(0) <= at;
}

std::optional<pair_row> sqlite_changes::make_pair(const open_chat& asked) {
    const auto& [one, two] = asked.seeds;
    add_pair_.run(asked.name, asked.users[0], one.alias, one.avatar, asked.users[1], two.alias,
                  two.avatar);
    return reads_.pair(pair_id{db_.last_insert_id()});
}

std::optional<pair_id> sqlite_changes::pair_of_open(chat_id chat) {
    auto found = open_chat_.query(chat);
    if (!found.next()) {
        db_.fail(fault::rule, "the chat isn't open");
        return std::nullopt;
    }
    return found.as<pair_id>(0);
}

std::uint64_t* sqlite_changes::last_seq(pair_id pair) {
    if (const auto known = last_seqs_.find(pair); known != last_seqs_.end()) {
        return &known->second;
    }
    auto found = last_seq_.query(pair);
    if (!found.next()) {
        db_.fail(fault::rule, "the pair doesn't exist");
        return nullptr;
    }
    return &last_seqs_.emplace(pair, found.as<std::uint64_t>(0)).first->second;
}

}  // namespace onechat::storage
