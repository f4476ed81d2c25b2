#include "server/lobby/partings.hpp"

#include <algorithm>
#include <functional>

namespace onechat::lobby {

partings::partings(std::chrono::milliseconds remembered, std::size_t count_max)
    : remembered_{remembered}, count_max_{count_max} {}

std::size_t partings::couple_hash::operator()(const couple& of) const noexcept {
    const auto low = static_cast<std::uint64_t>(of.low);
    const auto high = static_cast<std::uint64_t>(of.high);
    return std::hash<std::uint64_t>{}((low * 0x9e3779b97f4a7c15U) ^ (high + (low >> 7U)));
}

partings::couple partings::ordered(user_id one, user_id other) {
    return one < other ? couple{one, other} : couple{other, one};
}

void partings::note(user_id one, user_id other, time_point when) {
    const couple who = ordered(one, other);
    auto [at, fresh] = times_.try_emplace(who, when);
    if (!fresh) {
        at->second = std::max(at->second, when);
    }
    order_.push_back({who, when});
    while (order_.size() > count_max_) {
        forget_oldest();
    }
}

bool partings::recent(user_id one, user_id other) const {
    return times_.contains(ordered(one, other));
}

void partings::forget(time_point now) {
    while (!order_.empty() && order_.front().when + remembered_ <= now) {
        forget_oldest();
    }
}

void partings::forget_oldest() {
    const parting oldest = order_.front();
    order_.pop_front();
    const auto at = times_.find(oldest.who);
    if (at != times_.end() && at->second <= oldest.when) {
        times_.erase(at);
    }
}

}  // namespace onechat::lobby
