// The word that somebody probably meant. Not a dictionary: it chooses among words that exist. Pure
// functions: any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace onechat {

// How many letters must be changed, added, left out or swapped with their neighbour (the "optimal
// string alignment" distance).
[[nodiscard]] std::size_t slips_between(std::string_view one, std::string_view other);

// The candidate with the fewest slips, at most one for each four of its letters; empty when all are
// further away. It views the candidates.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       const std::vector<std::string>& candidates);

}  // namespace onechat
