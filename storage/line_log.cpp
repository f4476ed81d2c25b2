#include "storage/line_log.hpp"

#include "storage/ownership.hpp"
#include "storage/sqlite.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace onechat::storage {

namespace {

constexpr mode_t owner_only = S_IRUSR | S_IWUSR;

// Ids and numbers: longer lines are none of ours.
constexpr std::size_t line_max = 512;

class descriptor {
public:
    explicit descriptor(int number) : number_{number} {}
    ~descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    [[nodiscard]] int get() const { return number_; }

private:
    int number_;
};

bool write_all(int to, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(to, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

// A line that a full disk or a power cut tore is left as it is, and the next begins below it.
bool is_torn(int file) {
    struct stat found {};
    char last = '\n';
    if (::fstat(file, &found) == 0 && found.st_size > 0) {
        return ::pread(file, &last, 1, found.st_size - 1) != 1 || last != '\n';
    }
    return false;
}

bool sync_folder_of(const std::filesystem::path& file) {
    const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    const descriptor directory{::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return directory.get() >= 0 && ::fsync(directory.get()) == 0;
}

}  // namespace

bool line_log::append(std::string_view lines) const {
    struct stat found {};
    const bool is_new = ::stat(file_.c_str(), &found) != 0;
    const descriptor file{
        ::open(file_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, owner_only)};
    if (file.get() < 0 || ::fchmod(file.get(), owner_only) != 0 ||
        !give_to_owner_of_folder(file.get(), file_)) {
        return false;
    }
    std::string text = is_torn(file.get()) ? "\n" : "";
    text += lines;
    if (!write_all(file.get(), text) || ::fsync(file.get()) != 0) {
        return false;
    }
    return !is_new || sync_folder_of(file_);
}

bool line_log::replace(std::string_view lines) const {
    const std::string part = file_.string() + ".part";
    {
        const descriptor file{
            ::open(part.c_str(), O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, owner_only)};
        if (file.get() < 0 || ::fchmod(file.get(), owner_only) != 0 ||
            !give_to_owner_of_folder(file.get(), file_) || !write_all(file.get(), lines) ||
            ::fsync(file.get()) != 0) {
            return false;
        }
    }
    return ::rename(part.c_str(), file_.c_str()) == 0 && sync_folder_of(file_);
}

void line_log::read(std::string_view loss,
                    const std::function<void(std::string_view)>& show) const {
    if (!std::filesystem::exists(file_)) {
        return;
    }
    std::ifstream file{file_, std::ios::binary};
    std::array<char, line_max> buffer{};
    while (file) {
        file.getline(buffer.data(), buffer.size());
        const auto count = static_cast<std::size_t>(file.gcount());
        const bool whole = !file.fail();
        if (!whole && !file.eof() && !file.bad() && count > 0) {
            file.clear();  // the rest of what is too long comes as further lines that are damaged
        }
        if (whole) {
            show(buffer.data());
        }
    }
    if (file.bad() || !file.eof()) {
        throw storage_error{file_.string() + " can't be read, so " + std::string{loss} +
                            " Mend its rights, or move it away if no backup was restored."};
    }
}

}  // namespace onechat::storage
