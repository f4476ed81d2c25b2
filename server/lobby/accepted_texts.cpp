#include "server/lobby/accepted_texts.hpp"

#include <cassert>

namespace onechat::lobby {

const accepted_texts::mark& accepted_texts::newest() const {
    return nth(marks_.size() - 1);
}

const accepted_texts::mark* accepted_texts::find(std::uint64_t cid) const {
    if (cid > last_cid()) {
        return nullptr;  // as nearly always
    }
    std::size_t low = 0;
    std::size_t high = marks_.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (nth(middle).cid < cid) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < marks_.size() && nth(low).cid == cid ? &nth(low) : nullptr;
}

void accepted_texts::accept(mark accepted) {
    assert(accepted.cid > last_cid());
    if (marks_.size() < marks_max) {
        marks_.push_back(accepted);
        return;
    }
    marks_[start_] = accepted;
    start_ = (start_ + 1) % marks_max;
}

std::vector<accepted_texts::mark> accepted_texts::marks() const {
    std::vector<mark> all;
    all.reserve(marks_.size());
    for (std::size_t n = 0; n < marks_.size(); ++n) {
        all.push_back(nth(n));
    }
    return all;
}

}  // namespace onechat::lobby
