#include "storage/sqlite_promises.hpp"

#include <algorithm>

namespace onechat::storage {

sqlite_promises::sqlite_promises(database& db, queries& reads)
    : reads_{reads},
      epoch_of_{db, "SELECT epoch FROM events WHERE pair = ?1 AND seq = ?2"},
      subject_of_{db, "SELECT subject FROM users WHERE id = ?1"},
      user_of_{db, "SELECT id FROM users WHERE subject = ?1 AND account IS NOT NULL"},
      pair_of_{db, "SELECT id FROM pairs WHERE name = ?1"},
      text_{db,
            "SELECT side FROM events WHERE pair = ?1 AND seq = ?2 AND epoch = ?3 "
            "AND kind = 0 AND gone = 0"},
      add_block_{db,
                 "INSERT INTO blocks (user, person, pair, at) "
                 "VALUES (?1, ?2, ifnull((SELECT id FROM pairs WHERE name = ?3), 0), ?4) "
                 "ON CONFLICT DO NOTHING"},
      drop_block_{db, "DELETE FROM blocks WHERE user = ?1 AND person = ?2"},
      restored_{db, "SELECT 1 FROM meta WHERE key = 'restored'"},
      forget_restored_{db, "DELETE FROM meta WHERE key = 'restored'"} {}

void sqlite_promises::note_gone(pair_id pair, std::uint64_t seq, gone_reason why, unix_ms at) {
    promise_line line{
        .what = promise::gone, .at = at, .pair = reads_.name(pair), .seq = seq, .why = why};
    auto found = epoch_of_.query(pair, seq);
    if (found.next()) {
        line.epoch = found.integer(0);
        made_.push_back(std::move(line));
    }
}

void sqlite_promises::note(const clear_pair& done) {
    auto found = subject_of_.query(done.user);
    if (found.next()) {
        made_.push_back({.what = promise::clear,
                         .at = done.at,
                         .pair = done.name,
                         .user = queries::read_person(found.bytes(0))});
    }
}

void sqlite_promises::note(const block_person& done) {
    auto found = subject_of_.query(done.user);
    if (found.next()) {
        made_.push_back({.what = done.on ? promise::block : promise::unblock,
                         .at = done.at,
                         .pair = done.name,
                         .user = queries::read_person(found.bytes(0)),
                         .person = done.person});
    }
}

bool sqlite_promises::is_restored() {
    auto found = restored_.query();
    return found.next();
}

std::optional<change> sqlite_promises::again(const promise_line& line, std::int64_t epoch,
                                             unix_ms now) {
    if (line.what == promise::clear) {
        const auto user = user_of(line.user);
        return user ? std::optional<change>{clear_pair{
                          .user = *user, .name = line.pair, .at = line.at}}
                    : std::nullopt;
    }
    pair_id pair{};
    {
        auto found = pair_of_.query(line.pair);
        pair = found.next() ? found.as<pair_id>(0) : pair_id{};
    }
    side who{};
    {
        auto found = text_.query(pair, line.seq, line.epoch);
        if (!found.next()) {
            return std::nullopt;
        }
        who = found.as<side>(0);
    }
    const auto last = reads_.pair(pair);
    if (!last) {
        return std::nullopt;
    }
    message_row row{.pair = pair,
                    .seq = last->last_seq + 1,
                    .epoch = epoch,
                    .from = who,
                    .kind = event_kind::recall,
                    .ref = line.seq,
                    .at = std::max(line.at, last->last_at),
                    .body = {}};
    if (line.why == gone_reason::recall) {
        return recall_text{.row = std::move(row), .sealed_until = now};
    }
    row.from = side::system;
    row.gone = gone_reason::removed;
    return remove_text{.row = std::move(row), .sealed_until = now};
}

bool sqlite_promises::block_again(const promise_line& line) {
    const auto user = user_of(line.user);
    if (!user) {
        return false;
    }
    return line.what == promise::block ? add_block_.run(*user, line.person, line.pair, line.at) > 0
                                       : drop_block_.run(*user, line.person) > 0;
}

std::optional<user_id> sqlite_promises::user_of(const subject& name) {
    auto found = user_of_.query(name);
    return found.next() ? std::optional{found.as<user_id>(0)} : std::nullopt;
}

}  // namespace onechat::storage
