// A text file beside the database with what people and operators took back or shut out: texts that
// are gone, records that were cleared, blocks. Ids only: no words, no accounts. It is what makes a
// restored older backup keep these promises again. Lines come after the commit; those that are
// older than `promises_kept` go when it is pruned. Lives on the storage thread.
#pragma once

#include "storage/line_log.hpp"
#include "storage/rows.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>

namespace onechat::storage {

// Longer than anybody should keep backups; an older one does not know what was taken back before.
inline constexpr std::chrono::hours promises_kept{90 * 24};

enum class promise : char { gone = 'g', clear = 'c', block = 'b', unblock = 'u' };

struct promise_line {
    promise what = promise::gone;
    unix_ms at = 0;
    std::string pair{};  // its name: ids may come again after a restore, this never does

    // Of a text that is gone. With its epoch, since its number may come again as well.
    std::uint64_t seq = 0;
    std::int64_t epoch = 0;
    gone_reason why = gone_reason::none;

    // Of the others: whose it is, and who was blocked.
    subject user{};
    person_key person{};
    bool operator==(const promise_line&) const = default;
};

class promise_log {
public:
    explicit promise_log(std::filesystem::path file) : file_{std::move(file)} {}

    // True when the lines are on the disk. May be tried again: a line that is there twice does no
    // harm.
    [[nodiscard]] bool append(std::span<const promise_line> lines) const;

    // Shows the lines in their order, passing over damaged ones. Throws storage_error when the file
    // can't be read.
    void read(const std::function<void(const promise_line&)>& show) const;

    // Drops what is too old, by `now` and by the newest line, so that a clock that is ahead drops
    // nothing. Leaves the file as it is when there is nothing to drop or it can't be written.
    void prune(unix_ms now) const;

private:
    line_log file_;
};

}  // namespace onechat::storage
