#include "server/lobby/rate_limit.hpp"

#include "tests/support/catch.hpp"

#include <chrono>

using namespace onechat;
using namespace std::chrono_literals;

namespace {

constexpr lobby::rate five_a_second{5, 1s, 20};
const lobby::rate_limit::time_point start{1000s};

}  // namespace

TEST_CASE("a burst is allowed at once, and not one more") {
    lobby::rate_limit texts;

    for (int n = 0; n < 20; ++n) {
        REQUIRE_FALSE(texts.take(five_a_second, start));
    }

    CHECK(texts.take(five_a_second, start) == 200ms);
}

TEST_CASE("after a burst the rate holds, and what is refused does not count") {
    lobby::rate_limit texts;
    for (int n = 0; n < 20; ++n) {
        REQUIRE_FALSE(texts.take(five_a_second, start));
    }

    CHECK(texts.take(five_a_second, start + 150ms) == 50ms);
    CHECK(texts.take(five_a_second, start + 199500us) == 1ms);
    CHECK_FALSE(texts.take(five_a_second, start + 200ms));
    CHECK(texts.take(five_a_second, start + 200ms) == 200ms);
}

TEST_CASE("who rests gets the burst back, and no more than that") {
    lobby::rate_limit texts;
    for (int n = 0; n < 20; ++n) {
        REQUIRE_FALSE(texts.take(five_a_second, start));
    }
    CHECK_FALSE(texts.rested(start + 3999ms));
    CHECK(texts.rested(start + 4s));

    int allowed = 0;
    while (!texts.take(five_a_second, start + 1h)) {
        ++allowed;
    }

    CHECK(allowed == 20);
}

TEST_CASE("a rate of ten a minute gives one each six seconds") {
    constexpr lobby::rate finds{10, 1min, 10};
    lobby::rate_limit limit;
    for (int n = 0; n < 10; ++n) {
        REQUIRE_FALSE(limit.take(finds, start));
    }

    CHECK(limit.take(finds, start) == 6s);
    CHECK_FALSE(limit.take(finds, start + 6s));
}
