// What a build of client/web has left in the program: files with their compressed forms. Constant,
// any thread.
#pragma once

#include <span>
#include <string_view>

namespace onechat::pages {

struct asset {
    std::string_view path;  // "/" or below "/assets/"
    std::string_view content_type;
    std::string_view tag;  // changes with the bytes
    std::string_view identity;
    std::string_view brotli;  // empty when it would save nothing
    std::string_view gzip;
};

// Empty in a program that was built without the web client.
[[nodiscard]] std::span<const asset> embedded_assets();

}  // namespace onechat::pages
