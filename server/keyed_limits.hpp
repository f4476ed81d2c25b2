// A rate limit for each of many: users, addresses. Whoever rests for long enough is forgotten, and
// there is an end to how many are remembered. Time is an argument; loop thread.
#pragma once

#include "server/lobby/rate_limit.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <unordered_map>

namespace onechat {

template <class Key, class Hash = std::hash<Key>>
class keyed_limits {
public:
    using time_point = lobby::rate_limit::time_point;

    // When so many are remembered, those who come new wait until others have rested.
    static constexpr std::size_t keys_max = 100'000;

    // See lobby::rate_limit::take.
    [[nodiscard]] std::optional<std::chrono::milliseconds> take(const Key& who,
                                                                const lobby::rate& allowed,
                                                                time_point now) {
        auto found = limits_.find(who);
        if (found == limits_.end()) {
            if (limits_.size() >= keys_max) {
                return allowed.per;
            }
            found = limits_.try_emplace(who).first;
        }
        return found->second.take(allowed, now);
    }

    // For one that turned out not to count.
    void give_back(const Key& who, const lobby::rate& allowed) {
        if (const auto found = limits_.find(who); found != limits_.end()) {
            found->second.give_back(allowed);
        }
    }

    void forget_rested(time_point now) {
        std::erase_if(limits_, [&](const auto& one) { return one.second.rested(now); });
    }

    [[nodiscard]] std::size_t size() const { return limits_.size(); }

private:
    std::unordered_map<Key, lobby::rate_limit, Hash> limits_;
};

}  // namespace onechat
