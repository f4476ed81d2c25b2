// Whether the platforms answer that `serve` would ask: one call to each, for `onechat doctor`. What
// they answer is not looked at, since nothing is asked of them. Main thread; it waits.
#pragma once

#include "server/cli/checkup.hpp"
#include "server/config/config.hpp"

namespace onechat::cli {

[[nodiscard]] findings look_at_platforms(const config& set);

}  // namespace onechat::cli
