#include "server/cli/commands.hpp"
#include "server/cli/flags.hpp"
#include "server/config/page.hpp"

#include <cstdio>

namespace onechat::cli {

int check_config(int argc, char** argv) {
    reading settings;
    if (const auto status = read_settings(
            settings,
            {"onechat check-config",
             "Reads the settings as `serve` would, and prints them and where each came from."},
            argc, argv)) {
        return *status;
    }
    std::fputs(effective_file(settings).c_str(), stdout);
    return 0;
}

}  // namespace onechat::cli
