// People who wait, for the tests of the matcher: owns what a candidate only points to.
#pragma once

#include "server/lobby/matcher.hpp"

#include <algorithm>
#include <deque>
#include <utility>
#include <vector>

namespace onechat::test {

inline lobby::person_key person_of(int number) {
    lobby::person_key key{};
    key[0] = static_cast<std::uint8_t>(number);
    key[1] = static_cast<std::uint8_t>(number >> 8);
    return key;
}

inline std::vector<lobby::topic_id> topic_list(std::initializer_list<int> numbers) {
    std::vector<lobby::topic_id> list;
    for (const int number : numbers) {
        list.push_back(static_cast<lobby::topic_id>(number));
    }
    return list;
}

// In the order of waiting: whoever is added first waits longest. Person n is user n.
class pool {
public:
    struct someone {
        int number = 0;
        int tier = 0;
        std::vector<lobby::topic_id> topics{};
        std::vector<lobby::person_key> blocked{};
        lobby::person_key person{};
    };

    someone& add(int number, int tier, std::vector<lobby::topic_id> topics = {}) {
        people_.push_back({number, tier, std::move(topics), {}, person_of(number)});
        return people_.back();
    }
    void block(int who, int whom) {
        auto& blocked = find(who).blocked;
        blocked.push_back(person_of(whom));
        std::ranges::sort(blocked);
    }

    [[nodiscard]] const std::deque<someone>& people() const { return people_; }
    [[nodiscard]] std::vector<lobby::candidate> waiting() const {
        std::vector<lobby::candidate> all;
        for (const someone& one : people_) {
            all.push_back({static_cast<lobby::user_id>(one.number), one.topics, one.tier >= 1,
                           one.tier >= 2, &one.person, one.blocked});
        }
        return all;
    }

private:
    someone& find(int number) { return *std::ranges::find(people_, number, &someone::number); }

    std::deque<someone> people_;
};

// Whom a round pairs, by number; the longer waiting one first.
inline std::vector<std::pair<int, int>> meetings(const pool& of, const lobby::partings& parted,
                                                 lobby::random_source& random) {
    std::vector<std::pair<int, int>> met;
    for (const auto& [one, two] : lobby::match_round(of.waiting(), parted, random)) {
        met.emplace_back(of.people()[one].number, of.people()[two].number);
    }
    return met;
}

}  // namespace onechat::test
