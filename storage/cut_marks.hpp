// What a pair's marks become when retention cuts its texts up to a seq: they go on telling which
// texts were accepted, but no longer what those had said. Pure; any thread.
#pragma once

#include "storage/rows.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace onechat::storage {

struct kept_marks {
    std::uint64_t seq = 0;  // texts behind have none yet
    std::array<std::vector<cid_mark>, 2> of;
};

// How many a side has: protocol.md, "Delivery".
inline constexpr std::size_t marks_per_side_max = 64;

// `texts` are those that are cut, ascending, as marks. False when nothing has changed.
[[nodiscard]] inline bool forget_texts(kept_marks& kept,
                                       std::array<std::vector<cid_mark>, 2>&& texts,
                                       std::uint64_t up_to) {
    bool changed = false;
    for (std::size_t side = 0; side < texts.size(); ++side) {
        auto& marks = kept.of[side];
        for (cid_mark& mark : marks) {
            if (mark.seq <= up_to && std::exchange(mark.digest, 0) != 0) {
                changed = true;
            }
        }
        for (cid_mark& text : texts[side]) {
            if (text.seq > kept.seq) {
                marks.push_back(text);
                changed = true;
            }
        }
        std::ranges::stable_sort(marks, {}, &cid_mark::cid);
        if (marks.size() > marks_per_side_max) {
            marks.erase(marks.begin(),
                        marks.end() - static_cast<std::ptrdiff_t>(marks_per_side_max));
        }
    }
    kept.seq = std::max(kept.seq, up_to);
    return changed;
}

}  // namespace onechat::storage
