#include "server/config/spelling.hpp"

#include <algorithm>
#include <utility>

namespace onechat {

std::size_t slips_between(std::string_view one, std::string_view other) {
    // Three rows of the table of all prefixes: a swap looks two rows back.
    std::vector<std::size_t> before(other.size() + 1);
    std::vector<std::size_t> above(other.size() + 1);
    std::vector<std::size_t> row(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= one.size(); ++i) {
        std::swap(before, above);
        std::swap(above, row);
        row[0] = i;
        for (std::size_t j = 1; j <= other.size(); ++j) {
            const std::size_t changed = one[i - 1] == other[j - 1] ? 0 : 1;
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + changed});
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
    }
    return row[other.size()];
}

std::string_view nearest(std::string_view word, const std::vector<std::string>& candidates) {
    constexpr std::size_t word_max = 64;  // nothing longer is near, and the table stays small
    std::string_view best;
    std::size_t fewest = word_max;
    for (const std::string& candidate : candidates) {
        if (word.size() > word_max) {
            break;
        }
        const std::size_t slips = slips_between(word, candidate);
        if (slips < fewest && slips <= std::max<std::size_t>(candidate.size() / 4, 1)) {
            best = candidate;
            fewest = slips;
        }
    }
    return best;
}

}  // namespace onechat
