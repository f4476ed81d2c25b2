#include "server/backups.hpp"

#include "server/backup_files.hpp"
#include "server/checksum.hpp"
#include "server/data_folder.hpp"
#include "server/keys.hpp"
#include "server/private_files.hpp"
#include "storage/ownership.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace onechat {

namespace fs = std::filesystem;

namespace {

// What is under way; nobody takes it for a backup or for data.
constexpr const char* part_name = "part";
constexpr const char* migrating_name = "migrating";

// One at a time, also when several processes try.
class backups_lock {
public:
    explicit backups_lock(const fs::path& backups) {
        const fs::path name = backups / "lock";
        file_ = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (file_ < 0 || !storage::give_to_owner_of_folder(file_, name)) {
            fail(name.string() + " can't be opened: " + std::strerror(errno) + ".");
        }
        if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
            fail(errno == EWOULDBLOCK
                     ? "Another backup to " + backups.string() + " is under way."
                     : name.string() + " can't be locked: " + std::strerror(errno) + ".");
        }
    }
    ~backups_lock() { ::close(file_); }
    backups_lock(const backups_lock&) = delete;
    backups_lock& operator=(const backups_lock&) = delete;

private:
    [[noreturn]] void fail(const std::string& sentence) const {
        if (file_ >= 0) {
            ::close(file_);
        }
        throw std::runtime_error{sentence};
    }

    int file_ = -1;
};

struct kept_backup {
    std::int64_t made = 0;
    fs::path folder;
    auto operator<=>(const kept_backup&) const = default;
};

// When it was made: as its manifest says, or, when that is damaged, its name.
std::int64_t made_at(const fs::path& folder, std::int64_t named) {
    std::error_code unknown;
    const auto manifest = folder / manifest_name;
    const auto found = fs::is_regular_file(manifest, unknown)
                           ? made_of_manifest(read_whole(manifest))
                           : std::nullopt;
    return found.value_or(named);
}

// Ascending by age.
std::vector<kept_backup> backups_in(const fs::path& folder) {
    std::vector<kept_backup> found;
    for (const auto& entry : fs::directory_iterator{folder}) {
        const auto named = moment_of_name(entry.path().filename().string());
        if (named && entry.is_directory()) {
            found.push_back({made_at(entry.path(), *named), entry.path()});
        }
    }
    std::ranges::sort(found);
    return found;
}

// The one just made is the newest, whatever the others say of themselves. Those that say they were
// made later, under a clock that went wrong, have no age: a person decides.
void remove_oldest(backup_made& made, const fs::path& folder, std::uint32_t kept_max) {
    std::vector<fs::path> older;
    for (const kept_backup& one : backups_in(folder)) {
        if (one.folder != made.folder) {
            (one.made > made.manifest.made ? made.ahead : older).push_back(one.folder);
        }
    }
    const std::size_t kept = std::min<std::size_t>(older.size(), std::max(kept_max, 1U) - 1);
    older.resize(older.size() - kept);
    for (fs::path& old : older) {
        fs::remove_all(old);
        made.removed.push_back(std::move(old));
    }
}

}  // namespace

backup_made make_backup(const fs::path& data, std::int64_t now, std::uint32_t kept_max,
                        const std::atomic<bool>* stop) {
    must_have_database(data);
    const fs::path database = data / database_name;
    const fs::path backups = data / "backups";
    make_private_folder(backups);
    const backups_lock alone{backups};
    backup_made made;
    made.folder = backups / name_of_moment(now);
    if (fs::exists(made.folder)) {
        throw std::runtime_error{made.folder.string() + " is there already."};
    }
    const passing_folder part{backups / part_name};
    need_room(backups, database_size(database));

    copy_private_file(data / keys_name, part / keys_name);
    for (const char* name : log_names) {
        if (fs::exists(data / name)) {
            copy_private_file(data / name, part / name);
        }
    }
    storage::copy_database(database, part / database_name, stop);
    made.manifest.made = now;
    made.manifest.version = ONECHAT_VERSION;
    made.manifest.facts = storage::facts_of(part / database_name);
    storage::refuse_newer(database, made.manifest.facts);
    for (const auto& entry : fs::directory_iterator{part.path()}) {
        made.manifest.checksums.emplace_back(entry.path().filename().string(),
                                             checksum_of(entry.path()));
    }
    std::ranges::sort(made.manifest.checksums);
    write_private_file(part / manifest_name, write_manifest(made.manifest));
    sync_folder(part.path());
    rename_durably(part.path(), made.folder);
    remove_oldest(made, backups, kept_max);
    return made;
}

backup_manifest verify_backup(const fs::path& backup) {
    auto manifest = read_manifest(read_whole(backup / manifest_name));
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

migration migrate_data(const fs::path& data, bool dry) {
    must_have_database(data);
    const data_folder alone{data};
    const fs::path database = data / database_name;
    migration done;
    done.before = storage::facts_of(database);
    if (!dry) {
        storage::migrate_file(database);
        done.after = storage::facts_of(database);
        return done;
    }
    const passing_folder folder{data / migrating_name};
    need_room(data, 2 * database_size(database));
    const fs::path copy = folder / database_name;
    storage::copy_database(database, copy);
    storage::migrate_file(copy);
    storage::check_database(copy);
    done.after = storage::facts_of(copy);
    return done;
}

}  // namespace onechat
