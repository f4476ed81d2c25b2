#include "server/backup_runs.hpp"

#include "server/backup_files.hpp"

#include <algorithm>
#include <cassert>
#include <system_error>
#include <utility>

namespace onechat {

namespace fs = std::filesystem;

namespace {

// Of its files; what can't be looked at counts nothing.
std::uint64_t bytes_in(const fs::path& folder) {
    std::uint64_t bytes = 0;
    std::error_code unknown;
    for (fs::directory_iterator file{folder, unknown}, end; file != end; file.increment(unknown)) {
        const auto size = file->file_size(unknown);
        bytes += unknown ? 0 : size;
    }
    return bytes;
}

}  // namespace

bool backup_runs::reserve(const backup_task& task) {
    std::error_code unknown;
    if (under_way_ || fs::exists(folder_ / name_of_moment(task.at), unknown)) {
        return false;
    }
    under_way_ = task;
    return true;
}

void backup_runs::begin() {
    assert(under_way_);
    begin_(*under_way_);
}

void backup_runs::ended(std::string trouble) {
    assert(under_way_);
    const backup_task task = *std::exchange(under_way_, std::nullopt);
    if (trouble.empty()) {
        failed_.reset();
        ++made_;
    } else {
        failed_ = {task, std::move(trouble)};
        ++failures_;
    }
}

std::vector<backup_found> backup_runs::found(std::size_t most) const {
    std::vector<backup_found> all;
    for (std::string& name : names()) {
        if (all.size() == most) {
            break;
        }
        const auto bytes = bytes_in(folder_ / name);
        const auto made = moment_of_name(name).value_or(0);
        all.push_back({std::move(name), made, bytes});
    }
    return all;
}

std::int64_t backup_runs::newest() const {
    const auto all = names();
    return all.empty() ? 0 : moment_of_name(all.front()).value_or(0);
}

std::vector<std::string> backup_runs::names() const {
    std::vector<std::string> all;
    std::error_code unknown;
    for (fs::directory_iterator one{folder_, unknown}, end; one != end; one.increment(unknown)) {
        std::string name = one->path().filename().string();
        if (moment_of_name(name) && one->is_directory(unknown)) {
            all.push_back(std::move(name));
        }
    }
    std::ranges::sort(all, std::ranges::greater{});
    return all;
}

}  // namespace onechat
