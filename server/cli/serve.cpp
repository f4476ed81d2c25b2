#include "server/app.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/flags.hpp"
#include "server/log.hpp"

#include <CLI/CLI.hpp>

namespace onechat::cli {

int serve(int argc, char** argv) {
    CLI::App flags{"Runs the server until SIGTERM or SIGINT.", "onechat serve"};
    config settings;
    describe_options(flags, settings);
    flags.set_config("--config", "",
                     "A file with these flags as keys, like match-round = \"200ms\"");
    flags.allow_config_extras(CLI::config_extras_mode::error);
    if (const auto status = read_flags(flags, argc, argv)) {
        return *status;
    }
    log::start(settings.log_level);
    return app{std::move(settings)}.run();
}

}  // namespace onechat::cli
