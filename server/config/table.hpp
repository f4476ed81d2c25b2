// The table of settings: a row for each, with its name, bounds and meaning, and how it is read from
// text and written. Flags, keys of the file, environment variables, `--help`, docs/configuration.md
// and `check-config` all come from it; defaults are those of a fresh `config`. Constant: any
// thread.
#pragma once

#include "server/config/config.hpp"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat {

using texts = std::vector<std::string>;

struct setting {
    std::string_view group;
    std::string_view name;  // the key; --name is the flag
    std::string form;       // what a value looks like: "0s..60s", "on|off"
    std::string meaning;    // without the full stop
    // Between the entries of a list in one text; 0 when the setting is no list.
    char separator = '\0';
    // Replaces the value. Throws std::runtime_error with a sentence when an entry is wrong.
    // REQUIRES: one entry unless it is a list.
    std::function<void(config& into, const texts& entries)> read;
    std::function<texts(const config& from)> write;
    std::string standard{};  // what the default is called; empty: as it is written
};

[[nodiscard]] const std::vector<setting>& setting_table();

// Nothing when no setting has that name.
[[nodiscard]] const setting* find_setting(std::string_view name);

// "match-round" as "ONECHAT_MATCH_ROUND".
[[nodiscard]] std::string variable_of(std::string_view name);

// The default as people read it; "" for an empty list.
[[nodiscard]] std::string default_of(const setting& one);

// What is read from its variable alone, and neither written nor told anywhere.
struct secret_setting {
    std::string_view name;
    std::string& (*of)(config& values);
};

[[nodiscard]] const std::array<secret_setting, 2>& secret_table();

// What settings that are right alone get wrong together: which one, and a sentence.
struct contradiction {
    std::string_view name;
    std::string sentence;
};
[[nodiscard]] std::vector<contradiction> contradictions_in(const config& values);

}  // namespace onechat
