#include "server/backups.hpp"

#include "server/checksum.hpp"
#include "server/data_folder.hpp"
#include "server/keys.hpp"
#include "server/private_files.hpp"
#include "storage/line_log.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace onechat {

namespace fs = std::filesystem;

namespace {

constexpr const char* database_name = "onechat.db";
constexpr const char* keys_name = "keys";
constexpr const char* manifest_name = "manifest";
constexpr std::array log_names{"erasures.log", "bans.log"};

// What is under way; nobody takes it for a backup or for data.
constexpr const char* part_name = "part";
constexpr const char* restoring_name = "restoring";
constexpr const char* migrating_name = "migrating";

// More room than a copy needs, so that a server that runs beside it is not the one to find none.
constexpr std::uintmax_t spare_bytes = std::uintmax_t{64} << 20;

// One at a time, also when several processes try.
class backups_lock {
public:
    explicit backups_lock(const fs::path& backups)
        : file_{::open((backups / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)} {
        if (file_ < 0 || ::flock(file_, LOCK_EX | LOCK_NB) != 0) {
            if (file_ >= 0) {
                ::close(file_);
            }
            throw std::runtime_error{"Another backup to " + backups.string() + " is under way."};
        }
    }
    ~backups_lock() { ::close(file_); }
    backups_lock(const backups_lock&) = delete;
    backups_lock& operator=(const backups_lock&) = delete;

private:
    int file_;
};

// 2026-11-27T045557Z: sorts by time and is a name on every file system.
std::string name_of(std::int64_t unix_ms) {
    const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 32> text{};
    const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H%M%SZ", &utc);
    return {text.data(), size};
}

bool is_backup_name(const std::string& name) {
    constexpr std::string_view form = "dddd-dd-ddTddddddZ";
    return std::ranges::equal(name, form, [](char letter, char wanted) {
        return wanted == 'd' ? letter >= '0' && letter <= '9' : letter == wanted;
    });
}

std::string content_of(const fs::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::string content{std::istreambuf_iterator<char>{in}, {}};
    if (!in.is_open() || in.bad()) {
        throw std::runtime_error{file.string() + " can't be read."};
    }
    return content;
}

std::uintmax_t size_of(const fs::path& file) {
    std::error_code absent;
    const auto size = fs::file_size(file, absent);
    return absent ? 0 : size;
}

std::uintmax_t database_size(const fs::path& file) {
    return size_of(file) + size_of(file.string() + "-wal");
}

void need_room(const fs::path& folder, std::uintmax_t bytes) {
    if (const auto room = fs::space(folder).available; room < bytes + spare_bytes) {
        throw std::runtime_error{"The disk of " + folder.string() + " has " +
                                 std::to_string(room >> 20) + " MiB left, and " +
                                 std::to_string((bytes + spare_bytes) >> 20) + " MiB are needed."};
    }
}

fs::path fresh_folder(const fs::path& folder) {
    fs::remove_all(folder);
    make_private_folder(folder);
    return folder;
}

std::vector<fs::path> backups_in(const fs::path& folder) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator{folder}) {
        if (entry.is_directory() && is_backup_name(entry.path().filename().string())) {
            found.push_back(entry.path());
        }
    }
    std::ranges::sort(found);
    return found;
}

std::vector<fs::path> remove_oldest(const fs::path& folder, std::uint32_t kept_max) {
    auto found = backups_in(folder);
    found.resize(found.size() - std::min<std::size_t>(found.size(), std::max(kept_max, 1U)));
    for (const fs::path& old : found) {
        fs::remove_all(old);
    }
    return found;
}

void copy_if_there(const fs::path& from, const fs::path& to) {
    if (fs::exists(from)) {
        copy_private_file(from, to);
    }
}

std::vector<std::string> lines_of(const fs::path& file) {
    std::vector<std::string> lines;
    if (!fs::exists(file)) {
        return lines;
    }
    std::istringstream text{content_of(file)};
    for (std::string line; std::getline(text, line);) {
        lines.push_back(line);
    }
    return lines;
}

// Of a backup first, since of two lines about one thing the later counts.
void join_logs(const fs::path& backup, const fs::path& data) {
    for (const char* name : log_names) {
        const auto newer = lines_of(data / name);
        const std::set<std::string> known{newer.begin(), newer.end()};
        std::string joined;
        for (const std::string& line : lines_of(backup / name)) {
            joined += known.contains(line) ? std::string{} : line + '\n';
        }
        for (const std::string& line : newer) {
            joined += line + '\n';
        }
        if (!joined.empty() && !storage::line_log{data / name}.replace(joined)) {
            throw std::runtime_error{(data / name).string() + " can't be written."};
        }
    }
}

// The database first: without it no server starts while a restore is under way.
fs::path put_aside(const fs::path& data, std::int64_t now) {
    const std::string database = database_name;
    if (!fs::exists(data / database) && !fs::exists(data / keys_name)) {
        return {};
    }
    const fs::path aside = data / ("replaced-" + name_of(now));
    make_private_folder(aside);
    for (const std::string& name :
         {database, database + "-wal", database + "-shm", std::string{keys_name}}) {
        if (fs::exists(data / name)) {
            rename_durably(data / name, aside / name);
        }
    }
    sync_folder(data);
    return aside;
}

}  // namespace

backup_made make_backup(const fs::path& data, std::int64_t now, std::uint32_t kept_max) {
    const fs::path database = data / database_name;
    if (!fs::exists(database)) {
        throw std::runtime_error{"There is no database in " + data.string() + "."};
    }
    const fs::path backups = data / "backups";
    make_private_folder(backups);
    const backups_lock alone{backups};
    backup_made made;
    made.folder = backups / name_of(now);
    if (fs::exists(made.folder)) {
        throw std::runtime_error{made.folder.string() + " is there already."};
    }
    const fs::path part = fresh_folder(backups / part_name);
    need_room(backups, database_size(database));

    copy_private_file(data / keys_name, part / keys_name);
    for (const char* name : log_names) {
        copy_if_there(data / name, part / name);
    }
    storage::copy_database(database, part / database_name);
    made.manifest.made = now;
    made.manifest.version = ONECHAT_VERSION;
    made.manifest.facts = storage::facts_of(part / database_name);
    for (const auto& entry : fs::directory_iterator{part}) {
        made.manifest.checksums.emplace_back(entry.path().filename().string(),
                                             checksum_of(entry.path()));
    }
    std::ranges::sort(made.manifest.checksums);
    write_private_file(part / manifest_name, write_manifest(made.manifest));
    sync_folder(part);
    rename_durably(part, made.folder);
    made.removed = remove_oldest(backups, kept_max);
    return made;
}

backup_manifest verify_backup(const fs::path& backup) {
    auto manifest = read_manifest(content_of(backup / manifest_name));
    bool has_database = false;
    bool has_keys = false;
    for (const auto& [name, sum] : manifest.checksums) {
        if (checksum_of(backup / name) != sum) {
            throw std::runtime_error{(backup / name).string() +
                                     " is not what it was when the backup was made."};
        }
        has_database = has_database || name == database_name;
        has_keys = has_keys || name == keys_name;
    }
    if (!has_database || !has_keys) {
        throw std::runtime_error{backup.string() + " lacks the database or its keys."};
    }
    static_cast<void>(keys::open(backup / keys_name));
    storage::check_database(backup / database_name);
    if (storage::facts_of(backup / database_name) != manifest.facts) {
        throw std::runtime_error{(backup / database_name).string() +
                                 " holds other rows than its manifest says."};
    }
    return manifest;
}

restored restore_backup(const fs::path& backup, const fs::path& data, std::int64_t now) {
    restored done;
    done.from = verify_backup(backup);
    const data_folder alone{data};
    need_room(data, size_of(backup / database_name));
    const fs::path database = data / database_name;
    const fs::path restoring = fresh_folder(data / restoring_name);
    storage::copy_database(backup / database_name, restoring / database_name);
    copy_private_file(backup / keys_name, restoring / keys_name);
    done.epoch = std::max(done.from.facts.epoch, storage::epoch_if_readable(database));
    storage::raise_epoch(restoring / database_name, done.epoch);
    join_logs(backup, data);

    // From here on a server refuses to start, until the database is in its place.
    done.replaced = put_aside(data, now);
    rename_durably(restoring / keys_name, data / keys_name);
    rename_durably(restoring / database_name, database);
    fs::remove_all(restoring);
    sync_folder(data);
    return done;
}

void refuse_half_restored(const fs::path& data) {
    if (fs::exists(data / restoring_name / database_name) && !fs::exists(data / database_name)) {
        throw std::runtime_error{"A restore of " + data.string() +
                                 " was interrupted. Do it again with `onechat restore`."};
    }
}

migration migrate_data(const fs::path& data, bool dry) {
    const data_folder alone{data};
    const fs::path database = data / database_name;
    migration done;
    done.before = storage::facts_of(database);
    if (!dry) {
        storage::migrate_file(database);
        done.after = storage::facts_of(database);
        return done;
    }
    need_room(data, 2 * database_size(database));
    const fs::path folder = fresh_folder(data / migrating_name);
    const fs::path copy = folder / database_name;
    storage::copy_database(database, copy);
    storage::migrate_file(copy);
    storage::check_database(copy);
    done.after = storage::facts_of(copy);
    fs::remove_all(folder);
    return done;
}

}  // namespace onechat
