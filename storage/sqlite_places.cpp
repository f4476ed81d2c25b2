#include "storage/sqlite_places.hpp"

#include <limits>
#include <utility>

namespace onechat::storage {

namespace {

// Half a MiB of pages. With more, small commits write more of them; with fewer, a pair has hardly
// gathered anything when it moves.
constexpr std::int64_t fresh_max = 16'384;

constexpr pair_id no_pair{0};
constexpr pair_id last_pair{std::numeric_limits<std::int64_t>::max()};

}  // namespace

sqlite_places::sqlite_places(database& db)
    : db_{db},
      add_{db, "INSERT INTO fresh_places (pair, seq, message) VALUES (?, ?, ?)"},
      drop_fresh_{db, "DELETE FROM fresh_places WHERE pair = ?1 AND seq = ?2"},
      drop_{db, "DELETE FROM places WHERE pair = ?1 AND seq = ?2"},
      drop_fresh_before_{db, "DELETE FROM fresh_places WHERE pair = ?1 AND seq < ?2"},
      drop_before_{db, "DELETE FROM places WHERE pair = ?1 AND seq < ?2"},
      count_{db, "SELECT count(*) FROM fresh_places"},
      last_of_stretch_{
          db, "SELECT pair FROM fresh_places WHERE pair > ?1 ORDER BY pair LIMIT 1 OFFSET ?2"},
      copy_{db,
            "INSERT INTO places SELECT pair, seq, message FROM fresh_places "
            "WHERE pair > ?1 AND pair <= ?2 ORDER BY pair, seq"},
      remove_{db, "DELETE FROM fresh_places WHERE pair > ?1 AND pair <= ?2"} {}

void sqlite_places::add(pair_id pair, std::uint64_t seq) {
    add_.run(pair, seq, db_.last_insert_id());
    added_ += 1;
}

void sqlite_places::drop(pair_id pair, std::uint64_t seq) {
    if (drop_fresh_.run(pair, seq) > 0) {
        added_ -= 1;
    } else {
        drop_.run(pair, seq);
    }
}

void sqlite_places::drop_before(pair_id pair, std::uint64_t seq) {
    drop_before_.run(pair, seq);
    added_ -= drop_fresh_before_.run(pair, seq);
}

// Whole pairs only: what is fresh of a pair is then always newer than what is not.
void sqlite_places::move() {
    const std::int64_t added = std::exchange(added_, 0);
    fresh_ = fresh_known_ ? fresh_ + added : count_fresh();
    fresh_known_ = true;
    if (fresh_ <= fresh_max) {
        return;
    }
    const std::int64_t excess = fresh_ - fresh_max;
    pair_id last = last_pair;
    {
        auto found = last_of_stretch_.query(moved_to_, excess);
        if (found.next()) {
            last = found.as<pair_id>(0);
        }
    }
    copy_.run(moved_to_, last);
    fresh_ -= remove_.run(moved_to_, last);
    moved_to_ = last == last_pair ? no_pair : last;
}

void sqlite_places::rolled_back() {
    added_ = 0;
    fresh_known_ = false;
}

std::int64_t sqlite_places::count_fresh() {
    auto found = count_.query();
    return found.next() ? found.integer(0) : 0;
}

}  // namespace onechat::storage
