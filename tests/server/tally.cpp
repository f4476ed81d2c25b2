#include "server/tally.hpp"

#include "tests/support/catch.hpp"

#include <deque>
#include <random>

using namespace onechat;
using namespace std::chrono_literals;

namespace {

const tally::time_point start{1000s};

}  // namespace

TEST_CASE("the fifth within the window is told, the fourth is not") {
    tally count;
    for (int n = 0; n < 4; ++n) {
        CHECK_FALSE(count.reaches(5, 10s, start + n * 1s));
    }

    CHECK(count.reaches(5, 10s, start + 9'999ms));
}

TEST_CASE("a window later the first does not count any more") {
    tally count;
    for (int n = 0; n < 4; ++n) {
        CHECK_FALSE(count.reaches(5, 10s, start));
    }

    CHECK_FALSE(count.reaches(5, 10s, start + 10s));
}

TEST_CASE("a limit of one is reached at once") {
    tally count;

    CHECK(count.reaches(1, 10s, start));
    CHECK(count.reaches(1, 10s, start + 1h));
}

TEST_CASE("the window slides: a tally agrees with counting by hand") {
    std::mt19937 random{7};
    tally count;
    std::deque<tally::time_point> times;
    auto now = start;
    int reached = 0;
    for (int n = 0; n < 5000; ++n) {
        now += std::chrono::milliseconds{random() % 2000};
        times.push_back(now);
        while (now - times.front() >= 10s) {
            times.pop_front();
        }

        const bool told = count.reaches(8, 10s, now);

        REQUIRE(told == (times.size() >= 8));
        reached += told ? 1 : 0;
    }
    CHECK(reached > 1000);
    CHECK(reached < 4900);
}
