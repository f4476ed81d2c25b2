// The data folder: rights, lock, and the database's form.
#include "server/cli/checkup.hpp"
#include "storage/migrations.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
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

// Somebody's own, and nobody else's to read.
void look_at_file(findings& found, const std::filesystem::path& file, std::uint32_t owner) {
    struct stat about {};
    if (::lstat(file.c_str(), &about) != 0) {
        return;  // made when it is needed
    }
    if ((about.st_mode & 0077U) != 0) {
        found.push_back({health::wrong, folder_name,
                         file.string() + " can be read by others; run chmod 600 on it."});
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
    for (const char* file :
         {"onechat.db", "onechat.db-wal", "onechat.db-shm", "keys", "lock", "erasures.log"}) {
        look_at_file(found, data / file, about.st_uid);
    }
    if (found.empty()) {
        found.push_back({health::well, folder_name,
                         data.string() + ", of " + name_of(about.st_uid) + " alone."});
    }
    return found;
}

bool is_in_use(const std::filesystem::path& data) {
    const int lock = ::open((data / "lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (lock < 0) {
        return false;
    }
    const bool taken = ::flock(lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
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
