// The group `contacts` of the built-in set: how one is reached outside of the service. Pure: any
// thread.
#pragma once

#include <string>

namespace onechat::platform {

[[nodiscard]] std::string contact_rules();

}  // namespace onechat::platform
