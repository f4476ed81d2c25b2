#include "server/retention.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace onechat {
namespace {

// A step is a few milliseconds of the storage thread: small enough to be no one's wait.
constexpr std::chrono::milliseconds purge_pause{100};
constexpr std::chrono::seconds idle_pause{1};

// Those who parted are not paired again for a while, over a restart as well: their chats are still
// needed for that.
constexpr std::chrono::milliseconds chats_kept_min = 2 * protocol::limits::parted_time;

}  // namespace

retention::retention(const user_limits& limits, const ban_policy& bans)
    : keep_texts_{limits.keep_texts},
      keep_access_{limits.keep_access.value_or(std::chrono::milliseconds{0})},
      ban_memory_{bans.memory} {}

std::optional<storage::purge> retention::next_purge(time_point now, storage::unix_ms at) {
    if (purging_ || now < purge_due_) {
        return std::nullopt;
    }
    purging_ = true;
    purge_due_ = now + idle_pause;
    storage::purge step;
    step.now = at;
    step.bans_before = at - ban_memory_.count();
    return step;
}

void retention::purged(storage::purge&& step, bool done, time_point now) {
    purging_ = false;
    if (!done) {
        return;
    }
    std::ranges::move(step.completed, std::back_inserter(completed_));
    if (step.more) {
        purge_due_ = now + purge_pause;
    }
}

std::optional<storage::cut_records> retention::next_cut(time_point now, storage::unix_ms at) {
    const bool for_ever = keep_texts_.count() == 0 && keep_access_.count() == 0;
    if (for_ever || cutting_since_ || now < cut_due_) {
        return std::nullopt;
    }
    cutting_since_ = now;
    storage::cut_records step;
    step.now = at;
    if (keep_texts_.count() > 0) {
        step.before = at - keep_texts_.count();
        step.chats_before = at - std::max(keep_texts_, chats_kept_min).count();
    }
    if (keep_access_.count() > 0) {
        step.access_before = at - keep_access_.count();
    }
    step.rows_max = cut_size_.rows();
    return step;
}

void retention::cut(const storage::cut_records& step, bool done, time_point now) {
    const auto took = now - *std::exchange(cutting_since_, std::nullopt);
    cut_due_ = now + idle_pause;
    behind_ = done && step.more;
    if (behind_) {
        cut_due_ = now + cut_size_.rest_after(took);
    }
}

std::vector<std::string> retention::take_completed() {
    return std::exchange(completed_, {});
}

}  // namespace onechat
