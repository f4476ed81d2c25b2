// Backups of a data folder, each a folder of its own under DATA/backups, named by its time in UTC:
// the database, the keys, the logs of erasures and bans, and a manifest with their checksums. Made
// while a server runs, without disturbing it. Not the schedule, and not restoring them. For
// commands and threads of their own: a backup takes as long as reading the database does. What
// can't be done is an exception with a sentence; nothing is left half done.
#pragma once

#include "server/backup_manifest.hpp"
#include "storage/database_copy.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace onechat {

struct backup_made {
    std::filesystem::path folder;
    backup_manifest manifest;
    std::vector<std::filesystem::path> removed;  // older ones, beyond kept_max
    std::vector<std::filesystem::path> ahead;    // their times are in the future
};

// Copies what `data` holds at `now` (Unix ms), then removes the oldest backups beyond `kept_max`,
// never this one. Those from the future are neither counted nor removed. Refused when the disk has
// less room than the copy may need, when another backup is under way, and when the database is
// newer than this program, which could not restore it. Given up soon after `stop` becomes true.
[[nodiscard]] backup_made make_backup(const std::filesystem::path& data, std::int64_t now,
                                      std::uint32_t kept_max,
                                      const std::atomic<bool>* stop = nullptr);

// Reads every byte: throws unless the files are those of the manifest, the keys are keys, and the
// database is whole and not newer than this program.
[[nodiscard]] backup_manifest verify_backup(const std::filesystem::path& backup);

struct migration {
    storage::database_facts before;
    storage::database_facts after;
};

// Brings the schema up to date, or with `dry` that of a copy, which is checked and removed.
// Refused while a server runs.
[[nodiscard]] migration migrate_data(const std::filesystem::path& data, bool dry);

}  // namespace onechat
