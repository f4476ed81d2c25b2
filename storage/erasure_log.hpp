// A text file beside the database with one line per erased account: its subject in hex, when, and
// the receipt. Ids only. It is what makes a restored older backup forget again, so nothing is
// ever taken from it: a restore joins that of the backup to it. Lives on the storage thread.
#pragma once

#include "storage/line_log.hpp"
#include "storage/rows.hpp"

#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace onechat::storage {

struct erasure_line {
    subject name{};
    unix_ms at = 0;
    std::string receipt;  // without blanks
};

class erasure_log {
public:
    explicit erasure_log(std::filesystem::path file) : file_{std::move(file)} {}

    // True when the lines are on the disk. May be tried again: a line that is there twice does no
    // harm.
    [[nodiscard]] bool append(std::span<const erasure_line> lines) const;

    // Shows the lines one by one, passing over damaged ones. No file, no lines. Throws
    // storage_error when there is one that can't be read.
    void read(const std::function<void(const erasure_line&)>& show) const;

private:
    line_log file_;
};

}  // namespace onechat::storage
