#include "server/private_files.hpp"

#include "storage/ownership.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace onechat {
namespace {

[[noreturn]] void fail(const std::filesystem::path& what, const char* how) {
    throw std::runtime_error{what.string() + " can't be " + how + ": " + std::strerror(errno) +
                             "."};
}

class descriptor {
public:
    descriptor(const std::filesystem::path& file, int flags, const char* how)
        : number_{::open(file.c_str(), flags | O_CLOEXEC, 0600)} {
        if (number_ < 0) {
            fail(file, how);
        }
    }
    ~descriptor() { ::close(number_); }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    [[nodiscard]] int get() const { return number_; }

private:
    int number_;
};

}  // namespace

bool make_new_folder(const std::filesystem::path& folder) {
    if (::mkdir(folder.c_str(), 0700) != 0) {
        if (errno == EEXIST) {
            return false;
        }
        fail(folder, "made");
    }
    const descriptor made{folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, "opened"};
    if (!storage::give_to_owner_of_folder(made.get(), folder)) {
        fail(folder, "given to its owner");
    }
    return true;
}

void make_private_folder(const std::filesystem::path& folder) {
    static_cast<void>(make_new_folder(folder));
}

void write_private_file(const std::filesystem::path& file, std::string_view content) {
    const descriptor out{file, O_WRONLY | O_CREAT | O_EXCL, "made"};
    if (!storage::give_to_owner_of_folder(out.get(), file)) {
        fail(file, "given to its owner");
    }
    while (!content.empty()) {
        const ssize_t written = ::write(out.get(), content.data(), content.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            fail(file, "written");
        }
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(out.get()) != 0) {
        fail(file, "synced");
    }
}

void copy_private_file(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::error_code trouble;
    write_private_file(to, {});
    std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing,
                               trouble);
    if (trouble) {
        throw std::runtime_error{from.string() + " can't be copied to " + to.string() + ": " +
                                 trouble.message() + "."};
    }
    const descriptor copy{to, O_RDONLY, "read"};
    if (::fchmod(copy.get(), 0600) != 0 || ::fsync(copy.get()) != 0) {
        fail(to, "synced");
    }
}

void sync_folder(const std::filesystem::path& folder) {
    const descriptor opened{folder, O_RDONLY | O_DIRECTORY, "opened"};
    if (::fsync(opened.get()) != 0) {
        fail(folder, "synced");
    }
}

void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) {
        fail(from, "moved");
    }
    sync_folder(to.parent_path());
}

void remove_durably(const std::filesystem::path& file) {
    if (::unlink(file.c_str()) != 0) {
        if (errno == ENOENT) {
            return;
        }
        fail(file, "removed");
    }
    sync_folder(file.parent_path());
}

passing_folder::passing_folder(std::filesystem::path where) : where_{std::move(where)} {
    std::filesystem::remove_all(where_);
    make_private_folder(where_);
}

passing_folder::~passing_folder() {
    std::error_code left;  // to the next one
    std::filesystem::remove_all(where_, left);
}

}  // namespace onechat
