// What a backup says of itself, as a text file: its time and program, what its database holds, and
// the checksums of its files. Pure; any thread.
#pragma once

#include "storage/database_copy.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onechat {

struct backup_manifest {
    std::int64_t made = 0;  // Unix ms
    std::string version;    // of the program
    storage::database_facts facts;
    std::vector<std::pair<std::string, std::string>> checksums;  // of the files, by their names
    bool operator==(const backup_manifest&) const = default;
};

[[nodiscard]] std::string write_manifest(const backup_manifest& of);

// Throws std::runtime_error with a sentence when it is none, or not whole.
[[nodiscard]] backup_manifest read_manifest(std::string_view text);

// Its time alone, also of one that is not whole.
[[nodiscard]] std::optional<std::int64_t> made_of_manifest(std::string_view text);

}  // namespace onechat
