// What the operator reads: one line per event on stderr, `event key=value` or a JSON object. info
// is the life of the server, warn asks for a look, error says that something was lost. No text and
// no account is ever written. Any thread.
#pragma once

#include "server/log_line.hpp"

#include <cstdint>
#include <string_view>

namespace onechat::log {

enum class form : std::uint8_t { text, json };

// Before this, and in programs that never call it, info and worse are written as text.
void start(std::string_view level, form wording);

void debug(std::string_view event, fields about = {});
void info(std::string_view event, fields about = {});
void warn(std::string_view event, fields about = {});
void error(std::string_view event, fields about = {});

// What another program waits for, like `ready`: at every level, and as text without time and level,
// which is what it has been from the first version on.
void announce(std::string_view event, fields about);

// Why the process ends: as text a sentence after the program's name, as for a wrong command line.
void failure(std::string_view sentence);

}  // namespace onechat::log
