// How a stranger appears: a two-part alias and one of the built-in avatars, drawn at random when a
// pair is made and kept with it. Says nothing of the person behind it. Loop thread.
#pragma once

#include "server/lobby/random_source.hpp"

#include <string>
#include <utility>

namespace onechat::lobby {

struct appearance {
    std::string alias;
    std::string avatar;  // one of protocol's built-in avatar ids
};

// Two appearances that can be told apart: neither alias nor avatar is the same.
[[nodiscard]] std::pair<appearance, appearance> draw_appearances(random_source& random);

}  // namespace onechat::lobby
