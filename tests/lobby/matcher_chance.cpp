// Over many rounds: who is drawn how often, and what holds after every round.
#include "server/lobby/matcher.hpp"
#include "tests/lobby/pools.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/seeded_random.hpp"

#include <chrono>
#include <map>
#include <set>

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using namespace std::chrono_literals;

namespace {

const partings nobody_parted{30min};
constexpr int rounds = 20'000;

// How often person 1, who waits longest, meets each of the others.
std::map<int, int> draws_of_first(const pool& waiting, const partings& parted = nobody_parted) {
    seeded_random random{20'260'101};
    std::map<int, int> drawn;
    for (int n = 0; n < rounds; ++n) {
        ++drawn[meetings(waiting, parted, random).front().second];
    }
    return drawn;
}

// Chi-square against a uniform draw among `expected`; nobody else may occur at all.
double unevenness(const std::map<int, int>& drawn, const std::set<int>& expected) {
    for (const auto& [who, times] : drawn) {
        INFO("person " << who << " was drawn " << times << " times");
        CHECK(expected.contains(who));
    }
    const double even = static_cast<double>(rounds) / static_cast<double>(expected.size());
    double sum = 0;
    for (const int who : expected) {
        const auto found = drawn.find(who);
        const double off = (found == drawn.end() ? 0 : found->second) - even;
        sum += off * off / even;
    }
    return sum;
}

// Exceeded once in 100,000 by a fair draw (Wilson-Hilferty); the seed is fixed, so always or never.
double bound(std::size_t choices) {
    const double freedom = static_cast<double>(choices - 1);
    const double root = 1 - 2 / (9 * freedom) + 4.265 * std::sqrt(2 / (9 * freedom));
    return freedom * root * root * root;
}

void check_even(const pool& waiting, const std::set<int>& expected,
                const partings& parted = nobody_parted) {
    CHECK(unevenness(draws_of_first(waiting, parted), expected) < bound(expected.size()));
}

std::set<int> from_to(int first, int last) {
    std::set<int> all;
    for (int n = first; n <= last; ++n) {
        all.insert(n);
    }
    return all;
}

// The contract's "Matching" once more, as literally as can be.
bool would_meet(const pool::someone& one, const pool::someone& two, const partings& parted) {
    const auto blocks = [](const pool::someone& who, const pool::someone& whom) {
        return std::ranges::find(who.blocked, whom.person) != who.blocked.end();
    };
    if (one.number == two.number || blocks(one, two) || blocks(two, one)) {
        return false;
    }
    bool common = false;
    for (const topic_id topic : one.topics) {
        common = common || std::ranges::find(two.topics, topic) != two.topics.end();
    }
    const bool both_named = !one.topics.empty() && !two.topics.empty();
    const bool recent =
        parted.recent(static_cast<user_id>(one.number), static_cast<user_id>(two.number));
    const auto accepts = [&](int tier) {
        return (tier >= 1 || common || !both_named) && (tier >= 2 || !recent);
    };
    return accepts(one.tier) && accepts(two.tier);
}

bool have_common_topic(const pool::someone& one, const pool::someone& two) {
    return std::ranges::find_first_of(one.topics, two.topics) != one.topics.end();
}

struct crowd {
    pool waiting;
    partings parted{30min};
};

crowd random_crowd(seeded_random& random) {
    crowd made;
    const int count = static_cast<int>(random.below(60));
    const auto topics = static_cast<int>(1 + random.below(12));
    const std::uint64_t tiers = 1 + random.below(3);
    for (int number = 1; number <= count; ++number) {
        auto& one = made.waiting.add(number, static_cast<int>(random.below(tiers)));
        for (int topic = 0; topic < topics; ++topic) {
            if (random.one_in(4) && one.topics.size() < 8) {
                one.topics.push_back(static_cast<topic_id>(topic));
            }
        }
    }
    const auto somebody = [&] {
        return 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(count)));
    };
    for (std::uint64_t n = count == 0 ? 0 : random.below(300); n > 0; --n) {
        made.waiting.block(somebody(), somebody());
        made.parted.note(static_cast<user_id>(somebody()), static_cast<user_id>(somebody()), {});
    }
    return made;
}

}  // namespace

TEST_CASE("a partner is drawn evenly among all when no topic is named") {
    pool waiting;
    for (int number = 1; number <= 11; ++number) {
        waiting.add(number, 0);
    }

    check_even(waiting, from_to(2, 11));
}

TEST_CASE("whoever shares several topics is not drawn more often") {
    pool waiting;
    waiting.add(1, 0, topic_list({0, 1, 2, 3, 4, 5, 6, 7}));
    waiting.add(2, 0, topic_list({0, 1, 2, 3, 4, 5, 6, 7}));
    waiting.add(3, 0, topic_list({0, 1, 2, 3}));
    waiting.add(4, 0, topic_list({4, 5, 9}));
    waiting.add(5, 0, topic_list({7}));
    waiting.add(6, 0, topic_list({7, 9}));
    waiting.add(7, 0, topic_list({9}));
    waiting.add(8, 0);

    check_even(waiting, from_to(2, 6));
}

TEST_CASE("without a shared topic the draw is even over all who are willing") {
    pool waiting;
    waiting.add(1, 1, topic_list({0}));
    waiting.add(2, 0);
    waiting.add(3, 1);
    waiting.add(4, 1, topic_list({1}));
    waiting.add(5, 2, topic_list({2, 3}));
    waiting.add(6, 0, topic_list({1}));
    waiting.add(7, 2, topic_list({4, 5, 6}));

    check_even(waiting, {2, 3, 4, 5, 7});
}

TEST_CASE("the draw is even when most people are unwilling") {
    pool waiting;
    waiting.add(1, 0, topic_list({0, 1, 2}));
    for (int number = 2; number <= 60; ++number) {
        waiting.add(number, 0, number % 3 == 0 ? topic_list({0, 1, 2}) : topic_list({number % 3}));
        if (number % 5 != 0) {
            waiting.block(number, 1);
        }
    }

    check_even(waiting, {5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60});
}

TEST_CASE("recent partners do not tilt the draw among the others") {
    pool waiting;
    partings parted{30min};
    for (int number = 1; number <= 9; ++number) {
        waiting.add(number, 1);
        if (number % 2 == 0) {
            parted.note(user_id{1}, static_cast<user_id>(number), {});
        }
    }

    check_even(waiting, {3, 5, 7, 9}, parted);
}

TEST_CASE("the second in line draws evenly as well") {
    pool waiting;
    waiting.add(1, 0, topic_list({0}));
    waiting.add(2, 0, topic_list({1, 2}));
    waiting.add(3, 0, topic_list({0, 1}));
    waiting.add(4, 0, topic_list({0, 1, 2}));
    waiting.add(5, 0, topic_list({0, 2}));
    seeded_random random{99};
    std::map<int, int> drawn;

    for (int n = 0; n < rounds; ++n) {
        ++drawn[meetings(waiting, nobody_parted, random).at(1).second];
    }

    CHECK(unevenness(drawn, {3, 4, 5}) < bound(3));
}

TEST_CASE("after any round no two who are left would meet, and nobody is in two pairs") {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        INFO("seed " << seed);
        seeded_random random{seed};
        const crowd made = random_crowd(random);
        const auto& people = made.waiting.people();

        const auto pairs = match_round(made.waiting.waiting(), made.parted, random);

        std::set<std::size_t> left;
        for (std::size_t n = 0; n < people.size(); ++n) {
            left.insert(n);
        }
        std::size_t last = 0;
        for (const auto& [one, two] : pairs) {
            REQUIRE(one < two);
            REQUIRE((one >= last));  // the longest waiting is served first
            last = one;
            REQUIRE(left.erase(one) == 1);
            REQUIRE(would_meet(people[one], people[two], made.parted));
            const bool better_left =
                !have_common_topic(people[one], people[two]) &&
                std::ranges::any_of(left, [&, first = one](std::size_t other) {
                    return have_common_topic(people[first], people[other]) &&
                           would_meet(people[first], people[other], made.parted);
                });
            REQUIRE_FALSE(better_left);
            REQUIRE(left.erase(two) == 1);
        }
        const bool two_willing_left = std::ranges::any_of(left, [&](std::size_t one) {
            return std::ranges::any_of(left, [&](std::size_t two) {
                return would_meet(people[one], people[two], made.parted);
            });
        });
        REQUIRE_FALSE(two_willing_left);
    }
}
