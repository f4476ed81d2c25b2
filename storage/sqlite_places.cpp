#include "storage/sqlite_places.hpp"

#include "storage/place_run.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace onechat::storage {

namespace {

// With fewer, a pair has hardly gathered anything when its places are written; with more, a start
// has more to read. Two or three times as many are in memory, some tens of bytes each.
constexpr std::int64_t gathered_at = 16'384;

}  // namespace

sqlite_places::sqlite_places(database& db, fresh_places& fresh)
    : db_{db},
      fresh_{fresh},
      add_{db, "INSERT INTO place_runs (pair, last, messages) VALUES (?, ?, ?)"},
      find_{db, "SELECT messages FROM place_runs WHERE pair = ?1 AND last = ?2"},
      drop_{db, "DELETE FROM place_runs WHERE pair = ?1 AND last = ?2"},
      drop_before_{db, "DELETE FROM place_runs WHERE pair = ?1 AND last < ?2"},
      keep_written_{db, "INSERT OR REPLACE INTO meta (key, value) VALUES ('placed_to', ?1)"} {
    load();
}

void sqlite_places::load() {
    const std::string placed_to = db_.ask("SELECT value FROM meta WHERE key = 'placed_to'");
    if (placed_to.empty()) {
        throw storage_error{
            "The database doesn't say which events have their places in it: "
            "something has changed it. Restore a backup."};
    }
    written_to_ = std::stoll(placed_to);
    gathered_to_ = written_to_;
    {
        statement unplaced{db_,
                           "SELECT pair, seq, id FROM messages WHERE id >= ?1 AND NOT EXISTS "
                           "(SELECT 1 FROM place_runs WHERE place_runs.pair = messages.pair "
                           "AND last >= messages.seq) ORDER BY id"};
        auto found = unplaced.query(written_to_);
        while (found.next()) {
            fresh_.add({.pair = found.as<pair_id>(0),
                        .seq = found.as<std::uint64_t>(1),
                        .message = found.integer(2)});
        }
    }
    db_.throw_if_failed();
    // The numbers of messages that were deleted must not be given again: those before `written_to_`
    // would never get a place.
    const std::int64_t behind = std::stoll(db_.ask("SELECT ifnull(max(id), 0) + 1 FROM messages"));
    next_ = std::max(written_to_, behind);
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
    std::optional<std::vector<std::int64_t>> messages;
    {
        auto found = find_.query(pair, seq);
        if (!found.next()) {
            return;
        }
        messages = unpack_run(found.text(0));
    }
    if (!messages) {
        return db_.fail(fault::lost, damaged_run);
    }
    drop_.run(pair, seq);
    if (messages->size() > 1) {
        messages->pop_back();
        insert_run({.pair = pair, .seq = seq - 1}, *messages);
    }
}

// They stay in memory for the readers that still see the events; without those they name nothing.
void sqlite_places::drop_before(pair_id pair, std::uint64_t seq) {
    const auto older = fresh_.before(pair, seq);
    cut_.insert(cut_.end(), older.begin(), older.end());
    drop_before_.run(pair, seq);
}

// A pair's places in order: what is fresh of it is then always newer than what is not. Whole runs,
// or each commit of a few texts would leave runs of a few places.
void sqlite_places::write() {
    if (progress_.written == gathered_.size()) {
        return;
    }
    // A few more than came, or the next gathering would be larger than this one.
    progress_.credit += steps_.size() + steps_.size() / 8 + 1;
    while (progress_.written < gathered_.size()) {
        const std::size_t size = next_run();
        if (size > progress_.credit) {
            return;
        }
        write_run(std::span{gathered_}.subspan(progress_.written, size));
        progress_.written += size;
        progress_.credit -= size;
    }
    keep_written_.run(gathered_to_);
}

std::size_t sqlite_places::next_run() const {
    const auto left = std::span{gathered_}.subspan(progress_.written);
    std::size_t size = 1;
    while (size < left.size() && size < run_places_max && left[size].pair == left[0].pair &&
           left[size].seq == left[0].seq + size) {
        ++size;
    }
    return size;
}

// Without what was dropped, or cut and forgotten, since it was gathered.
void sqlite_places::write_run(std::span<const place> gathered) {
    std::vector<std::int64_t> messages;
    place last;
    for (const place& one : gathered) {
        if (fresh_.has(one)) {
            messages.push_back(one.message);
            last = one;
        }
    }
    if (!messages.empty()) {
        insert_run(last, messages);
    }
}

void sqlite_places::insert_run(const place& last, std::span<const std::int64_t> messages) {
    const std::string packed = pack_run(messages);
    add_.run(last.pair, last.seq, packed);
}

void sqlite_places::committed() {
    steps_.clear();
    fresh_.retire(cut_);
    cut_.clear();
    if (progress_.written > committed_.written) {
        fresh_.retire(std::span{gathered_}.subspan(committed_.written,
                                                   progress_.written - committed_.written));
    }
    committed_ = progress_;
    if (progress_.written == gathered_.size()) {
        written_to_ = gathered_to_;
        gather();
    }
}

void sqlite_places::gather() {
    gathered_.clear();
    progress_ = committed_ = {};
    if (next_ - written_to_ > gathered_at) {
        gathered_ = fresh_.from(written_to_);
        gathered_to_ = next_;
    }
}

void sqlite_places::rolled_back() {
    for (auto one = steps_.rbegin(); one != steps_.rend(); ++one) {
        if (one->added) {
            fresh_.drop(one->what.pair, one->what.seq);
        } else {
            fresh_.add(one->what);
        }
    }
    steps_.clear();
    cut_.clear();
    progress_ = committed_;
}

}  // namespace onechat::storage
