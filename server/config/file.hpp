// The syntax of the configuration file, a small part of TOML: `key = "value"`, `key = value`,
// `key = ["one", "two"]` over one line or several, comments behind #. Not which keys there are:
// that is table's. Pure functions: any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace onechat {

inline constexpr std::size_t config_file_bytes_max = std::size_t{64} * 1024;

struct file_entry {
    std::string key;
    std::vector<std::string> values;
    bool array = false;  // otherwise one value
    std::size_t line = 1;
};

struct file_problem {
    std::size_t line = 0;  // 0: the whole file
    std::string sentence;
};

struct file_contents {
    std::vector<file_entry> entries;
    std::vector<file_problem> problems;
};

// Goes on behind a wrong line, so that all problems come to light at once.
[[nodiscard]] file_contents parse_config_file(std::string_view text);

// What comes behind `key = `, and is read again as it was. REQUIRES: one value unless an array.
[[nodiscard]] std::string write_config_value(const std::vector<std::string>& values, bool array);

}  // namespace onechat
