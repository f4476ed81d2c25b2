// The operator's file of rules, made into a filter at the start and when the file has changed. The
// only place of the filter that touches a disk.
#pragma once

#include "server/platform/filter/filter.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace onechat::platform {

// The built-in set alone when no file is named. Throws std::runtime_error with all that is wrong, a
// line for each, as FILE:LINE: sentence.
[[nodiscard]] std::shared_ptr<const filter> open_filter(const std::filesystem::path& file);

// The same for a server that runs: what is wrong is told, in one line, and nothing thrown.
struct filter_or_trouble {
    std::shared_ptr<const filter> made;  // null: see trouble
    std::string trouble;
};
[[nodiscard]] filter_or_trouble try_filter(const std::filesystem::path& file);

}  // namespace onechat::platform
