// The one binary: finds the command that was asked for. Each command reads its own flags.
#include "server/cli/commands.hpp"
#include "server/log.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string_view>

namespace {

struct command {
    std::string_view name;
    std::string_view meaning;
    int (*run)(int argc, char** argv);
};

constexpr std::array commands{
    command{"serve", "Run the server", onechat::cli::serve},
    command{"check-config", "Show the settings that `serve` would run with, or what is wrong",
            onechat::cli::check_config},
    command{"doctor", "Look at what `serve` would need of this machine", onechat::cli::doctor},
    command{"backup", "Copy what a server remembers while it runs, or verify a copy",
            onechat::cli::backup},
    command{"restore", "Put a backup in the place of what a stopped server remembers",
            onechat::cli::restore},
    command{"migrate", "Bring a stopped server's database up to this version",
            onechat::cli::migrate},
    command{"keys", "Make new keys for a stopped server", onechat::cli::renew_keys},
    command{"talk", "Chat with a stranger in this terminal", onechat::cli::talk},
    command{"bench", "Load a server with many people, and check what it promises",
            onechat::cli::bench},
    command{"admin", "Ask and order as the operator of a running server", onechat::cli::admin},
    command{"describe", "Write the references, schemas and typings", onechat::cli::describe},
};

int usage(std::FILE* to, int status) {
    std::fputs("onechat " ONECHAT_VERSION ": random one-to-one chat\n\n", to);
    for (const command& one : commands) {
        std::fprintf(to, "  onechat %-12s %s\n", one.name.data(), one.meaning.data());
    }
    std::fputs("\n`onechat COMMAND --help` lists the flags of a command.\n", to);
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view asked = argc > 1 ? argv[1] : "";
    if (asked == "--help" || asked == "-h") {
        return usage(stdout, 0);
    }
    if (asked == "--version") {
        std::puts("onechat " ONECHAT_VERSION);
        return 0;
    }
    const auto found = std::ranges::find(commands, asked, &command::name);
    if (found == commands.end()) {
        return usage(stderr, 2);
    }
    try {
        return found->run(argc - 1, argv + 1);
    } catch (const std::exception& trouble) {
        onechat::log::failure(trouble.what());
        return 1;
    }
}
