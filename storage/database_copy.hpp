// Copies of a database, made while it may be in use, and what is known of one without serving from
// it. Not where copies lie or how long they are kept. For commands and threads of their own, never
// the storage threads': a copy reads everything. What can't be done is a storage_error.
#pragma once

#include "storage/rows.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>

namespace onechat::storage {

struct database_facts {
    std::int64_t schema = 0;
    std::int64_t epoch = 0;  // 0 before the first start
    std::uint64_t users = 0;
    std::uint64_t pairs = 0;
    std::uint64_t events = 0;
    bool operator==(const database_facts&) const = default;
};

// One consistent state of `from`, without its free pages, in a file that its owner alone may read;
// on the disk when this returns. Doesn't disturb a server that writes to `from` meanwhile, except
// that its log grows until the copy is done. REQUIRES that `to` is not there; what of it is there
// when this throws is the caller's to remove. Throws soon after `stop` becomes true.
void copy_database(const std::filesystem::path& from, const std::filesystem::path& to,
                   const std::atomic<bool>* stop = nullptr);

[[nodiscard]] database_facts facts_of(const std::filesystem::path& file);

// Throws unless every page, index and reference is as it should be, and the schema is none that is
// newer than this program.
void check_database(const std::filesystem::path& file);

// Throws when the schema is newer than this program: what it can't read again it does not copy.
void refuse_newer(const std::filesystem::path& file, const database_facts& facts);

// Brings the schema up to date; the facts before are `facts_of`. Makes nothing when there is
// nothing: a missing file throws.
void migrate_file(const std::filesystem::path& file);

// Of a database that is about to be replaced, perhaps since it is damaged: 0 when nobody can tell.
[[nodiscard]] std::int64_t epoch_if_readable(const std::filesystem::path& file);

// Leaves word for the next start that this is an older state: see sqlite_store::keep_promises.
// REQUIRES that nobody else uses the file.
void note_restored(const std::filesystem::path& file, unix_ms at);

// No operator's token of at least this role holds any more, and the audit says so by the row. In an
// older schema there are none yet. REQUIRES that nobody else uses the file.
void void_admin_tokens(const std::filesystem::path& file, admin_role from, const audit_row& row);

// The epoch is at least this. REQUIRES that nobody else uses the file.
void raise_epoch(const std::filesystem::path& file, std::int64_t epoch);

}  // namespace onechat::storage
