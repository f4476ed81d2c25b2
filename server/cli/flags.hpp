// Reads a command's arguments and says what is wrong with them. Main thread.
#pragma once

#include "server/config/reader.hpp"

#include <optional>

namespace CLI {
class App;
}

namespace onechat::net {
struct tls_trust;
}

namespace onechat::cli {

// Nothing when the command may go on; otherwise the exit status: 0 after `--help`, 2 when refused.
[[nodiscard]] std::optional<int> read_flags(CLI::App& flags, int argc, char** argv);

// The same for the server's settings, which also come from the environment and a file.
[[nodiscard]] std::optional<int> read_settings(reading& into, const config_command& command,
                                               int argc, char** argv);

// `--tls-ca FILE`: whom a command that connects to a server believes to be that server.
void add_trust(CLI::App& flags, net::tls_trust& into);

}  // namespace onechat::cli
