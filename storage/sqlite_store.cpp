#include "storage/sqlite_store.hpp"

#include "storage/forget.hpp"
#include "storage/hex.hpp"
#include "storage/migrations.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

namespace onechat::storage {

namespace {

// 16 MiB of log: large enough that a busy server copies each hot page once for many commits, small
// enough that a start after a crash recovers it in a moment.
constexpr int checkpoint_frames = 4096;

// A 16 MiB cache holds the upper index pages and what commits touch. A log that a long reader
// let grow is cut back to 64 MiB.
constexpr const char* settings =
    "PRAGMA secure_delete = ON; PRAGMA mmap_size = 0; "
    "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; "
    "PRAGMA journal_size_limit = 67108864;";

database& prepared(database& db, const std::filesystem::path& file, durability how) {
    if (db.ask("PRAGMA journal_mode = WAL") != "wal") {
        throw storage_error{"The database " + file.string() +
                            " needs a file system with shared memory (not a network share)."};
    }
    db.run_or_throw(settings);
    db.run_or_throw(how == durability::full ? "PRAGMA synchronous = FULL"
                                            : "PRAGMA synchronous = NORMAL");
    migrate(db);
    db.run_or_throw("PRAGMA foreign_keys = ON");
    return db;
}

// Erasures that wait for the log to be writable. Those beyond are found missing at the next start.
// Promises, too: of those the oldest are given up.
constexpr std::size_t unlogged_max = 10'000;

constexpr std::uint32_t lines_at_once = 4096;

}  // namespace

sqlite_store::sqlite_store(const std::filesystem::path& file, durability how)
    : db_{file, database::access::write},
      index_{prepared(db_, file, how), fresh_},
      reads_{db_},
      changes_{db_, reads_, fresh_},
      open_chats_{db_, "SELECT id, pair, started, topic FROM chats WHERE ended IS NULL"},
      partings_{db_,
                "SELECT user_one, user_two, ended FROM chats JOIN pairs ON pairs.id = chats.pair "
                "WHERE ended >= ?1 ORDER BY ended"},
      last_user_{db_, "SELECT ifnull(max(id), 0) FROM users"},
      newest_{db_, "SELECT at FROM messages ORDER BY id DESC LIMIT 1"},
      log_{file.parent_path() / "erasures.log"},
      ban_log_{file.parent_path() / "bans.log"},
      promise_log_{file.parent_path() / "promises.log"},
      reader_{file, fresh_} {}

commit_result sqlite_store::commit(std::span<change> batch) {
    if (lost_) {
        return commit_result::unknown;
    }
    {
        transaction work{db_, transaction::kind::write};
        changes_.begin();
        for (change& one : batch) {
            forget_answer(one);
            changes_.apply(one);
            if (db_.failed()) {
                break;
            }
        }
        changes_.end();
        if (work.commit()) {
            changes_.committed();
            settle(batch);
        }
    }
    const auto result = judge();
    if (result != commit_result::done) {
        changes_.rolled_back();
        std::ranges::for_each(batch, [](change& one) { forget_answer(one); });
    }
    return result;
}

std::vector<live_pair> sqlite_store::open_chats() {
    std::vector<live_pair> live;
    {
        auto found = open_chats_.query();
        while (found.next()) {
            live.push_back({.pair = {.id = found.as<pair_id>(1), .name = {}, .seats = {}},
                            .chat = found.as<chat_id>(0),
                            .started = found.integer(2),
                            .topic = found.null(3) ? std::nullopt : std::optional{found.text(3)},
                            .unmarked = {}});
        }
    }
    for (live_pair& one : live) {
        if (auto pair = reads_.pair(one.pair.id)) {
            one.pair = *std::move(pair);
            one.unmarked = reads_.unmarked(one.pair);
            one.closed = is_closed(one.pair, reads_.erased(one.pair.id));
        }
    }
    db_.throw_if_failed();
    return live;
}

std::vector<parting> sqlite_store::partings(unix_ms since) {
    std::vector<parting> recent;
    auto found = partings_.query(since);
    while (found.next()) {
        recent.push_back(
            {.one = found.as<user_id>(0), .two = found.as<user_id>(1), .at = found.integer(2)});
    }
    db_.throw_if_failed();
    return recent;
}

std::int64_t sqlite_store::last_epoch() {
    const std::int64_t stored = changes_.last_epoch();
    db_.throw_if_failed();
    return stored;
}

user_id sqlite_store::last_user() {
    auto found = last_user_.query();
    const auto last = found.next() ? found.as<user_id>(0) : user_id{};
    db_.throw_if_failed();
    return last;
}

unix_ms sqlite_store::newest_at() {
    auto found = newest_.query();
    const unix_ms at = found.next() ? found.integer(0) : 0;
    db_.throw_if_failed();
    return at;
}

void sqlite_store::limit_pages(std::uint32_t pages_max) {
    db_.run_or_throw(("PRAGMA max_page_count = " + std::to_string(pages_max)).c_str());
}

std::size_t sqlite_store::erase_again(unix_ms now) {
    std::size_t erased = 0;
    log_.read([&](const erasure_line& line) {
        const auto user = reads_.user(line.name);
        db_.throw_if_failed();
        if (!user || user->account.empty()) {
            return;
        }
        // A torn line may have lost its receipt, or a part of it.
        const bool usable = !line.receipt.empty() && !changes_.erasure().has(line.receipt);
        change asked = erase_user{.user = user->id,
                                  .receipt = usable ? line.receipt : hex_of(line.name),
                                  .at = line.at,
                                  .sealed_until = now};
        if (commit({&asked, 1}) != commit_result::done) {
            throw storage_error{
                "An account that was erased has come back with a backup, and can't "
                "be erased again: " +
                why_ + "."};
        }
        erased += 1;
    });
    log_missing_erasures();
    return erased;
}

std::size_t sqlite_store::ban_again(unix_ms now) {
    std::size_t restored = 0;
    const auto logged = ban_log_.read();
    {
        transaction work{db_, transaction::kind::write};
        restored = changes_.bans().restore(logged, now);
        if (!work.commit()) {
            // Without room there is a next start; whoever must not come in comes in until then.
            throw storage_error{
                "Somebody who was banned has come back with a backup, and can't be banned again: " +
                db_.complaint() + "."};
        }
    }
    const auto lines = changes_.bans().all();
    db_.throw_if_failed();
    bans_behind_ = !ban_log_.replace(lines);
    return restored;
}

std::size_t sqlite_store::keep_promises(std::int64_t epoch, unix_ms now) {
    std::size_t kept = 0;
    const bool restored = changes_.promises().is_restored();
    db_.throw_if_failed();
    if (restored) {
        transaction work{db_, transaction::kind::write};
        changes_.begin();
        promise_log_.read([&](const promise_line& line) {
            kept += !db_.failed() && keep(line, epoch, now) ? 1U : 0U;
        });
        changes_.promises().forget_restored();
        changes_.end();
        if (!work.commit()) {
            throw storage_error{
                "What was taken back has come back with a backup, and can't be taken back again: " +
                db_.complaint() + "."};
        }
        changes_.committed();
    }
    promise_log_.prune(now);
    return kept;
}

bool sqlite_store::keep(const promise_line& line, std::int64_t epoch, unix_ms now) {
    if (line.what == promise::block || line.what == promise::unblock) {
        return changes_.promises().block_again(line);
    }
    auto asked = changes_.promises().again(line, epoch, now);
    if (!asked) {
        return false;
    }
    changes_.apply(*asked);
    const auto* const cleared = std::get_if<clear_pair>(&*asked);
    return cleared == nullptr || cleared->result == pair_change::done;
}

// In stretches, so that neither the table nor the log has to fit into memory.
void sqlite_store::log_missing_erasures() {
    std::string after;
    for (;;) {
        const auto lines = changes_.erasure().lines(after, lines_at_once);
        db_.throw_if_failed();
        if (lines.empty()) {
            return;
        }
        after = lines.back().receipt;
        std::set<std::string> missing;
        for (const erasure_line& line : lines) {
            missing.insert(line.receipt);
        }
        log_.read([&](const erasure_line& line) { missing.erase(line.receipt); });
        for (const erasure_line& line : lines) {
            if (missing.contains(line.receipt)) {
                unlogged_.push_back(line);
            }
        }
        log_erasures();
    }
}

void sqlite_store::settle(std::span<change> batch) {
    const auto& done = changes_.erasure().done();
    unlogged_.insert(unlogged_.end(), done.erased.begin(), done.erased.end());
    log_erasures();
    log_bans();
    log_promises();
    unclean_ = unclean_ || done.removed;
    uncut_ = uncut_ || changes_.retention().done().removed;
    cutting_ = changes_.retention().done().cut ? changes_.retention().done().due : cutting_;
    // What was cut waits until all is cut: emptying the log after each step would cost more than
    // the steps.
    const bool cleans = done.purged && !done.due && (unclean_ || (uncut_ && !cutting_));
    if (cleans) {
        clean();
    } else if (db_.log_frames() >= checkpoint_frames) {
        checkpoint();
    }
    if (!done.purged) {
        return;
    }
    changes_.erasure().note_told();
    const auto last = std::ranges::find_if(batch.rbegin(), batch.rend(), [](const change& one) {
        return std::holds_alternative<purge>(one);
    });
    auto& asked = std::get<purge>(*last);
    asked.more = done.due || unclean_;
    if (cleans && !unclean_) {
        asked.completed = changes_.erasure().tell_completed();
    }
}

void sqlite_store::log_erasures() {
    if (!unlogged_.empty() && log_.append(unlogged_)) {
        unlogged_.clear();
    }
    if (unlogged_.size() > unlogged_max) {
        unlogged_.resize(unlogged_max);
        lines_lost_ = true;
    }
    behind_ = lines_lost_ || !unlogged_.empty();
}

// A line for each that was changed; whatever else happened to the bans or to the log, it is written
// anew from the table.
void sqlite_store::log_bans() {
    const auto& changed = changes_.bans().changed();
    const bool anew = bans_behind_ || changes_.erasure().done().unbanned;
    if (!anew && (changed.empty() || ban_log_.append(changed))) {
        return;
    }
    const auto lines = changes_.bans().all();
    bans_behind_ = db_.failed() || !ban_log_.replace(lines);
}

// Not read from the tables again: they don't tell these from what an erasure or a person did
// before.
void sqlite_store::log_promises() {
    const auto& made = changes_.promises().made();
    unlogged_promises_.insert(unlogged_promises_.end(), made.begin(), made.end());
    if (!unlogged_promises_.empty() && promise_log_.append(unlogged_promises_)) {
        unlogged_promises_.clear();
    }
    if (unlogged_promises_.size() > unlogged_max) {
        unlogged_promises_.erase(unlogged_promises_.begin(),
                                 unlogged_promises_.end() - unlogged_max);
    }
    promises_behind_ = !unlogged_promises_.empty();
}

void sqlite_store::clean() {
    db_.truncate_log();
    unclean_ = db_.failed();
    uncut_ = uncut_ && db_.failed();
    forgive_checkpoint();
}

// Turns the connection's fault into the answer of a commit and makes it ready for the next.
commit_result sqlite_store::judge() {
    const auto found = db_.fault();
    why_ = db_.complaint();
    switch (found) {
        case fault::none:
            return commit_result::done;
        case fault::rule:
            db_.forgive();
            return commit_result::refused;
        case fault::full:
        case fault::busy:
            db_.forgive();
            // What the log holds may fit into the database's own pages: then the log starts anew,
            // and small changes go on although the disk is full.
            checkpoint();
            if (!db_.failed()) {
                return commit_result::full;
            }
            [[fallthrough]];
        case fault::lost:
            break;
    }
    why_ = db_.complaint();
    lost_ = true;
    return commit_result::unknown;
}

// A checkpoint that finds no room or a lock is tried again at a later commit, the log just grows.
// Any other failure sticks: after a failed sync the system may have dropped the pages, and only a
// recovery from the log, at the next start, brings them back.
void sqlite_store::checkpoint() {
    db_.checkpoint();
    forgive_checkpoint();
}

void sqlite_store::forgive_checkpoint() {
    if (db_.fault() == fault::full || db_.fault() == fault::busy) {
        db_.forgive();
    }
}

}  // namespace onechat::storage
