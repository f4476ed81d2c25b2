#include "server/backup_manifest.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace onechat {
namespace {

constexpr std::string_view first_line = "onechat backup 1";
constexpr std::string_view last_line = "end";
constexpr std::size_t checksum_size = 64;

struct number_line {
    std::string_view name;
    std::int64_t value;
};

std::vector<number_line> numbers_of(const backup_manifest& of) {
    return {{"made", of.made},
            {"schema", of.facts.schema},
            {"epoch", of.facts.epoch},
            {"users", static_cast<std::int64_t>(of.facts.users)},
            {"pairs", static_cast<std::int64_t>(of.facts.pairs)},
            {"events", static_cast<std::int64_t>(of.facts.events)}};
}

// What is printed as it stands must not speak to a terminal.
bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char letter) { return letter >= ' ' && letter <= '~'; });
}

class manifest_lines {
public:
    explicit manifest_lines(std::string_view text) : left_{text} {}

    std::string_view next() {
        const auto end = left_.find('\n');
        if (end == std::string_view::npos) {
            throw std::runtime_error{"The manifest is torn."};
        }
        const auto line = left_.substr(0, end);
        left_.remove_prefix(end + 1);
        return line;
    }
    // "name value"
    std::string_view value(std::string_view name) {
        const auto line = next();
        if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ' ') {
            throw std::runtime_error{"The manifest has no " + std::string{name} + "."};
        }
        return line.substr(name.size() + 1);
    }
    std::int64_t number(std::string_view name) {
        const auto text = value(name);
        std::int64_t found = 0;
        const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), found);
        if (wrong != std::errc{} || end != text.data() + text.size() || found < 0) {
            throw std::runtime_error{"The manifest's " + std::string{name} + " is no number."};
        }
        return found;
    }

private:
    std::string_view left_;
};

}  // namespace

std::string write_manifest(const backup_manifest& of) {
    std::string text{first_line};
    text += "\nversion " + of.version + '\n';
    for (const auto& [name, value] : numbers_of(of)) {
        text += std::string{name} + ' ' + std::to_string(value) + '\n';
    }
    for (const auto& [name, sum] : of.checksums) {
        text += "sha256 " + sum + ' ' + name + '\n';
    }
    return text + std::string{last_line} + '\n';
}

backup_manifest read_manifest(std::string_view text) {
    manifest_lines lines{text};
    if (lines.next() != first_line) {
        throw std::runtime_error{"The manifest is of no backup that this program knows."};
    }
    backup_manifest read;
    read.version = lines.value("version");
    if (!is_plain(read.version)) {
        throw std::runtime_error{"The manifest's version is none."};
    }
    read.made = lines.number("made");
    read.facts.schema = lines.number("schema");
    read.facts.epoch = lines.number("epoch");
    read.facts.users = static_cast<std::uint64_t>(lines.number("users"));
    read.facts.pairs = static_cast<std::uint64_t>(lines.number("pairs"));
    read.facts.events = static_cast<std::uint64_t>(lines.number("events"));
    for (auto line = lines.next(); line != last_line; line = lines.next()) {
        constexpr std::string_view word = "sha256 ";
        const std::size_t name = word.size() + checksum_size + 1;
        const bool fits = line.starts_with(word) && line.size() > name && line[name - 1] == ' ' &&
                          line.find('/') == std::string_view::npos && is_plain(line);
        if (!fits) {
            throw std::runtime_error{"The manifest has a line that is none."};
        }
        read.checksums.emplace_back(line.substr(name), line.substr(word.size(), checksum_size));
    }
    return read;
}

std::optional<std::int64_t> made_of_manifest(std::string_view text) {
    constexpr std::string_view label = "\nmade ";
    const auto at = text.find(label);
    std::int64_t made = 0;
    if (at == std::string_view::npos) {
        return std::nullopt;
    }
    text.remove_prefix(at + label.size());
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), made);
    return wrong == std::errc{} && made > 0 ? std::optional{made} : std::nullopt;
}

}  // namespace onechat
