#include "storage/erasure_log.hpp"

#include "storage/sqlite.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace onechat::storage {

namespace {

constexpr mode_t owner_only = S_IRUSR | S_IWUSR;

// A subject, two numbers of at most 20 digits: longer lines are none of ours.
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

std::string as_text(const erasure_line& line) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : line.name) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text + ' ' + std::to_string(line.at) + ' ' + line.receipt + '\n';
}

std::optional<erasure_line> parsed(std::string_view text) {
    erasure_line line;
    const std::size_t hex = line.name.size() * 2;
    if (text.size() < hex + 2 || text[hex] != ' ') {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < line.name.size(); ++i) {
        const char* from = text.data() + 2 * i;
        const auto [end, wrong] = std::from_chars(from, from + 2, line.name[i], 16);
        if (wrong != std::errc{} || end != from + 2) {
            return std::nullopt;
        }
    }
    text.remove_prefix(hex + 1);
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), line.at);
    if (wrong != std::errc{}) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.empty()) {
        line.receipt = text.substr(1);
    }
    return line;
}

}  // namespace

bool erasure_log::append(std::span<const erasure_line> lines) const {
    struct stat found {};
    const bool is_new = ::stat(file_.c_str(), &found) != 0;
    const descriptor file{
        ::open(file_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, owner_only)};
    if (file.get() < 0 || ::fchmod(file.get(), owner_only) != 0) {
        return false;
    }
    std::string text = is_torn(file.get()) ? "\n" : "";
    for (const erasure_line& line : lines) {
        text += as_text(line);
    }
    if (!write_all(file.get(), text) || ::fsync(file.get()) != 0) {
        return false;
    }
    if (!is_new) {
        return true;
    }
    const auto parent = file_.has_parent_path() ? file_.parent_path() : std::filesystem::path{"."};
    const descriptor directory{::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    return directory.get() >= 0 && ::fsync(directory.get()) == 0;
}

void erasure_log::read(const std::function<void(const erasure_line&)>& show) const {
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
        if (const auto line = parsed(buffer.data()); whole && line) {
            show(*line);
        }
    }
    if (file.bad() || !file.eof()) {
        throw storage_error{
            file_.string() +
            " can't be read, so nobody knows which accounts were erased. Mend its rights, or move "
            "it away if no backup was restored."};
    }
}

}  // namespace onechat::storage
