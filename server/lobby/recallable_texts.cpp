#include "server/lobby/recallable_texts.hpp"

#include "protocol/limits.hpp"

#include <algorithm>

namespace onechat::lobby {

namespace {

constexpr std::chrono::nanoseconds recall_time = protocol::limits::recall_time;

}  // namespace

void recallable_texts::said(std::uint64_t seq, time_point when) {
    // Looked through only where the vector would grow otherwise, so that most texts just go in.
    if (texts_.size() == texts_.capacity()) {
        const auto young = std::ranges::find_if(
            texts_, [&](const text& one) { return when - one.when <= recall_time; });
        texts_.erase(texts_.begin(), young);
    }
    if (texts_.size() == 2 * texts_max) {
        texts_.erase(texts_.begin(), texts_.end() - texts_max);
    }
    texts_.push_back({seq, when});
}

bool recallable_texts::take(std::uint64_t seq, time_point now) {
    const auto found = std::ranges::find(texts_, seq, &text::seq);
    if (found == texts_.end() || now - found->when > recall_time) {
        return false;
    }
    texts_.erase(found);
    return true;
}

}  // namespace onechat::lobby
