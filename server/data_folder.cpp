#include "server/data_folder.hpp"

#include "storage/ownership.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace onechat {

bool is_half_restored(const std::filesystem::path& data) {
    return std::filesystem::exists(data / restore_marker);
}

bool lacks_keys(const std::filesystem::path& data) {
    std::error_code absent;
    const auto size = std::filesystem::file_size(data / "onechat.db", absent);
    return !absent && size > 0 && !std::filesystem::exists(data / "keys");
}

data_folder::data_folder(std::filesystem::path where) : where_{std::move(where)} {
    std::error_code trouble;
    if (where_.has_parent_path()) {
        std::filesystem::create_directories(where_.parent_path(), trouble);
    }
    if (::mkdir(where_.c_str(), 0700) != 0 && errno != EEXIST) {
        throw std::runtime_error{"The data folder " + where_.string() +
                                 " can't be made: " + std::strerror(errno) + "."};
    }
    const std::filesystem::path file = where_ / "lock";
    lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0 || !storage::give_to_owner_of_folder(lock_, file)) {
        const int reason = errno;
        if (lock_ >= 0) {
            ::close(lock_);
        }
        throw std::runtime_error{"The data folder " + where_.string() +
                                 " can't be written: " + std::strerror(reason) + "."};
    }
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock_);
        throw std::runtime_error{"The data folder " + where_.string() +
                                 " is in use by another onechat. Stop that one first."};
    }
}

void data_folder::refuse_if_torn() const {
    if (is_half_restored(where_)) {
        throw std::runtime_error{"A restore of " + where_.string() +
                                 " was interrupted. Do it again with `onechat restore`."};
    }
    if (lacks_keys(where_)) {
        throw std::runtime_error{
            "The keys are missing beside the database of " + where_.string() +
            ". Without them everybody is logged out, and bans and blocks no longer find their "
            "people: take the file `keys` from a backup, or go on with new ones by `onechat keys "
            "new`."};
    }
}

bool data_folder::in_use(const std::filesystem::path& where) {
    const int lock = ::open((where / "lock").c_str(), O_RDWR | O_CLOEXEC);
    if (lock < 0) {
        return false;
    }
    const bool held = ::flock(lock, LOCK_SH | LOCK_NB) != 0;
    ::close(lock);
    return held;
}

data_folder::~data_folder() {
    ::close(lock_);
}

}  // namespace onechat
