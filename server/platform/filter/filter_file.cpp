#include "server/platform/filter/filter_file.hpp"

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace onechat::platform {
namespace {

// The content, but no more than shows that it is too much.
std::string content_of(const std::filesystem::path& file) {
    std::error_code unknown;
    if (std::filesystem::is_directory(file, unknown) || std::filesystem::is_fifo(file, unknown)) {
        throw std::runtime_error{file.string() + ": This is no file."};
    }
    errno = 0;
    std::ifstream in{file, std::ios::binary};
    std::string content(rules_file_bytes_max + 1, '\0');
    in.read(content.data(), static_cast<std::streamsize>(content.size()));
    if (!in.is_open() || in.bad()) {
        throw std::runtime_error{file.string() + ": This file can't be read: " +
                                 std::generic_category().message(errno) + "."};
    }
    content.resize(static_cast<std::size_t>(in.gcount()));
    return content;
}

std::string complaints_about(const std::filesystem::path& file, const rule_list& list) {
    std::string all;
    for (const auto& [line, sentence] : list.problems) {
        all += (all.empty() ? "" : "\n") + file.string() +
               (line == 0 ? "" : ":" + std::to_string(line)) + ": " + sentence;
    }
    return all;
}

}  // namespace

std::shared_ptr<const filter> open_filter(const std::filesystem::path& file) {
    if (file.empty()) {
        return std::make_shared<const filter>();
    }
    const rule_list list = parse_rules(content_of(file));
    if (!list.problems.empty()) {
        throw std::runtime_error{complaints_about(file, list)};
    }
    return std::make_shared<const filter>(list);
}

filter_or_trouble try_filter(const std::filesystem::path& file) {
    try {
        return {open_filter(file), {}};
    } catch (const std::runtime_error& wrong) {
        std::string sentence = wrong.what();
        for (auto at = sentence.find('\n'); at != std::string::npos; at = sentence.find('\n')) {
            sentence.replace(at, 1, "; ");
        }
        return {nullptr, std::move(sentence)};
    }
}

}  // namespace onechat::platform
