#include "storage/sqlite_places.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <span>

namespace onechat::storage {

namespace {

// With fewer, a pair has hardly gathered anything when its places are written; with more, a start
// has more to read. Up to twice as many are in memory, some tens of bytes each.
constexpr std::int64_t gathered_at = 16'384;

// In one statement, which costs as much to begin and to end as some rows.
constexpr std::size_t rows_at_once = 16;

constexpr const char* columns = "places (pair, seq, message)";

}  // namespace

sqlite_places::sqlite_places(database& db, fresh_places& fresh)
    : fresh_{fresh},
      add_{db, insert_rows(columns, 3, 1)},
      add_many_{db, insert_rows(columns, 3, rows_at_once)},
      drop_{db, "DELETE FROM places WHERE pair = ?1 AND seq = ?2"},
      drop_before_{db, "DELETE FROM places WHERE pair = ?1 AND seq < ?2"},
      keep_written_{db, "INSERT OR REPLACE INTO meta (key, value) VALUES ('placed_to', ?1)"} {
    load(db);
}

void sqlite_places::load(database& db) {
    written_to_ = std::stoll(db.ask("SELECT value FROM meta WHERE key = 'placed_to'"));
    {
        statement unplaced{db,
                           "SELECT pair, seq, id FROM messages WHERE id >= ?1 AND NOT EXISTS "
                           "(SELECT 1 FROM places WHERE places.pair = messages.pair "
                           "AND places.seq = messages.seq) ORDER BY id"};
        auto found = unplaced.query(written_to_);
        while (found.next()) {
            fresh_.add({.pair = found.as<pair_id>(0),
                        .seq = found.as<std::uint64_t>(1),
                        .message = found.integer(2)});
        }
    }
    // Messages that were deleted must not give their number to others: those before `written_to_`
    // would never get a place.
    gathered_to_ = written_to_;
    next_ =
        std::max(written_to_,
                 std::int64_t{std::stoll(db.ask("SELECT ifnull(max(id), 0) + 1 FROM messages"))});
}

std::int64_t sqlite_places::add(pair_id pair, std::uint64_t seq) {
    const place added{.pair = pair, .seq = seq, .message = next_++};
    fresh_.add(added);
    steps_.push_back({.what = added, .added = true});
    return added.message;
}

void sqlite_places::drop(pair_id pair, std::uint64_t seq) {
    if (const auto dropped = fresh_.drop(pair, seq)) {
        steps_.push_back({.what = *dropped, .added = false});
    }
    drop_.run(pair, seq);
}

void sqlite_places::drop_before(pair_id pair, std::uint64_t seq) {
    for (const place& dropped : fresh_.drop_before(pair, seq)) {
        steps_.push_back({.what = dropped, .added = false});
    }
    drop_before_.run(pair, seq);
}

// A pair's places in order: what is fresh of it is then always newer than what is not.
void sqlite_places::write() {
    if (written_ == gathered_.size()) {
        return;
    }
    // A few more than came, or the next gathering would be larger than this one.
    const auto wanted = steps_.size() + steps_.size() / 8 + 1;
    const auto end = std::min(gathered_.size(), written_ + wanted);
    // What was dropped since is still among them.
    std::vector<place> some;
    std::copy_if(gathered_.begin() + static_cast<std::ptrdiff_t>(written_),
                 gathered_.begin() + static_cast<std::ptrdiff_t>(end), std::back_inserter(some),
                 [this](const place& one) { return fresh_.has(one); });
    write(some);
    written_ = end;
    if (written_ == gathered_.size()) {
        keep_written_.run(gathered_to_);
    }
}

void sqlite_places::write(std::span<const place> some) {
    for (; some.size() >= rows_at_once; some = some.subspan(rows_at_once)) {
        for (std::size_t row = 0; row < rows_at_once; ++row) {
            add_many_.bind_row(row, some[row].pair, some[row].seq, some[row].message);
        }
        add_many_.run_bound();
    }
    for (const place& one : some) {
        add_.run(one.pair, one.seq, one.message);
    }
}

void sqlite_places::committed() {
    steps_.clear();
    if (written_ > committed_) {
        fresh_.retire(std::span{gathered_}.subspan(committed_, written_ - committed_));
        committed_ = written_;
    }
    if (committed_ == gathered_.size()) {
        written_to_ = gathered_to_;
        gather();
    }
}

void sqlite_places::gather() {
    gathered_.clear();
    written_ = committed_ = 0;
    if (next_ - written_to_ > gathered_at) {
        gathered_ = fresh_.from(written_to_);
        gathered_to_ = next_;
    }
}

void sqlite_places::rolled_back() {
    for (const step& one : steps_ | std::views::reverse) {
        if (one.added) {
            fresh_.drop(one.what.pair, one.what.seq);
        } else {
            fresh_.add(one.what);
        }
    }
    steps_.clear();
    written_ = committed_;
}

}  // namespace onechat::storage
