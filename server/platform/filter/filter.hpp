// The local filter: what the rules of the built-in set and of the operator say of a text, a
// nickname or a report's note, in microseconds and without asking anybody. Not the order of
// moderators, and not what follows from a verdict. Immutable once made, a reload makes another one:
// any thread.
#pragma once

#include "server/platform/filter/pattern_set.hpp"
#include "server/platform/filter/rules.hpp"
#include "server/platform/filter/word_tree.hpp"
#include "server/platform/verdict.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace onechat::platform {

enum class subject : std::uint8_t {
    text,
    nickname,  // is never masked: what would be is rejected, and it has rules of its own
    note,      // is for the operator's eyes: flagged at most
};

class filter {
public:
    // The built-in set and these; throws std::runtime_error when they need too much memory.
    // REQUIRES: there are no problems in them.
    explicit filter(const rule_list& operators = {});

    // A mask replaces each code point of what was found by `*`, so that the number of code points
    // stays; also what is invisible in between. The text is one that the codec let pass; of
    // anything else each byte that is no UTF-8 counts as a symbol.
    [[nodiscard]] verdict judge(std::string_view text, subject of = subject::text) const;

    [[nodiscard]] std::size_t rule_count() const { return rules_.size(); }

private:
    struct outcome {
        rule_action action;
        bool for_nicknames;
    };
    struct finding {
        hit where;
        rule_action action;  // flag, mask or reject
    };

    void add(const rule_list& list);
    [[nodiscard]] std::vector<hit> take(rule_action action, std::vector<hit>& hits) const;
    [[nodiscard]] std::vector<finding> found_in(const folded_text& letters, subject of) const;

    std::vector<outcome> rules_;
    word_tree words_;
    pattern_set patterns_;
};

}  // namespace onechat::platform
