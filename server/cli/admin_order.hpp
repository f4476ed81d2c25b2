// What `onechat admin ...` asks the operator's API for: a command line becomes a request, and says
// how its answer is shown. Not the connection. Main thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace onechat::cli {

struct admin_order {
    std::string method = "GET";
    std::string path{};  // below the API's root, with its query
    std::string body{};
    std::string why{};
    // Writes the answer for people; empty when it isn't what the API promises.
    std::string (*show)(const std::string& body) = nullptr;
    // Asks again while the answer says that there is more to do.
    bool until_done = false;
    // What follows this page: the end of its path; empty after the last one. None: pages are asked
    // for one by one.
    std::string (*rest)(const std::string& body) = nullptr;
};

struct admin_settings {
    std::string url;  // empty: the server that uses the token file's folder
    std::string token_file;
    bool json = false;
};

// The exit status when there is nothing to be asked: 0 after `--help`, 2 when refused.
struct admin_reading {
    std::optional<int> status{};
    admin_settings settings{};
    admin_order order{};
};

[[nodiscard]] admin_reading read_admin_order(int argc, char** argv);

// As a header's value and in a query: all but letters, digits and "-._~" as %XX.
[[nodiscard]] std::string admin_encoded(const std::string& text);

}  // namespace onechat::cli
