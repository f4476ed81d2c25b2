#include "server/cli/flags.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace onechat::cli {

std::optional<int> read_flags(CLI::App& flags, int argc, char** argv) {
    try {
        flags.parse(argc, argv);
        return std::nullopt;
    } catch (const CLI::CallForHelp& asked) {
        return flags.exit(asked);
    } catch (const CLI::ParseError& wrong) {
        std::fprintf(stderr, "%s: %s\n", flags.get_name().c_str(), wrong.what());
        return 2;
    }
}

}  // namespace onechat::cli
