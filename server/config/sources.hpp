// What each source says about the settings, before any value is read: the command line, the
// environment, the file. Unknown names are complained about here, with the nearest right one. Main
// thread.
#pragma once

#include "server/config/table.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace onechat {

struct assignment {
    const setting* of;
    texts values;          // one, or the entries of a list
    std::string place;     // with which a complaint begins: "chat.conf:7: match-round", "--away"
    std::string origin;    // as check-config tells it
    std::size_t line = 0;  // in the file
};

struct complaint {
    std::size_t line;  // as above
    std::string text;
};

struct told_secret {
    std::string& (*of)(config& values);
    std::string value;
};

struct said {
    std::vector<told_secret> secrets;
    std::vector<assignment> assignments;
    std::vector<complaint> complaints;
};

// Names the file to read; no setting itself.
inline constexpr std::string_view file_flag = "config";

// The flags of the table and --config, in groups.
void declare_flags(CLI::App& flags);
// REQUIRES: declared and parsed.
[[nodiscard]] said said_by_flags(CLI::App& flags);

// Of NAME=value those that are ours. An empty one counts as unset.
[[nodiscard]] said said_by_environment(const std::vector<std::string>& environment);

// The file's name is told in complaints as it is given.
[[nodiscard]] said said_by_file(const std::string& path);

}  // namespace onechat
