// The rules that an operator writes, read line by line: what to do with which word or pattern. How
// they are written: docs/moderation.md. Not the finding of them. Pure: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::platform {

// The limits keep a reload on the event loop below a second. Ten times the words that it is made
// for; the patterns are walked over every text.
inline constexpr std::size_t rules_file_bytes_max = std::size_t{4} << 20U;
inline constexpr std::size_t rules_max = 100'000;
inline constexpr std::size_t patterns_max = 200;
inline constexpr std::size_t pattern_text_bytes_max = 512;
// Of a file that is no file of rules at all one need not read every complaint.
inline constexpr std::size_t rule_problems_max = 20;

enum class rule_action : std::uint8_t {
    pass,  // what lies within this is not found
    tell,  // a text with this tells of something: what it offers besides is flagged at most
    flag,
    mask,
    offer,  // as reject, but only as a sentence of its own
    reject,
};

struct rule {
    rule_action action;
    bool for_nicknames;  // only; else for everything
    bool pattern;
    std::string text;
    bool operator==(const rule&) const = default;
};

struct rule_problem {
    std::size_t line;  // 0: it is about the file
    std::string sentence;
    bool operator==(const rule_problem&) const = default;
};

struct rule_list {
    std::vector<rule> rules;
    std::vector<std::string> without;  // groups of the built-in set that don't count
    std::vector<rule_problem> problems;
};

[[nodiscard]] rule_list parse_rules(std::string_view text);

}  // namespace onechat::platform
