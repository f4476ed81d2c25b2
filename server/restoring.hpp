// Puts a backup in the place of what a data folder holds. Only where no server runs; for commands.
// Each step can be the last one, by a kill or a power cut: then the server refuses to start until
// it is done again, and nothing that was there before is lost. What can't be done is an exception
// with a sentence.
#pragma once

#include "server/backup_manifest.hpp"

#include <cstdint>
#include <filesystem>

namespace onechat {

struct restored {
    backup_manifest from;
    std::filesystem::path replaced;  // the folder with what was there before; empty: nothing was
    std::int64_t epoch = 0;          // the next start's is above
};

// Verifies, then puts the backup's database and keys in the place of those of `data`, which are
// kept aside. The logs of both are joined, so that the next start forgets and bans again. The
// operators' tokens are void, since one may have been revoked after the backup: the next start
// makes one of an owner. Refused while a server runs.
[[nodiscard]] restored restore_backup(const std::filesystem::path& backup,
                                      const std::filesystem::path& data, std::int64_t now);

// Makes new keys for a folder that has a database; the old ones, if they are there, are kept in the
// folder that this returns. Refused while a server runs.
std::filesystem::path replace_keys(const std::filesystem::path& data, std::int64_t now);

}  // namespace onechat
