// A text file beside the database with what holds of each ban: whom, since when, until when, and
// whether it was lifted. It is what makes a restored older backup ban again those who were banned
// since, and no others. Ids only, no reasons. Lines come after the commit; at a start and when bans
// are deleted the file is written anew, so it keeps nobody longer than the database does. Lives on
// the storage thread.
#pragma once

#include "storage/line_log.hpp"
#include "storage/rows.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

namespace onechat::storage {

struct ban_line {
    person_key person{};
    unix_ms since = 0;
    subject name{};  // of the user that was banned; zero when nobody knows
    unix_ms until = 0;
    std::uint32_t level = 1;
    std::int64_t serial = 0;  // of the change, as the database counts them: an older one has fewer
    bool lifted = false;
    bool operator==(const ban_line&) const = default;
};

class ban_log {
public:
    explicit ban_log(std::filesystem::path file) : file_{std::move(file)} {}

    // True when it is on the disk.
    [[nodiscard]] bool append(std::span<const ban_line> lines) const;
    [[nodiscard]] bool replace(std::span<const ban_line> lines) const;

    // The newest line of each ban. Passes over damaged lines. Throws storage_error when the file
    // can't be read.
    [[nodiscard]] std::vector<ban_line> read() const;

private:
    line_log file_;
};

}  // namespace onechat::storage
