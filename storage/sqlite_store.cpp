#include "storage/sqlite_store.hpp"

#include "storage/migrations.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace onechat::storage {

namespace {

// 16 MiB of log: large enough that a busy server copies each hot page once for many commits, small
// enough that a start after a crash recovers it in a moment.
constexpr int checkpoint_frames = 4096;

// A 16 MiB cache holds the upper index pages and the live pairs' leaves. A log that a long reader
// let grow is cut back to 64 MiB.
constexpr const char* settings =
    "PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0; "
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
    return db;
}

void forget_answer(change& one) {
    if (auto* asked = std::get_if<open_chat>(&one)) {
        asked->opened = false;
        asked->live = {};
        asked->recent.clear();
    }
}

}  // namespace

sqlite_store::sqlite_store(const std::filesystem::path& file, durability how)
    : db_{file, database::access::write},
      reads_{prepared(db_, file, how)},
      changes_{db_, reads_},
      open_chats_{db_, "SELECT id, pair, started, topic FROM chats WHERE ended IS NULL"},
      partings_{db_,
                "SELECT user_one, user_two, ended FROM chats JOIN pairs ON pairs.id = chats.pair "
                "WHERE ended >= ?1 ORDER BY ended"},
      last_user_{db_, "SELECT ifnull(max(id), 0) FROM users"},
      reader_{file} {}

commit_result sqlite_store::commit(std::span<change> batch) {
    if (lost_) {
        return commit_result::unknown;
    }
    {
        transaction work{db_, transaction::kind::write};
        changes_.begin();
        for (change& one : batch) {
            changes_.apply(one);
            if (db_.failed()) {
                break;
            }
        }
        if (work.commit() && db_.log_frames() >= checkpoint_frames) {
            checkpoint();
        }
    }
    const auto result = judge();
    if (result != commit_result::done) {
        std::ranges::for_each(batch, forget_answer);
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

void sqlite_store::limit_pages(std::uint32_t pages_max) {
    db_.run_or_throw(("PRAGMA max_page_count = " + std::to_string(pages_max)).c_str());
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
    if (db_.fault() == fault::full || db_.fault() == fault::busy) {
        db_.forgive();
    }
}

}  // namespace onechat::storage
