// The data folder: rights, lock, and the database's form.
#include "server/cli/checkup.hpp"
#include "server/data_folder.hpp"
#include "storage/migrations.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace onechat::cli {
namespace {

constexpr std::string_view folder_name = "data folder";
constexpr std::string_view database_name = "database";

std::string name_of(std::uint32_t user) {
    const passwd* known = ::getpwuid(user);
    return known == nullptr ? "user " + std::to_string(user) : known->pw_name;
}

// What a server or a backup makes in its folder: files, and one folder.
constexpr std::array own_names{"onechat.db",   "onechat.db-wal", "onechat.db-shm", "keys",
                               "admin.token",  "lock",           "erasures.log",   "bans.log",
                               "promises.log", "backups"};

// Somebody's own, and nobody else's to read.
void look_at_file(findings& found, const std::filesystem::path& file, std::uint32_t owner) {
    struct stat about {};
    if (::lstat(file.c_str(), &about) != 0) {
        return;  // made when it is needed
    }
    if ((about.st_mode & 0077U) != 0) {
        found.push_back({health::wrong, folder_name,
                         file.string() + " can be read by others; run chmod " +
                             (S_ISDIR(about.st_mode) ? "700" : "600") + " on it."});
    }
    if (about.st_uid != owner) {
        found.push_back({health::wrong, folder_name,
                         file.string() + " belongs to " + name_of(about.st_uid) +
                             ", the folder to " + name_of(owner) + "; run chown on it."});
    }
}

}  // namespace

findings look_at_folder(const std::filesystem::path& data, std::uint32_t me) {
    struct stat about {};
    if (::stat(data.c_str(), &about) != 0) {
        if (errno == ENOENT) {
            return {{health::well, folder_name, data.string() + " is made at the first start."}};
        }
        return {{health::wrong, folder_name, data.string() + ": " + std::strerror(errno) + "."}};
    }
    if (!S_ISDIR(about.st_mode)) {
        return {{health::wrong, folder_name, data.string() + " is no folder."}};
    }
    findings found;
    if (me != 0 && about.st_uid != me) {
        found.push_back({health::wrong, folder_name,
                         data.string() + " belongs to " + name_of(about.st_uid) + ", and this is " +
                             name_of(me) + "."});
    }
    if ((about.st_mode & 0077U) != 0) {
        found.push_back({health::look, folder_name,
                         data.string() + " can be seen by others; run chmod 700 on it."});
    }
    for (const char* name : own_names) {
        look_at_file(found, data / name, about.st_uid);
    }
    if (is_half_restored(data)) {
        found.push_back({health::wrong, folder_name,
                         "A restore was interrupted; do it again with `onechat restore`."});
    } else if (lacks_keys(data)) {
        found.push_back({health::wrong, folder_name,
                         "The keys are missing beside the database; take them from a backup."});
    }
    if (found.empty()) {
        found.push_back({health::well, folder_name,
                         data.string() + ", of " + name_of(about.st_uid) + " alone."});
    }
    return found;
}

std::optional<std::string> become_owner_of(const std::filesystem::path& data) {
    struct stat about {};
    if (::geteuid() != 0 || ::stat(data.c_str(), &about) != 0 || about.st_uid == 0) {
        return std::nullopt;
    }
    const std::string name = name_of(about.st_uid);
    const bool grouped = ::getpwuid(about.st_uid) == nullptr
                             ? ::setgroups(0, nullptr) == 0
                             : ::initgroups(name.c_str(), about.st_gid) == 0;
    if (!grouped || ::setgid(about.st_gid) != 0 || ::setuid(about.st_uid) != 0) {
        return std::nullopt;
    }
    return name;
}

// Of each lock that is held, /proc/locks has a line with the file's number at the end of its sixth
// word, say "1: FLOCK ADVISORY WRITE 8117 fe:00:10961089 0 EOF". Who can't read it (or finds a file
// with that number on another disk) tries.
bool is_in_use(const std::filesystem::path& data) {
    const int lock = ::open((data / "lock").c_str(), O_RDONLY | O_CLOEXEC);
    struct stat about {};
    if (lock < 0 || ::fstat(lock, &about) != 0) {
        return false;
    }
    std::ifstream held{"/proc/locks"};
    bool may_be = !held.is_open();
    const std::string number = ":" + std::to_string(about.st_ino) + " ";
    for (std::string line; std::getline(held, line);) {
        may_be = may_be || (line.find("FLOCK") != std::string::npos &&
                            line.find(number) != std::string::npos);
    }
    const bool taken = may_be && ::flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(lock);
    return taken;
}

// Bytes 60 to 63 of the head (sqlite.org/fileformat2.html). Opening the file as a database could
// leave files of whoever runs this beside it.
std::optional<finding> look_at_database(const std::filesystem::path& data) {
    std::ifstream file{data / "onechat.db", std::ios::binary};
    if (!file) {
        return std::nullopt;
    }
    std::array<char, 64> head{};
    file.read(head.data(), head.size());
    if (file.gcount() == 0) {
        return finding{health::well, database_name, "It is empty yet."};
    }
    if (file.gcount() != head.size() || std::memcmp(head.data(), "SQLite format 3", 16) != 0) {
        return finding{health::wrong, database_name,
                       "onechat.db is no SQLite database; restore a backup."};
    }
    std::int64_t version = 0;
    for (std::size_t i = 60; i < head.size(); ++i) {
        version = version << 8 | static_cast<unsigned char>(head[i]);
    }
    const auto form = "Its form is " + std::to_string(version) + ", ours " +
                      std::to_string(storage::schema_version());
    if (version > storage::schema_version()) {
        return finding{health::wrong, database_name,
                       form + ": it was written by a newer onechat, which is needed to read it."};
    }
    if (version < storage::schema_version()) {
        return finding{health::look, database_name,
                       form + ": the next start changes it for good. Make a backup before."};
    }
    return finding{health::well, database_name, form + "."};
}

}  // namespace onechat::cli
