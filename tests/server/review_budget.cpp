#include "server/review_budget.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;
using namespace std::chrono_literals;
using need = review_budget::need;

namespace {

constexpr review_budget::time_point noon{std::chrono::hours{12}};

std::uint32_t taken(review_budget& of, need why, review_budget::time_point now) {
    std::uint32_t count = 0;
    while (count < 10'000 && of.take(why, now)) {
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE(
    "ordinary texts leave a fifth of the looks, first texts a twentieth, to those before them") {
    review_budget looks{100};

    CHECK(taken(looks, need::other, noon) == 80);
    CHECK(taken(looks, need::first, noon) == 15);
    CHECK(taken(looks, need::suspicious, noon) == 5);
    CHECK_FALSE(looks.take(need::suspicious, noon));
}

TEST_CASE("the whole budget is for suspicious texts, if they come first") {
    review_budget looks{100};

    CHECK(taken(looks, need::suspicious, noon) == 100);
    CHECK_FALSE(looks.take(need::other, noon));
}

TEST_CASE("no 60 seconds see more than the budget, wherever they begin") {
    review_budget looks{100};
    CHECK(taken(looks, need::suspicious, noon) == 100);

    CHECK(taken(looks, need::suspicious, noon + 59'999ms) == 0);
    CHECK(taken(looks, need::suspicious, noon + 60'999ms) == 0);
    CHECK(taken(looks, need::suspicious, noon + 61s) == 100);
}

TEST_CASE("looks come back second by second, as they were taken") {
    review_budget looks{100};
    for (int n = 0; n < 100; ++n) {
        REQUIRE(looks.take(need::suspicious, noon + 500ms * n));
    }

    CHECK(taken(looks, need::suspicious, noon + 61s) == 2);
    CHECK(taken(looks, need::suspicious, noon + 62s) == 2);
    CHECK(taken(looks, need::suspicious, noon + std::chrono::hours{5}) == 100);
}

TEST_CASE("a budget of nothing asks nobody") {
    review_budget looks{0};

    CHECK_FALSE(looks.take(need::suspicious, noon));
}
