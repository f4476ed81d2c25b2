// The looks from outside that somebody in the lobby waits for: whose they are and how long they
// have. An answer to any other is nobody's here. Time is an argument; loop thread.
#pragma once

#include "server/lobby/ids.hpp"
#include "server/lobby/moderation.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

namespace onechat::lobby {

class reviews {
public:
    using time_point = std::chrono::steady_clock::time_point;

    // Who waits: a text in the chat of a pair, or else the search of a user for its nickname.
    struct place {
        std::optional<pair_id> pair;
        user_id user{};
    };

    // What waits does so for `wait_max`.
    explicit reviews(std::chrono::milliseconds wait_max) : wait_max_{wait_max} {}

    // A number for a look that nobody waits for.
    [[nodiscard]] review_id number() { return review_id{++last_}; }

    [[nodiscard]] review_id begin(place of, time_point now) {
        const review_id id = number();
        waiting_.emplace(id, of);
        due_.emplace_back(now + wait_max_, id);
        return id;
    }

    // Who waited for it; nothing when it is too late.
    [[nodiscard]] std::optional<place> end(review_id id) {
        const auto found = waiting_.extract(id);
        return found ? std::optional{found.mapped()} : std::nullopt;
    }

    // One whose time is over, which goes on waiting until it is ended.
    [[nodiscard]] std::optional<review_id> overdue(time_point now) {
        while (!due_.empty() && due_.front().first <= now) {
            const review_id id = due_.front().second;
            due_.pop_front();
            if (waiting_.contains(id)) {
                return id;
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] std::size_t waiting_count() const { return waiting_.size(); }

private:
    std::chrono::milliseconds wait_max_;
    std::unordered_map<review_id, place> waiting_;
    // All have the same time, so they are in order. Those answered before stay in it until then.
    std::deque<std::pair<time_point, review_id>> due_;
    std::uint64_t last_ = 0;
};

}  // namespace onechat::lobby
