#include "server/lobby/matcher.hpp"

#include "tests/lobby/pools.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_random.hpp"

#include <chrono>

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using namespace std::chrono_literals;

namespace {

using met = std::vector<std::pair<int, int>>;

const partings nobody_parted{30min};

partings parted(int one, int two) {
    partings remembered{30min};
    remembered.note(static_cast<user_id>(one), static_cast<user_id>(two), {});
    return remembered;
}

met round_of(const pool& waiting, const partings& remembered = nobody_parted) {
    scripted_random random;
    return meetings(waiting, remembered, random);
}

}  // namespace

TEST_CASE("two who named no topic meet at once") {
    pool waiting;
    waiting.add(1, 0);
    waiting.add(2, 0);

    const auto meet = round_of(waiting);

    CHECK(meet == met{{1, 2}});
}

TEST_CASE("nobody is paired alone") {
    pool waiting;
    waiting.add(1, 2);

    CHECK(round_of(waiting).empty());
    CHECK(round_of(pool{}).empty());
}

TEST_CASE("a user who stands in line twice does not meet themself") {
    pool waiting;
    waiting.add(7, 2);
    waiting.add(7, 2);

    CHECK(round_of(waiting).empty());
}

TEST_CASE("in tier 0 people of different topics do not meet, and people of the same one do") {
    pool strangers;
    strangers.add(1, 0, topic_list({0, 1}));
    strangers.add(2, 0, topic_list({2, 3}));
    pool fellows;
    fellows.add(1, 0, topic_list({0, 1}));
    fellows.add(2, 0, topic_list({2, 1}));

    CHECK(round_of(strangers).empty());
    CHECK(round_of(fellows) == met{{1, 2}});
}

TEST_CASE("whoever named no topic meets anybody in tier 0") {
    pool waiting;
    waiting.add(1, 0, topic_list({0}));
    waiting.add(2, 0);
    pool other_way;
    other_way.add(1, 0);
    other_way.add(2, 0, topic_list({0}));

    CHECK(round_of(waiting) == met{{1, 2}});
    CHECK(round_of(other_way) == met{{1, 2}});
}

TEST_CASE("people of different topics meet only when both have reached tier 1") {
    const auto tiers = [](int one, int two) {
        pool waiting;
        waiting.add(1, one, topic_list({0}));
        waiting.add(2, two, topic_list({1}));
        return round_of(waiting);
    };

    CHECK(tiers(0, 0).empty());
    CHECK(tiers(1, 0).empty());
    CHECK(tiers(0, 1).empty());
    CHECK(tiers(2, 0).empty());
    CHECK(tiers(1, 1) == met{{1, 2}});
    CHECK(tiers(2, 1) == met{{1, 2}});
}

TEST_CASE("recent partners meet only when both have reached tier 2") {
    const partings remembered = parted(1, 2);
    const auto tiers = [&](int one, int two) {
        pool waiting;
        waiting.add(1, one, topic_list({0}));
        waiting.add(2, two, topic_list({0}));
        return round_of(waiting, remembered);
    };

    CHECK(tiers(0, 0).empty());
    CHECK(tiers(1, 1).empty());
    CHECK(tiers(2, 1).empty());
    CHECK(tiers(1, 2).empty());
    CHECK(tiers(2, 0).empty());
    CHECK(tiers(2, 2) == met{{1, 2}});
}

TEST_CASE("a parting stands between those two only") {
    const partings remembered = parted(1, 2);
    pool waiting;
    waiting.add(1, 0);
    waiting.add(2, 0);
    waiting.add(3, 0);

    CHECK(round_of(waiting, remembered) == met{{1, 3}});
}

TEST_CASE("a block holds whichever side set it, whatever the tier") {
    pool blocking;
    blocking.add(1, 2);
    blocking.add(2, 2);
    blocking.block(1, 2);
    pool blocked;
    blocked.add(1, 2);
    blocked.add(2, 2);
    blocked.block(2, 1);

    CHECK(round_of(blocking).empty());
    CHECK(round_of(blocked).empty());
}

TEST_CASE("a block among many is found, and others are met") {
    pool waiting;
    waiting.add(1, 2);
    for (int number = 2; number <= 40; ++number) {
        waiting.add(number, 2);
        if (number != 33) {
            waiting.block(1, number);
        }
    }

    const auto meet = round_of(waiting);

    CHECK(meet.size() == 20);
    CHECK(meet.front() == std::pair{1, 33});
}

TEST_CASE("a rejected pair loses no ticket: both meet somebody else") {
    pool waiting;
    waiting.add(1, 0);
    waiting.add(2, 0);
    waiting.add(3, 0);
    waiting.add(4, 0);
    waiting.block(1, 2);

    const auto meet = round_of(waiting);

    REQUIRE(meet.size() == 2);
    CHECK(meet[0].first == 1);
    CHECK(meet[0].second != 2);
    CHECK(meet[1].first == 2);
}

TEST_CASE("somebody who shares a topic is preferred to somebody who waits longer") {
    pool waiting;
    waiting.add(1, 2, topic_list({5}));
    waiting.add(2, 2);
    waiting.add(3, 2, topic_list({4}));
    waiting.add(4, 0, topic_list({5, 6}));

    for (std::uint64_t chance = 0; chance < 6; ++chance) {
        scripted_random random{chance};
        const auto meet = meetings(waiting, nobody_parted, random);

        REQUIRE(meet.size() == 2);
        CHECK(meet[0] == std::pair{1, 4});
        CHECK(meet[1] == std::pair{2, 3});
    }
}

TEST_CASE("whoever shares a topic and is not willing does not keep others away") {
    pool waiting;
    waiting.add(1, 1, topic_list({5}));
    waiting.add(2, 1, topic_list({5}));
    waiting.add(3, 1, topic_list({6}));
    waiting.block(2, 1);

    CHECK(round_of(waiting) == met{{1, 3}});
}

TEST_CASE("the longest waiting is served first, whatever chance says") {
    pool waiting;
    waiting.add(1, 0, topic_list({0}));
    waiting.add(2, 0, topic_list({0}));
    waiting.add(3, 0, topic_list({0}));

    for (std::uint64_t chance = 0; chance < 12; ++chance) {
        scripted_random random{chance, chance / 3};
        const auto meet = meetings(waiting, nobody_parted, random);

        REQUIRE(meet.size() == 1);
        CHECK(meet.front().first == 1);
    }
}

TEST_CASE("a thousand pairs are made in one round") {
    pool waiting;
    for (int number = 1; number <= 2000; ++number) {
        waiting.add(number, 0, topic_list({number % 8}));
    }

    const auto meet = round_of(waiting);

    CHECK(meet.size() == 1000);
}

TEST_CASE("willing is symmetric and knows a shared topic") {
    pool waiting;
    waiting.add(1, 0, topic_list({1, 2}));
    waiting.add(2, 1, topic_list({3, 2}));
    waiting.add(3, 2, topic_list({4}));
    const auto all = waiting.waiting();

    CHECK(share_topic(all[0], all[1]));
    CHECK_FALSE(share_topic(all[1], all[2]));
    for (const candidate& one : all) {
        CHECK_FALSE(willing(one, one, nobody_parted));
        for (const candidate& two : all) {
            CHECK(willing(one, two, nobody_parted) == willing(two, one, nobody_parted));
        }
    }
}
