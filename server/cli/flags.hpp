// Reads a command's flags and says what is wrong with them. Main thread.
#pragma once

#include <optional>

namespace CLI {
class App;
}

namespace onechat::cli {

// Nothing when the command may go on; otherwise the exit status: 0 after `--help`, 2 when refused.
[[nodiscard]] std::optional<int> read_flags(CLI::App& flags, int argc, char** argv);

}  // namespace onechat::cli
