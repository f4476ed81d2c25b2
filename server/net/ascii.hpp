// Words of HTTP: compared without regard to case in ASCII only, whatever the locale, and read from
// comma-separated lists. Any thread.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace onechat::net {

[[nodiscard]] constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr bool same_word(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, {}, to_lower, to_lower);
}

[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// The items of "a, b, c".
[[nodiscard]] inline std::vector<std::string_view> items_of(std::string_view list) {
    std::vector<std::string_view> items;
    for (;;) {
        const auto item = list.substr(0, list.find(','));
        items.push_back(trimmed(item));
        if (item.size() == list.size()) {
            return items;
        }
        list.remove_prefix(item.size() + 1);
    }
}

}  // namespace onechat::net
