// What the builds of client/web and client/admin have left in the program: files with their
// compressed forms. Constant, any thread.
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

// Each is empty in a program that was built without it.
[[nodiscard]] std::span<const asset> web_assets();    // what everybody sees
[[nodiscard]] std::span<const asset> admin_assets();  // the operator's page

}  // namespace onechat::pages
