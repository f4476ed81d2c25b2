#include "server/platform/filter/filter.hpp"

#include "server/platform/filter/built_in.hpp"
#include "server/platform/filter/folding.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>

namespace onechat::platform {
namespace {

// As many code points as the text has, those of the hits replaced.
std::string masked(std::string_view text, const std::vector<letter>& letters,
                   const std::vector<hit>& hits) {
    std::vector<bool> hidden(text.size());
    for (const hit& one : hits) {
        const auto begin = letters[one.begin].begin;
        const auto end = letters[one.end - 1].end;
        std::fill(hidden.begin() + begin, hidden.begin() + end, true);
    }
    std::string shown;
    shown.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool continues = (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80;
        if (!hidden[i]) {
            shown += text[i];
        } else if (!continues) {
            shown += '*';
        }
    }
    return shown;
}

}  // namespace

filter::filter(const rule_list& operators) {
    assert(operators.problems.empty());
    for (const rule_group& group : built_in_groups()) {
        if (std::ranges::find(operators.without, group.name) == operators.without.end()) {
            const rule_list list = parse_rules(group.rules);
            assert(list.problems.empty());
            add(list);
        }
    }
    add(operators);
    if (!patterns_.compile()) {
        throw std::runtime_error{"Together the patterns need more than " +
                                 std::to_string(patterns_bytes_max >> 20U) + " MiB of memory."};
    }
}

void filter::add(const rule_list& list) {
    for (const rule& one : list.rules) {
        const auto number = static_cast<std::uint32_t>(rules_.size());
        rules_.push_back({one.action, one.for_nicknames});
        if (one.pattern) {
            patterns_.add(one.text, number);
        } else {
            words_.add(fold(one.text), number);
        }
    }
}

// What counts for the subject, without what lies within something that passes.
std::vector<hit> filter::found_in(const std::vector<letter>& letters, subject of) const {
    std::vector<hit> hits;
    words_.find(letters, hits);
    patterns_.find(letters, hits);
    if (of != subject::nickname) {
        std::erase_if(hits, [this](const hit& one) { return rules_[one.rule].for_nicknames; });
    }
    const auto passing = std::partition(hits.begin(), hits.end(), [this](const hit& one) {
        return rules_[one.rule].action != rule_action::pass;
    });
    const std::vector<hit> passes(passing, hits.end());
    hits.erase(passing, hits.end());
    if (!passes.empty()) {
        std::erase_if(hits, [&passes](const hit& one) {
            return std::ranges::any_of(passes, [&one](const hit& pass) {
                return pass.begin <= one.begin && one.end <= pass.end;
            });
        });
    }
    return hits;
}

verdict filter::judge(std::string_view text, subject of) const {
    const std::vector<letter> letters = fold(text);
    std::vector<hit> hits = found_in(letters, of);
    verdict found;
    if (hits.empty()) {
        return found;
    }
    auto strictest = rule_action::flag;
    for (const hit& one : hits) {
        const rule_action action = rules_[one.rule].action;
        strictest = std::max(strictest, action);
        found.flagged = found.flagged || action == rule_action::flag || of == subject::note;
    }
    if (of == subject::note || strictest == rule_action::flag) {
        return found;
    }
    if (strictest == rule_action::reject || of == subject::nickname) {
        found.what = decision::reject;
        return found;
    }
    std::erase_if(hits,
                  [this](const hit& one) { return rules_[one.rule].action != rule_action::mask; });
    found.what = decision::mask;
    found.masked = masked(text, letters, hits);
    return found;
}

}  // namespace onechat::platform
