// Reads the settings from the command line, the environment and the configuration file, the first
// of them that names one winning, and collects everything that is wrong on the way. Starts nothing
// and prints nothing. Main thread.
#pragma once

#include "server/config/config.hpp"

#include <string>
#include <vector>

namespace onechat {

struct reading {
    std::string help;                   // asked for: then nothing else is in here
    std::vector<std::string> problems;  // one line each; when there are none the values hold
    config values;
    // In the order of the table: "default", "profile NAME", "chat.conf:3", "environment" or "flag".
    std::vector<std::string> origins;
};

struct config_command {
    std::string name;     // "onechat serve"
    std::string purpose;  // a sentence, for its help
};

// `arguments` without the command's name; `environment` as NAME=value.
[[nodiscard]] reading read_config(const config_command& command,
                                  const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& environment);

}  // namespace onechat
