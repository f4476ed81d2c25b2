#include "server/backup_files.hpp"

#include "server/private_files.hpp"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace onechat {

namespace fs = std::filesystem;

namespace {

// More room than a copy needs, so that a server that runs beside it is not the one to find none.
constexpr std::uintmax_t spare_bytes = std::uintmax_t{64} << 20;

constexpr const char* moment_form = "%Y-%m-%dT%H%M%SZ";

}  // namespace

std::string name_of_moment(std::int64_t unix_ms) {
    const auto seconds = static_cast<std::time_t>(unix_ms / 1000);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    std::array<char, 32> text{};
    const auto size = std::strftime(text.data(), text.size(), moment_form, &utc);
    return {text.data(), size};
}

std::optional<std::int64_t> moment_of_name(const std::string& name) {
    std::tm utc{};
    const char* const end = ::strptime(name.c_str(), moment_form, &utc);
    if (end == nullptr || *end != '\0') {
        return std::nullopt;
    }
    const std::int64_t found = std::int64_t{::timegm(&utc)} * 1000;
    return name_of_moment(found) == name ? std::optional{found} : std::nullopt;
}

void must_have_database(const fs::path& data) {
    if (!fs::exists(data / database_name)) {
        throw std::runtime_error{"There is no database in " + data.string() + "."};
    }
}

std::string read_whole(const fs::path& file) {
    errno = 0;
    std::ifstream in{file, std::ios::binary};
    if (!in.is_open()) {
        throw std::runtime_error{file.string() + " can't be read: " + std::strerror(errno) + "."};
    }
    std::string content{std::istreambuf_iterator<char>{in}, {}};
    if (in.bad()) {
        throw std::runtime_error{file.string() + " can't be read."};
    }
    return content;
}

std::uintmax_t size_of(const fs::path& file) {
    std::error_code absent;
    const auto size = fs::file_size(file, absent);
    return absent ? 0 : size;
}

std::uintmax_t database_size(const fs::path& database) {
    return size_of(database) + size_of(database.string() + "-wal");
}

void need_room(const fs::path& folder, std::uintmax_t bytes) {
    if (const auto room = fs::space(folder).available; room < bytes + spare_bytes) {
        throw std::runtime_error{"The disk of " + folder.string() + " has " +
                                 std::to_string(room >> 20) + " MiB left, and " +
                                 std::to_string((bytes + spare_bytes) >> 20) + " MiB are needed."};
    }
}

fs::path make_replaced_folder(const fs::path& data, std::int64_t now) {
    const std::string name = replaced_prefix + name_of_moment(now);
    for (int n = 2;; ++n) {
        const auto numbered = n == 2 ? name : name + '-' + std::to_string(n - 1);
        if (make_new_folder(data / numbered)) {
            return data / numbered;
        }
    }
}

}  // namespace onechat
