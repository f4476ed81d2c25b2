#include "server/cli/flags.hpp"

#include "server/config/command_line.hpp"
#include "server/net/tls_connector.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace onechat::cli {
namespace {

std::vector<std::string> list_of(char** texts) {
    std::vector<std::string> list;
    for (; *texts != nullptr; ++texts) {
        list.emplace_back(*texts);
    }
    return list;
}

}  // namespace

std::optional<int> read_flags(CLI::App& flags, int argc, char** argv) {
    try {
        const auto wrong = parse_arguments(flags, {argv + 1, argv + argc});
        for (const std::string& sentence : wrong) {
            std::fprintf(stderr, "%s: %s\n", flags.get_name().c_str(), sentence.c_str());
        }
        return wrong.empty() ? std::nullopt : std::optional{2};
    } catch (const CLI::CallForHelp& asked) {
        return flags.exit(asked);
    }
}

std::optional<int> read_settings(reading& into, const config_command& command, int argc,
                                 char** argv) {
    into = read_config(command, {argv + 1, argv + argc}, list_of(environ));
    if (!into.help.empty()) {
        std::fputs(into.help.c_str(), stdout);
        return 0;
    }
    for (const std::string& problem : into.problems) {
        std::fprintf(stderr, "%s\n", problem.c_str());
    }
    return into.problems.empty() ? std::nullopt : std::optional{2};
}

void add_trust(CLI::App& flags, net::tls_trust& into) {
    flags
        .add_option("--tls-ca", into.ca_file,
                    "With wss: PEM file of the certificates to trust instead of the system's")
        ->check(CLI::ExistingFile);
}

}  // namespace onechat::cli
