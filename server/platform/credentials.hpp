// Whom we are to a platform. The secret is read from a file or the environment, and goes into calls
// to that platform only: never into a log, an error or a command line. A plain value, any thread.
#pragma once

#include <string>

namespace onechat::platform {

struct credentials {
    std::string appid;
    std::string secret;
};

}  // namespace onechat::platform
