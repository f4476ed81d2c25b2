// A moderator that says of each text what the test has put down for it.
#pragma once

#include "server/lobby/moderation.hpp"

#include <map>
#include <string>
#include <vector>

namespace onechat::test {

struct canned_moderator final : lobby::moderator {
    lobby::ruling judge(const lobby::utterance& said, lobby::moment) override {
        asked.emplace_back(said.words);
        was_first.push_back(said.first);
        const auto known = rulings.find(std::string{said.words});
        return known == rulings.end() ? otherwise : known->second;
    }

    static lobby::ruling looked_at(lobby::ruling::look when) {
        lobby::ruling made;
        made.outside = when;
        return made;
    }
    static lobby::ruling masked(std::string as) {
        lobby::ruling made;
        made.is = lobby::ruling::decision::mask;
        made.shown = std::move(as);
        return made;
    }
    static lobby::ruling rejected() { return {.is = lobby::ruling::decision::reject, .shown = {}}; }
    static lobby::ruling busy() { return {.is = lobby::ruling::decision::busy, .shown = {}}; }

    std::map<std::string, lobby::ruling> rulings;
    lobby::ruling otherwise;  // passes
    std::vector<std::string> asked;
    std::vector<bool> was_first;
};

constexpr lobby::opinion passes{lobby::opinion::decision::pass, false};
constexpr lobby::opinion rejects{lobby::opinion::decision::reject, false};
constexpr lobby::opinion fails{lobby::opinion::decision::none, false};

}  // namespace onechat::test
