// What is wrong with a command line, in our words: CLI11 parses it, and for a flag that does not
// exist the nearest one is named. Not what the values mean. Main thread.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace onechat {

// Parses the arguments (without the command's name) and tells what is wrong, a sentence each.
// Throws CLI::CallForHelp when help was asked for.
[[nodiscard]] std::vector<std::string> parse_arguments(CLI::App& flags,
                                                       std::vector<std::string> arguments);

}  // namespace onechat
