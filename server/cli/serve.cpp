#include "server/app.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/flags.hpp"
#include "server/log.hpp"

#include <utility>

namespace onechat::cli {

int serve(int argc, char** argv) {
    reading settings;
    if (const auto status = read_settings(
            settings, {"onechat serve", "Runs the server until SIGTERM or SIGINT."}, argc, argv)) {
        return *status;
    }
    log::start(settings.values.log_level, settings.values.log_form);
    return app{std::move(settings.values)}.run();
}

}  // namespace onechat::cli
