#include "server/lobby/reviews.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::lobby;
using namespace std::chrono_literals;

namespace {

constexpr reviews::time_point noon{std::chrono::hours{12}};

}  // namespace

TEST_CASE("an opinion finds who waits for it, once") {
    reviews looks{1500ms};
    const auto id = looks.begin({pair_id{7}, user_id{1}}, noon);

    const auto first = looks.end(id);

    REQUIRE(first);
    CHECK(first->pair == pair_id{7});
    CHECK_FALSE(looks.end(id));
}

TEST_CASE("a look is overdue when its time is over and not before") {
    reviews looks{1500ms};
    const auto id = looks.begin({pair_id{7}, user_id{1}}, noon);

    CHECK_FALSE(looks.overdue(noon + 1499ms));
    CHECK(looks.overdue(noon + 1500ms) == id);
    CHECK_FALSE(looks.overdue(noon + 1500ms));
}

TEST_CASE("what was answered in time is never overdue") {
    reviews looks{1500ms};
    const auto first = looks.begin({pair_id{7}, user_id{1}}, noon);
    const auto second = looks.begin({pair_id{7}, user_id{1}}, noon);
    static_cast<void>(looks.end(first));

    CHECK(looks.overdue(noon + 2s) == second);
    CHECK_FALSE(looks.overdue(noon + 2s));
}

TEST_CASE("a look that nobody waits for has a number of its own") {
    reviews looks{1500ms};
    const auto waited = looks.begin({std::nullopt, user_id{1}}, noon);

    const auto other = looks.number();

    CHECK(other != waited);
    CHECK_FALSE(looks.end(other));
    CHECK(looks.waiting_count() == 1);
}
