#include "server/data_folder.hpp"

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
    if (lock_ < 0) {
        throw std::runtime_error{"The data folder " + where_.string() +
                                 " can't be written: " + std::strerror(errno) + "."};
    }
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock_);
        throw std::runtime_error{"The data folder " + where_.string() +
                                 " is in use by another onechat. Stop that one first."};
    }
}

data_folder::~data_folder() {
    ::close(lock_);
}

}  // namespace onechat
