#include "server/lobby/alias.hpp"

#include "protocol/limits.hpp"
#include "protocol/unicode.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/seeded_random.hpp"

#include <algorithm>
#include <limits>
#include <map>

using namespace onechat;
using namespace onechat::test;

TEST_CASE("two who are drawn together can be told apart, whatever chance says") {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    for (const std::uint64_t one : {std::uint64_t{0}, std::uint64_t{1}, most}) {
        for (const std::uint64_t two : {std::uint64_t{0}, std::uint64_t{1}, most}) {
            scripted_random random{one, two, two, one};

            const auto [mine, theirs] = lobby::draw_appearances(random);

            CHECK(mine.alias != theirs.alias);
            CHECK(mine.avatar != theirs.avatar);
        }
    }
}

TEST_CASE("avatars are built-in ones and aliases are short words") {
    seeded_random random{3};
    for (int n = 0; n < 2000; ++n) {
        const auto [mine, theirs] = lobby::draw_appearances(random);
        for (const auto& look : {mine, theirs}) {
            CHECK(std::ranges::find(protocol::avatars, look.avatar) != protocol::avatars.end());
            CHECK(protocol::valid_utf8(look.alias));
            CHECK(protocol::code_points_in(look.alias) >= 3);
            CHECK(protocol::code_points_in(look.alias) <= 8);
            CHECK(mine.alias != theirs.alias);
            CHECK(mine.avatar != theirs.avatar);
        }
    }
}

TEST_CASE("all aliases and avatars come up, on either side") {
    seeded_random random{4};
    std::map<std::string, int> aliases;
    std::map<std::string, int> mine;
    std::map<std::string, int> theirs;

    for (int n = 0; n < 40'000; ++n) {
        const auto [one, two] = lobby::draw_appearances(random);
        ++aliases[one.alias];
        ++aliases[two.alias];
        ++mine[one.avatar];
        ++theirs[two.avatar];
    }

    CHECK(aliases.size() == 1600);
    CHECK(mine.size() == protocol::avatars.size());
    CHECK(theirs.size() == protocol::avatars.size());
    const auto rarest =
        std::ranges::min_element(aliases, {}, [](const auto& entry) { return entry.second; });
    CHECK(rarest->second > 15);  // 50 on average
}
