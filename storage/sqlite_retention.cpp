#include "storage/sqlite_retention.hpp"

#include "storage/cut_marks.hpp"
#include "storage/marks.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace onechat::storage {

namespace {

// A pair costs about as much as this many of its rows, whatever is cut of it.
constexpr std::uint32_t rows_per_pair = 4;

}  // namespace

sqlite_retention::sqlite_retention(database& db, queries& reads, sqlite_places& places)
    : reads_{reads},
      places_{places},
      due_pairs_{db,
                 "SELECT id FROM pairs WHERE oldest_at > 0 AND oldest_at < ?1 "
                 "ORDER BY oldest_at LIMIT ?2"},
      oldest_{db,
              "SELECT id, seq, at, epoch, side, kind, cid FROM events WHERE pair = ?1 "
              "ORDER BY seq LIMIT ?2"},
      talking_{db, "SELECT 1 FROM chats WHERE pair = ?1 AND ended IS NULL"},
      drop_message_{db, "DELETE FROM messages WHERE id = ?1"},
      drop_masks_{db, "DELETE FROM masks WHERE pair = ?1 AND seq <= ?2"},
      // While a chat is open its newest event was what counted.
      cut_pair_{db,
                "UPDATE pairs SET first_seq = ?2 + 1, cut_epoch = ?4, "
                "last_at = CASE WHEN last_seq < ?2 THEN ?3 ELSE last_at END, "
                "last_seq = max(last_seq, ?2) WHERE id = ?1"},
      look_again_{db,
                  "UPDATE pairs SET oldest_at = ?2, "
                  "listed_at = CASE ?2 WHEN 0 THEN 0 ELSE listed_at END WHERE id = ?1"},
      marks_{db, "SELECT seq, one, two FROM marks WHERE pair = ?1"},
      keep_marks_{db, "INSERT OR REPLACE INTO marks (pair, seq, one, two) VALUES (?, ?, ?, ?)"},
      drop_chats_{db,
                  "DELETE FROM chats WHERE id IN (SELECT id FROM chats "
                  "WHERE ended IS NOT NULL AND ended < ?1 ORDER BY ended LIMIT ?2)"},
      add_access_{db,
                  "INSERT INTO access (user, address, port, at, action) VALUES (?, ?, ?, ?, ?)"},
      drop_access_{db,
                   "DELETE FROM access WHERE id IN (SELECT id FROM access "
                   "WHERE at < ?1 ORDER BY at LIMIT ?2)"},
      due_{db,
           "SELECT EXISTS (SELECT 1 FROM pairs WHERE oldest_at > 0 AND oldest_at < ?1) "
           "OR EXISTS (SELECT 1 FROM chats WHERE ended IS NOT NULL AND ended < ?2) "
           "OR EXISTS (SELECT 1 FROM access WHERE at < ?3)"} {}

void sqlite_retention::add(const access_row& row) {
    add_access_.run(row.user, row.address, row.port, row.at, row.action);
}

void sqlite_retention::apply(cut_records& asked) {
    const std::uint32_t rows_max = std::max(asked.rows_max, 1U);
    std::vector<pair_id> pairs;
    {
        auto found = due_pairs_.query(asked.before, rows_max / rows_per_pair + 1);
        while (found.next()) {
            pairs.push_back(found.as<pair_id>(0));
        }
    }
    std::uint32_t left = rows_max;
    for (const pair_id pair : pairs) {
        const std::uint32_t gone = cut(pair, asked, left);
        asked.rows += gone;
        left -= std::min(left, gone + rows_per_pair);
        if (left == 0) {
            break;
        }
    }
    for (auto& [drop, before] : {std::pair{&drop_chats_, asked.chats_before},
                                 std::pair{&drop_access_, asked.access_before}}) {
        const auto gone = static_cast<std::uint32_t>(drop->run(before, left));
        asked.rows += gone;
        left -= std::min(left, gone);
    }
    {
        auto due = due_.query(asked.before, asked.chats_before, asked.access_before);
        asked.more = due.next() && due.integer(0) != 0;
    }
    traces_ = {.cut = true, .due = asked.more, .removed = traces_.removed || asked.rows > 0};
}

std::uint32_t sqlite_retention::cut(pair_id pair, const cut_records& asked,
                                    std::uint32_t rows_max) {
    prefix gone = find_prefix(pair, asked.before, rows_max);
    for (const std::int64_t row : gone.rows) {
        drop_message_.run(row);
    }
    const auto rows = static_cast<std::uint32_t>(gone.rows.size());
    unix_ms look_at = gone.next_at;
    // Nothing later is older than now; so that the next look is not the next step's.
    if (gone.start_is_left || (look_at == 0 && is_talking(pair))) {
        look_at = asked.now;
    }
    if (rows > 0) {
        places_.drop_before(pair, gone.last_seq + 1);
        drop_masks_.run(pair, gone.last_seq);
        cut_pair_.run(pair, gone.last_seq, gone.last_at, gone.epoch);
        cut_marks(pair, std::move(gone));
    }
    look_again_.run(pair, look_at);
    return rows;
}

sqlite_retention::prefix sqlite_retention::find_prefix(pair_id pair, unix_ms before,
                                                       std::uint32_t rows_max) {
    prefix gone;
    // A start can be told from one that is followed only when that is seen.
    std::optional<event_kind> last;
    unix_ms last_at = 0;
    std::int64_t last_epoch = 0;
    std::uint64_t last_seq = 0;
    std::int64_t last_row = 0;
    const auto take_last = [&] {
        if (last) {
            gone.rows.push_back(last_row);
            gone.last_seq = last_seq;
            gone.last_at = last_at;
            gone.epoch = last_epoch;
        }
    };
    auto found = oldest_.query(pair, std::int64_t{rows_max} + 1);
    while (found.next()) {
        take_last();
        last.reset();
        const unix_ms at = found.integer(2);
        if (at >= before || gone.rows.size() == rows_max) {
            gone.next_at = at;
            return gone;
        }
        last = found.as<event_kind>(5);
        last_row = found.integer(0);
        last_seq = found.as<std::uint64_t>(1);
        last_at = at;
        last_epoch = found.integer(3);
        const auto from = found.as<side>(4);
        if (*last == event_kind::text && from != side::system) {
            gone.texts[static_cast<std::size_t>(from)].push_back(
                {.cid = found.as<std::uint64_t>(6), .seq = last_seq, .at = at});
        }
    }
    if (last == event_kind::start) {
        gone.start_is_left = true;
    } else {
        take_last();
    }
    return gone;
}

bool sqlite_retention::is_talking(pair_id pair) {
    auto found = talking_.query(pair);
    return found.next();
}

// Those of an erased user's pairs are gone, and stay so.
void sqlite_retention::cut_marks(pair_id pair, prefix&& cut) {
    const auto erased = reads_.erased(pair);
    if (erased[0] || erased[1]) {
        return;
    }
    kept_marks kept;
    {
        auto found = marks_.query(pair);
        if (found.next()) {
            kept.seq = found.as<std::uint64_t>(0);
            kept.of = {reads_.read_marks(found.bytes(1)), reads_.read_marks(found.bytes(2))};
        }
    }
    if (!forget_texts(kept, std::move(cut.texts), cut.last_seq)) {
        return;
    }
    const auto one = pack_marks(kept.of[0]);
    const auto two = pack_marks(kept.of[1]);
    keep_marks_.run(pair, kept.seq, one, two);
}

}  // namespace onechat::storage
