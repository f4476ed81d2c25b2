// One round of matching: a pure function from who waits to who meets. The rules are those of the
// contract's "Matching". Not the pool itself (lobby keeps that) and without memory. Any thread.
#pragma once

#include "server/lobby/ids.hpp"
#include "server/lobby/partings.hpp"
#include "server/lobby/random_source.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace onechat::lobby {

// Someone eligible: has a live socket, isn't away, isn't engaged.
struct candidate {
    user_id user{};
    std::span<const topic_id> topics;     // empty: named none
    bool any_topic = false;               // waits long enough to meet people of other topics
    bool recent_partner = false;          // waits long enough to meet a recent partner again
    const person_key* person = nullptr;   // whom blocks name
    std::span<const person_key> blocked;  // sorted; whom this person blocks
};

// Two positions in the span that was matched; `one` waits longer.
struct pairing {
    std::size_t one = 0;
    std::size_t two = 0;
    bool operator==(const pairing&) const = default;
};

// Whether both sides accept each other: the hard rules and both tiers. Symmetric.
[[nodiscard]] bool willing(const candidate& one, const candidate& two, const partings& parted);

[[nodiscard]] bool share_topic(const candidate& one, const candidate& two);

// Pairs as many as are willing, the longest waiting first, each with a partner drawn uniformly from
// its best candidates: those sharing a topic if there are any and it named topics, else all willing
// ones. Afterwards no two who are left are willing. Requires `waiting` in the order of waiting,
// longest first, each user once.
[[nodiscard]] std::vector<pairing> match_round(std::span<const candidate> waiting,
                                               const partings& parted, random_source& random);

}  // namespace onechat::lobby
