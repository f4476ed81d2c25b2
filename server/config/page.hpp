// The settings as text for people: the reference, and what a reading came to. Pure functions: any
// thread.
#pragma once

#include "server/config/reader.hpp"

#include <string>

namespace onechat {

// docs/configuration.md.
[[nodiscard]] std::string configuration_page();

// A configuration file with every setting and where it came from; read again it means the same.
// REQUIRES: no problems.
[[nodiscard]] std::string effective_file(const reading& read);

}  // namespace onechat
