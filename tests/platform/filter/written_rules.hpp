// Rules as an operator writes them, without the built-in set unless it is asked for.
#pragma once

#include "server/platform/filter/built_in.hpp"
#include "server/platform/filter/filter.hpp"

#include <stdexcept>
#include <string>

namespace onechat::platform::test {

inline std::string without_built_in() {
    std::string lines;
    for (const rule_group& group : built_in_groups()) {
        lines += "without " + std::string{group.name} + "\n";
    }
    return lines;
}

inline filter filter_of(const std::string& lines) {
    const rule_list list = parse_rules(lines);
    if (!list.problems.empty()) {
        throw std::runtime_error{list.problems.front().sentence};
    }
    return filter{list};
}

inline filter filter_of_only(const std::string& lines) {
    return filter_of(without_built_in() + lines);
}

// Whether a mask was put on something of the text.
inline bool hides(const filter& judge, std::string_view text) {
    return judge.judge(text).what == decision::mask;
}

}  // namespace onechat::platform::test
