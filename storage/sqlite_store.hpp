// What is remembered, in one SQLite file: write-ahead log, one connection that writes and
// checkpoints, one that only reads. Beside it lies `erasures.log`. Not a queue: `commit` blocks for
// as long as the disk takes. Lives on the storage thread, its reader() on the reader thread.
#pragma once

#include "storage/ban_log.hpp"
#include "storage/erasure_log.hpp"
#include "storage/fresh_places.hpp"
#include "storage/promise_log.hpp"
#include "storage/queries.hpp"
#include "storage/sqlite.hpp"
#include "storage/sqlite_changes.hpp"
#include "storage/sqlite_place_index.hpp"
#include "storage/sqlite_reader.hpp"
#include "storage/store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace onechat::storage {

enum class durability : std::uint8_t {
    full,    // a commit survives a power cut
    normal,  // a commit survives a killed process; a power cut may take the last ones
};

class sqlite_store final : public store {
public:
    // Opens or makes the database and brings its schema up to date. Throws storage_error.
    explicit sqlite_store(const std::filesystem::path& file, durability how = durability::full);

    [[nodiscard]] commit_result commit(std::span<change> batch) override;
    [[nodiscard]] std::vector<live_pair> open_chats() override;
    [[nodiscard]] std::vector<parting> partings(unix_ms since) override;
    [[nodiscard]] std::int64_t last_epoch() override;
    [[nodiscard]] user_id last_user() override;
    [[nodiscard]] unix_ms newest_at() override;
    [[nodiscard]] store_reader& reader() override { return reader_; }
    [[nodiscard]] std::string why() const override { return why_; }

    // Once at a start, before anything else is changed: erases every account again that the log of
    // erasures names and that has come back with a restored backup, and adds to the log what is
    // missing there. Returns how many had come back. Throws storage_error.
    std::size_t erase_again(unix_ms now);

    // Once at a start, after that: bans again, or no longer, whom the log of bans names and an
    // older backup doesn't, and writes the log anew. Returns how many bans that were. Throws
    // storage_error.
    std::size_t ban_again(unix_ms now);

    // Once at a start, in the epoch that it has begun: what the log of promises names is kept again
    // when a restore has left word of an older backup. Drops old lines. Returns how many promises
    // were broken. Throws storage_error.
    std::size_t keep_promises(std::int64_t epoch, unix_ms now);

    // Some erasure, ban or promise is not in its log yet: a backup restored now would not know it.
    // Any thread.
    [[nodiscard]] bool logs_behind() const { return behind_ || bans_behind_ || promises_behind_; }

    // A quota: beyond so many pages of 4 KiB changes are `full`.
    void limit_pages(std::uint32_t pages_max);

private:
    [[nodiscard]] commit_result judge();
    void checkpoint();
    void forgive_checkpoint();
    // What must follow a commit: the log of erasures, and removed bytes leaving the files.
    void settle(std::span<change> batch);
    void log_erasures();
    void log_missing_erasures();
    void log_bans();
    void log_promises();
    [[nodiscard]] bool keep(const promise_line& line, std::int64_t epoch, unix_ms now);
    void clean();

    // The reader is the last member, hence closed first: the last connection to close checkpoints,
    // and that must be the one that writes.
    database db_;
    fresh_places fresh_;
    sqlite_place_index index_;
    queries reads_;
    sqlite_changes changes_;
    statement open_chats_;
    statement partings_;
    statement last_user_;
    statement newest_;
    erasure_log log_;
    std::vector<erasure_line> unlogged_;  // not in the log yet
    bool lines_lost_ = false;  // there were too many of them: the next start finds the others
    std::atomic<bool> behind_ = false;
    ban_log ban_log_;
    std::atomic<bool> bans_behind_ = false;  // the log of bans is to be written anew
    promise_log promise_log_;
    std::vector<promise_line> unlogged_promises_;  // the newest of them
    std::atomic<bool> promises_behind_ = false;
    bool unclean_ = true;   // the write-ahead log may hold what was removed
    bool uncut_ = false;    // the same, of what retention cut
    bool cutting_ = false;  // more is to be cut
    std::string why_;
    bool lost_ = false;
    sqlite_reader reader_;
};

}  // namespace onechat::storage
