// The backups that the operator asks a running server for, one at a time, and those that are there.
// Not how one is made (backups.hpp), nor on which thread: `begin` is given one to make, and whoever
// makes it calls `ended` on the loop. Loop thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace onechat {

struct backup_task {
    std::int64_t at = 0;         // Unix ms
    std::uint32_t kept_max = 0;  // as in make_backup
};

struct backup_found {
    std::string name;
    std::int64_t made = 0;  // Unix ms
    std::uint64_t bytes = 0;
};

class backup_runs {
public:
    using beginner = std::function<void(const backup_task&)>;

    backup_runs(const std::filesystem::path& data, beginner begin)
        : folder_{data / "backups"}, begin_{std::move(begin)} {}

    // Keeps the place for one, until `begin` or `release`. False: one is under way, or there is one
    // of this second.
    [[nodiscard]] bool reserve(const backup_task& task);
    void release() { under_way_.reset(); }
    void begin();
    // `trouble`: a sentence, empty when it is there.
    void ended(std::string trouble);

    [[nodiscard]] const std::optional<backup_task>& under_way() const { return under_way_; }
    struct failure {
        backup_task task;
        std::string trouble;
    };
    // The last one, unless one was made since.
    [[nodiscard]] const std::optional<failure>& failed() const { return failed_; }
    [[nodiscard]] std::uint64_t made_count() const { return made_; }
    [[nodiscard]] std::uint64_t failed_count() const { return failures_; }

    // Newest first, whoever made them. Looks at the disk.
    [[nodiscard]] std::vector<backup_found> found(std::size_t most) const;
    // The time of the newest, 0 without any. Looks at the disk.
    [[nodiscard]] std::int64_t newest() const;

private:
    [[nodiscard]] std::vector<std::string> names() const;

    std::filesystem::path folder_;
    beginner begin_;
    std::optional<backup_task> under_way_;
    std::optional<failure> failed_;
    std::uint64_t made_ = 0;
    std::uint64_t failures_ = 0;
};

}  // namespace onechat
