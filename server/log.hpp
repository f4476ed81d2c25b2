// What the operator reads: one line per event on stderr, key=value. info is the life of the server,
// warn asks for a look, error says that something was lost. No text and no account is ever written.
// Any thread.
#pragma once

#include <string_view>

namespace onechat::log {

void start(std::string_view level);

void debug(std::string_view line);
void info(std::string_view line);
void warn(std::string_view line);
void error(std::string_view line);

}  // namespace onechat::log
