#include "server/platform/filter/rules.hpp"

#include "protocol/unicode.hpp"
#include "server/platform/filter/built_in.hpp"
#include "server/platform/filter/folding.hpp"
#include "server/platform/filter/pattern_set.hpp"
#include "server/platform/filter/word_tree.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace onechat::platform {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// The first word of what is left, which is then left without it.
std::string_view take_word(std::string_view& left) {
    const std::string_view word = left.substr(0, left.find_first_of(blanks));
    left = trimmed(left.substr(word.size()));
    return word;
}

// A # begins a comment where a blank is before it.
std::string_view without_comment(std::string_view line) {
    for (auto at = line.find('#', 1); at != std::string_view::npos; at = line.find('#', at + 1)) {
        if (blanks.find(line[at - 1]) != std::string_view::npos) {
            return trimmed(line.substr(0, at));
        }
    }
    return line;
}

std::optional<rule_action> action_of(std::string_view word) {
    constexpr std::array actions{
        std::pair{std::string_view{"pass"}, rule_action::pass},
        std::pair{std::string_view{"tell"}, rule_action::tell},
        std::pair{std::string_view{"flag"}, rule_action::flag},
        std::pair{std::string_view{"mask"}, rule_action::mask},
        std::pair{std::string_view{"offer"}, rule_action::offer},
        std::pair{std::string_view{"reject"}, rule_action::reject},
    };
    const auto* found = std::ranges::find(actions, word, &decltype(actions)::value_type::first);
    return found == actions.end() ? std::nullopt : std::optional{found->second};
}

std::string trouble_with_word(std::string_view word) {
    const auto letters = fold(word);
    const auto count = static_cast<std::size_t>(
        std::ranges::count_if(letters, [](const letter& one) { return !separates(one.kind); }));
    if (count == 0) {
        return "This word has no letter and no digit.";
    }
    if (count > word_letters_max) {
        return "This word has more than " + std::to_string(word_letters_max) + " letters.";
    }
    return {};
}

class rule_reader {
public:
    explicit rule_reader(std::string_view text) : left_{text} {}

    rule_list read() {
        while (!left_.empty() && !full_) {
            ++line_;
            const auto end = std::min(left_.find('\n'), left_.size());
            read_line(trimmed(left_.substr(0, end)));
            left_.remove_prefix(std::min(end + 1, left_.size()));
        }
        return std::move(found_);
    }

private:
    void read_line(std::string_view line) {
        if (line.empty() || line.front() == '#') {
            return;
        }
        std::string_view left = line;
        std::string_view first = take_word(left);
        if (first == "without") {
            return read_without(without_comment(left));
        }
        rule one{.action = {}, .for_nicknames = first == "nickname", .pattern = false, .text = {}};
        if (one.for_nicknames) {
            first = take_word(left);
        }
        const auto action = action_of(first);
        if (!action) {
            return problem(
                "A line begins with reject, offer, mask, flag, tell or pass, with `nickname` and "
                "one of them, or with `without`.");
        }
        one.action = *action;
        if (one.for_nicknames && one.action <= rule_action::tell) {
            return problem("What passes or tells does so everywhere: leave `nickname` out.");
        }
        read_subject(std::move(one), left);
    }

    void read_without(std::string_view group) {
        const auto groups = built_in_groups();
        if (std::ranges::find(groups, group, &rule_group::name) == groups.end()) {
            std::string all;
            for (const rule_group& known : groups) {
                all += (all.empty() ? "" : ", ") + std::string{known.name};
            }
            return problem("The built-in set has no such group; it has " + all + ".");
        }
        found_.without.emplace_back(group);
    }

    void read_subject(rule one, std::string_view subject) {
        if (subject.size() > 1 && subject.front() == '/') {
            return read_pattern(std::move(one), subject);
        }
        one.text = without_comment(subject);
        if (one.text.starts_with('#')) {
            one.text.clear();
        }
        if (one.text.empty()) {
            return problem("The word is missing.");
        }
        std::string trouble = trouble_with_word(one.text);
        keep(std::move(one), std::move(trouble));
    }

    void read_pattern(rule one, std::string_view subject) {
        const auto end = subject.rfind('/');
        const std::string_view behind = trimmed(subject.substr(end + 1));
        if (end == 0 || !(behind.empty() || behind.front() == '#')) {
            return problem("A pattern stands between two slashes, and nothing follows it.");
        }
        one.pattern = true;
        one.text = subject.substr(1, end - 1);
        if (one.text.size() > pattern_text_bytes_max) {
            return problem("This pattern has more than " + std::to_string(pattern_text_bytes_max) +
                           " bytes.");
        }
        if (++patterns_ > patterns_max) {
            return give_up("There are more than " + std::to_string(patterns_max) + " patterns.");
        }
        std::string trouble = pattern_set::trouble_with(one.text);
        keep(std::move(one), std::move(trouble));
    }

    void keep(rule one, std::string trouble) {
        if (!trouble.empty()) {
            return problem(std::move(trouble));
        }
        if (found_.rules.size() == rules_max) {
            return give_up("There are more than " + std::to_string(rules_max) + " rules.");
        }
        found_.rules.push_back(std::move(one));
    }

    void problem(std::string sentence) {
        if (found_.problems.size() == rule_problems_max) {
            return give_up("There is more wrong with this file.");
        }
        found_.problems.push_back({line_, std::move(sentence)});
    }

    void give_up(std::string sentence) {
        found_.problems.push_back({line_, std::move(sentence)});
        full_ = true;
    }

    std::string_view left_;
    std::size_t line_ = 0;
    std::size_t patterns_ = 0;
    bool full_ = false;
    rule_list found_;
};

}  // namespace

rule_list parse_rules(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    const auto refused = [](const char* sentence) { return rule_list{{}, {}, {{0, sentence}}}; };
    if (text.size() > rules_file_bytes_max) {
        return refused("This is no file of rules: it is larger than 4 MiB.");
    }
    if (text.find('\0') != std::string_view::npos) {
        return refused("This is no file of rules: it holds a NUL.");
    }
    if (!protocol::valid_utf8(text)) {
        return refused("This is no file of rules: it is not in UTF-8.");
    }
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    return rule_reader{text}.read();
}

}  // namespace onechat::platform
