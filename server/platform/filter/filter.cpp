#include "server/platform/filter/filter.hpp"

#include "server/platform/filter/built_in.hpp"
#include "server/platform/filter/folding.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <iterator>
#include <stdexcept>

namespace onechat::platform {
namespace {

// As many code points as the text has, those of the findings replaced.
template <class Findings>
std::string masked(std::string_view text, const folded_text& letters, const Findings& findings) {
    std::vector<bool> hidden(text.size());
    for (const auto& [where, action] : findings) {
        const auto begin = letters[where.begin].begin;
        const auto end = letters[where.end - 1].end;
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

bool lies_within(const hit& one, const hit& other) {
    return other.begin <= one.begin && one.end <= other.end;
}

bool is_latin(const letter& one) {
    return one.kind == letter_kind::latin || one.kind == letter_kind::digit;
}

// Whether a sentence may end between the edge of what was found and what the text has beyond it,
// nearest first. Latin words have a blank between them in any sentence.
template <class Iterator>
bool ends_sentence(const letter& edge, Iterator beyond, Iterator end) {
    constexpr std::u32string_view stops = U"\n,.!?;:。！？…";
    bool stopped = false;
    for (; beyond != end; ++beyond) {
        if (!separates(beyond->kind)) {
            return stopped || (!is_latin(edge) && is_latin(*beyond));
        }
        stopped = stopped || !is_latin(edge) || stops.find(beyond->code) != stops.npos;
    }
    return true;
}

bool is_sentence(const folded_text& letters, const hit& one) {
    const auto first = letters.begin() + static_cast<std::ptrdiff_t>(one.begin);
    const auto behind = letters.begin() + static_cast<std::ptrdiff_t>(one.end);
    return ends_sentence(*first, std::make_reverse_iterator(first),
                         std::make_reverse_iterator(letters.begin())) &&
           ends_sentence(*(behind - 1), behind, letters.end());
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

// Those of the action, which are then none of the hits any more.
std::vector<hit> filter::take(rule_action action, std::vector<hit>& hits) const {
    const auto taken = std::partition(hits.begin(), hits.end(), [this, action](const hit& one) {
        return rules_[one.rule].action != action;
    });
    std::vector<hit> all(taken, hits.end());
    hits.erase(taken, hits.end());
    return all;
}

// What counts for the subject, without what lies within something that passes.
std::vector<filter::finding> filter::found_in(const folded_text& letters, subject of) const {
    std::vector<hit> hits;
    words_.find(letters, hits);
    patterns_.find(letters, hits);
    if (of != subject::nickname) {
        std::erase_if(hits, [this](const hit& one) { return rules_[one.rule].for_nicknames; });
    }
    const std::vector<hit> passing = take(rule_action::pass, hits);
    const std::vector<hit> telling = take(rule_action::tell, hits);
    std::vector<finding> found;
    for (const hit& one : hits) {
        const auto around = [&one](const hit& other) { return lies_within(one, other); };
        if (std::ranges::any_of(passing, around)) {
            continue;
        }
        rule_action action = rules_[one.rule].action;
        if (action == rule_action::offer) {
            if (!is_sentence(letters, one)) {
                continue;
            }
            const auto beside = [&one](const hit& other) { return !lies_within(other, one); };
            action = std::ranges::any_of(telling, beside) ? rule_action::flag : rule_action::reject;
        }
        found.push_back({one, action});
    }
    return found;
}

verdict filter::judge(std::string_view text, subject of) const {
    if (rules_.empty()) {
        return {};
    }
    const folded_text letters = fold(text);
    std::vector<finding> all = found_in(letters, of);
    verdict found;
    if (all.empty()) {
        return found;
    }
    auto strictest = rule_action::flag;
    for (const finding& one : all) {
        strictest = std::max(strictest, one.action);
        found.flagged = found.flagged || one.action == rule_action::flag || of == subject::note;
    }
    if (of == subject::note || strictest == rule_action::flag) {
        return found;
    }
    if (strictest == rule_action::reject || of == subject::nickname) {
        found.what = decision::reject;
        return found;
    }
    std::erase_if(all, [](const finding& one) { return one.action != rule_action::mask; });
    found.what = decision::mask;
    found.masked = masked(text, letters, all);
    return found;
}

}  // namespace onechat::platform
