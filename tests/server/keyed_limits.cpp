#include "server/keyed_limits.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;
using namespace std::chrono_literals;

namespace {

constexpr lobby::rate one_a_minute{1, 1min, 2};
const lobby::rate_limit::time_point start{1000s};

}  // namespace

TEST_CASE("each key has a limit of its own") {
    keyed_limits<int> limits;
    REQUIRE_FALSE(limits.take(1, one_a_minute, start));
    REQUIRE_FALSE(limits.take(1, one_a_minute, start));

    CHECK(limits.take(1, one_a_minute, start) == 1min);
    CHECK_FALSE(limits.take(2, one_a_minute, start));
}

TEST_CASE("whoever has rested is forgotten, and nobody else") {
    keyed_limits<int> limits;
    REQUIRE_FALSE(limits.take(1, one_a_minute, start));
    REQUIRE_FALSE(limits.take(2, one_a_minute, start + 30s));

    limits.forget_rested(start + 1min);

    CHECK(limits.size() == 1);
    CHECK_FALSE(limits.take(2, one_a_minute, start + 1min));
    CHECK(limits.take(2, one_a_minute, start + 1min) == 30s);
}

TEST_CASE("there is an end to how many are remembered, and then newcomers wait") {
    keyed_limits<std::size_t> limits;
    for (std::size_t key = 0; key < keyed_limits<std::size_t>::keys_max; ++key) {
        REQUIRE_FALSE(limits.take(key, one_a_minute, start));
    }

    CHECK(limits.take(keyed_limits<std::size_t>::keys_max, one_a_minute, start) == 1min);
    CHECK_FALSE(limits.take(0, one_a_minute, start));
    CHECK(limits.size() == keyed_limits<std::size_t>::keys_max);
}
