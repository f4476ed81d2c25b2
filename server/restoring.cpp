#include "server/restoring.hpp"

#include "server/backup_files.hpp"
#include "server/backups.hpp"
#include "server/data_folder.hpp"
#include "server/keys.hpp"
#include "server/private_files.hpp"
#include "storage/line_log.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace onechat {

namespace fs = std::filesystem;

namespace {

constexpr const char* restoring_name = "restoring";

std::vector<std::string> lines_of(const fs::path& file) {
    std::vector<std::string> lines;
    if (!fs::exists(file)) {
        return lines;
    }
    std::istringstream text{read_whole(file)};
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

// Who was let in or sent away since the backup, nobody can tell from it.
storage::audit_row restore_noted(const backup_manifest& from, std::int64_t now) {
    return {.at = now,
            .who = "onechat restore",
            .act = "restore",
            .target = "backup of " + name_of_moment(from.made),
            .why = "all tokens are void; the next start makes one of an owner"};
}

// The old token would make an owner of whoever holds it; the start makes a new one.
constexpr std::array replaced_names{"onechat.db", "onechat.db-wal", "onechat.db-shm", "keys",
                                    "admin.token"};

// Where that goes, which the marker names from now on; nowhere when there is nothing. A restore
// that was interrupted is gone on with, so that a database and its log end in one folder.
fs::path begin_replacing(const fs::path& data, const passing_folder& restoring, std::int64_t now) {
    if (is_half_restored(data)) {
        const std::string begun = read_whole(data / restore_marker);
        if (begun.starts_with(replaced_prefix) && begun.find('/') == std::string::npos) {
            make_private_folder(data / begun);
            return data / begun;
        }
    }
    const auto is_there = [&](const char* name) { return fs::exists(data / name); };
    const bool any = std::ranges::any_of(replaced_names, is_there);
    const fs::path aside = any ? make_replaced_folder(data, now) : fs::path{};
    write_private_file(restoring / restore_marker, aside.filename().string());
    rename_durably(restoring / restore_marker, data / restore_marker);
    return aside;
}

// What has its place there already was moved by the interrupted restore, which then put a copy of
// the backup's into the folder.
void put_aside(const fs::path& data, const fs::path& aside) {
    for (const char* name : replaced_names) {
        if (fs::exists(aside / name)) {
            remove_durably(data / name);
        } else if (fs::exists(data / name)) {
            rename_durably(data / name, aside / name);
        }
    }
    sync_folder(data);
}

}  // namespace

restored restore_backup(const fs::path& backup, const fs::path& data, std::int64_t now) {
    restored done;
    done.from = verify_backup(backup);
    const data_folder alone{data};
    const fs::path database = data / database_name;
    const passing_folder restoring{data / restoring_name};
    need_room(data, size_of(backup / database_name));
    storage::copy_database(backup / database_name, restoring / database_name);
    copy_private_file(backup / keys_name, restoring / keys_name);
    done.epoch = std::max(done.from.facts.epoch, storage::epoch_if_readable(database));
    storage::raise_epoch(restoring / database_name, done.epoch);
    storage::note_restored(restoring / database_name, now);
    storage::void_admin_tokens(restoring / database_name, storage::admin_role::viewer,
                               restore_noted(done.from, now));
    join_logs(backup, data);

    // From here on a server refuses to start, until all is in its place.
    done.replaced = begin_replacing(data, restoring, now);
    if (!done.replaced.empty()) {
        put_aside(data, done.replaced);
    }
    rename_durably(restoring / keys_name, data / keys_name);
    rename_durably(restoring / database_name, database);
    remove_durably(data / restore_marker);
    return done;
}

fs::path replace_keys(const fs::path& data, std::int64_t now) {
    must_have_database(data);
    const data_folder alone{data};
    fs::path aside;
    if (fs::exists(alone.keys())) {
        aside = make_replaced_folder(data, now);
        rename_durably(alone.keys(), aside / keys_name);
    }
    static_cast<void>(keys::open(alone.keys()));
    return aside;
}

}  // namespace onechat
