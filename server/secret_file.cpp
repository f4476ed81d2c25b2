#include "server/secret_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

namespace onechat {
namespace {

class open_file {
public:
    explicit open_file(const std::filesystem::path& path)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~open_file() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;

    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

}  // namespace

std::string read_secret(const std::filesystem::path& path) {
    const auto trouble = [&path](const std::string& what) {
        return std::runtime_error{"The secret in " + path.string() + " " + what};
    };
    const open_file file{path};
    struct stat about {};
    if (file.descriptor() < 0 || ::fstat(file.descriptor(), &about) != 0) {
        throw trouble(std::string{"can't be read: "} + std::strerror(errno) + ".");
    }
    if ((about.st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)) != 0) {
        throw trouble("can be read or written by others: chmod 600 it.");
    }
    std::string text(secret_bytes_max + 2, '\0');
    const auto got = ::read(file.descriptor(), text.data(), text.size());
    if (got < 0) {
        throw trouble(std::string{"can't be read: "} + std::strerror(errno) + ".");
    }
    text.resize(static_cast<std::size_t>(got));
    text = text.substr(0, text.find_first_of("\r\n"));
    const auto is_visible = [](char letter) { return letter > ' ' && letter < 0x7F; };
    if (text.empty() || text.size() > secret_bytes_max || !std::ranges::all_of(text, is_visible)) {
        throw trouble("is none: a line of at most " + std::to_string(secret_bytes_max) +
                      " visible ASCII characters is expected.");
    }
    return text;
}

}  // namespace onechat
