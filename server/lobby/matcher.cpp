#include "server/lobby/matcher.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <utility>

namespace onechat::lobby {
namespace {

using position = std::uint32_t;

bool blocks(const candidate& one, const candidate& two) {
    return std::ranges::binary_search(one.blocked, *two.person);
}

// How many of one's topics the other named as well.
std::size_t topics_shared(const candidate& one, const candidate& two) {
    return static_cast<std::size_t>(std::ranges::count_if(one.topics, [&](topic_id topic) {
        return std::ranges::find(two.topics, topic) != two.topics.end();
    }));
}

bool accepts_topics(const candidate& one, const candidate& two) {
    return one.any_topic || one.topics.empty() || two.topics.empty() || share_topic(one, two);
}

// People drawn from at random. Those already taken are swapped out when they are met, so each costs
// its removal once, and a draw stays uniform among the rest.
class bucket {
public:
    void add(position who) { people_.push_back(who); }
    [[nodiscard]] std::size_t size() const { return people_.size(); }
    [[nodiscard]] position at(std::size_t slot) const { return people_[slot]; }
    [[nodiscard]] std::span<const position> people() const { return people_; }
    void drop(std::size_t slot) {
        people_[slot] = people_.back();
        people_.pop_back();
    }

private:
    std::vector<position> people_;
};

// Draws tried before all candidates are looked at one by one. A pool where most people are willing
// needs one or two; the look through all is what makes the round complete.
constexpr int draws_max = 12;

class round {
public:
    round(std::span<const candidate> waiting, const partings& parted, random_source& random)
        : waiting_{waiting}, parted_{parted}, random_{random}, taken_(waiting.size(), false) {
        for (position who = 0; who < waiting.size(); ++who) {
            const candidate& one = waiting[who];
            everyone_.add(who);
            if (one.topics.empty()) {
                topicless_.add(who);
            } else if (one.any_topic) {
                relaxed_.add(who);
            }
            for (const topic_id topic : one.topics) {
                by_topic_[topic].add(who);
            }
        }
    }

    std::vector<pairing> pairings() {
        std::vector<pairing> found;
        for (position one = 0; one < waiting_.size(); ++one) {
            if (taken_[one]) {
                continue;
            }
            // Whoever finds nobody now finds nobody later: the others only become fewer.
            taken_[one] = true;
            if (const auto two = partner_of(waiting_[one])) {
                taken_[*two] = true;
                found.push_back({one, *two});
            }
        }
        return found;
    }

private:
    std::optional<position> partner_of(const candidate& one) {
        if (one.topics.empty()) {
            sources_.assign(1, &everyone_);
            return draw(one, false);
        }
        sources_.clear();
        for (const topic_id topic : one.topics) {
            sources_.push_back(&by_topic_[topic]);
        }
        if (const auto two = draw(one, true)) {
            return two;
        }
        sources_.assign(1, &topicless_);
        if (one.any_topic) {
            sources_.push_back(&relaxed_);
        }
        return draw(one, false);
    }

    // Uniform among the willing people of the sources, or nobody. With `overlapping` sources a
    // person may stand in several and is then drawn as often; the surplus draws are thrown away.
    std::optional<position> draw(const candidate& one, bool overlapping) {
        for (int tries = 0; tries < draws_max;) {
            std::size_t total = 0;
            for (const bucket* source : sources_) {
                total += source->size();
            }
            if (total == 0) {
                return std::nullopt;
            }
            auto [source, slot] = locate(random_.below(total));
            const position who = source->at(slot);
            if (taken_[who]) {
                source->drop(slot);
                continue;
            }
            ++tries;
            if (!willing(one, waiting_[who], parted_)) {
                continue;
            }
            const std::size_t copies = overlapping ? topics_shared(one, waiting_[who]) : 1;
            if (copies <= 1 || random_.below(copies) == 0) {
                return who;
            }
        }
        return look_through(one);
    }

    std::pair<bucket*, std::size_t> locate(std::uint64_t slot) {
        for (bucket* source : sources_) {
            if (slot < source->size()) {
                return {source, slot};
            }
            slot -= source->size();
        }
        assert(false && "a slot lies within the sources");
        return {};
    }

    std::optional<position> look_through(const candidate& one) {
        found_.clear();
        for (const bucket* source : sources_) {
            for (const position who : source->people()) {
                if (!taken_[who] && willing(one, waiting_[who], parted_)) {
                    found_.push_back(who);
                }
            }
        }
        std::ranges::sort(found_);
        found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
        if (found_.empty()) {
            return std::nullopt;
        }
        return found_[random_.below(found_.size())];
    }

    std::span<const candidate> waiting_;
    const partings& parted_;
    random_source& random_;
    std::vector<bool> taken_;
    bucket everyone_;
    bucket topicless_;
    bucket relaxed_;  // named topics, and would meet people of others by now
    std::unordered_map<topic_id, bucket> by_topic_;
    std::vector<bucket*> sources_;
    std::vector<position> found_;
};

}  // namespace

bool share_topic(const candidate& one, const candidate& two) {
    return topics_shared(one, two) > 0;
}

bool willing(const candidate& one, const candidate& two, const partings& parted) {
    if (one.user == two.user || blocks(one, two) || blocks(two, one)) {
        return false;
    }
    if (!accepts_topics(one, two) || !accepts_topics(two, one)) {
        return false;
    }
    return (one.recent_partner && two.recent_partner) || !parted.recent(one.user, two.user);
}

std::vector<pairing> match_round(std::span<const candidate> waiting, const partings& parted,
                                 random_source& random) {
    return round{waiting, parted, random}.pairings();
}

}  // namespace onechat::lobby
