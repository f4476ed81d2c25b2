#include "server/lobby/skip_limit.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::lobby;
using namespace std::chrono_literals;

namespace {

// Five within a minute are free; then ten seconds, twenty, ... at most a minute.
struct leaver {
    skip_rule rule{
        .count = 5, .within = 1min, .shorter_than = 10s, .delay = 10s, .delay_max = 1min};
    skip_limit limit;
    skip_limit::time_point now{1000s};

    void skip(int times = 1) {
        for (int n = 0; n < times; ++n) {
            limit.note(rule, now);
        }
    }
    [[nodiscard]] std::optional<std::chrono::milliseconds> wait() const { return limit.wait(now); }
};

}  // namespace

TEST_CASE("so many skips are free, and one more begins a delay", "[skip_limit]") {
    leaver one;
    CHECK(one.limit.rested(one.now));

    one.skip(5);
    CHECK_FALSE(one.wait());
    one.skip();

    CHECK(one.wait() == 10s);
    one.now += 9999ms;
    CHECK(one.wait() == 1ms);
    one.now += 1ms;
    CHECK_FALSE(one.wait());
}

TEST_CASE("what is a minute ago doesn't count", "[skip_limit]") {
    leaver one;
    one.skip();
    one.now += 59'999ms;
    one.skip(4);
    one.now += 1ms;

    one.skip();
    CHECK_FALSE(one.wait());
    one.skip();
    CHECK(one.wait() == 10s);
}

TEST_CASE("each further time the delay is twice as long, up to the longest", "[skip_limit]") {
    leaver one;
    one.skip(6);
    for (const auto delay : {20s, 40s, 60s, 60s}) {
        one.skip();
        CHECK(one.wait() == delay);
    }
}

TEST_CASE("a delay that has grown is forgiven step by step", "[skip_limit]") {
    leaver one;
    one.skip(7);  // 10 s, then 20 s: the next would be 40 s
    one.now += 20s + 1min;

    one.skip(6);
    CHECK(one.wait() == 20s);  // one doubling of two was forgiven

    one.now += 20s + 2min;
    one.skip(6);
    CHECK(one.wait() == 10s);
}

TEST_CASE("who was forgiven everything is remembered no longer", "[skip_limit]") {
    leaver one;
    one.skip();
    one.now += 59'999ms;
    CHECK_FALSE(one.limit.rested(one.now));
    one.now += 1ms;
    CHECK(one.limit.rested(one.now));

    one.skip(7);
    one.now += 20s + 2min - 1ms;
    CHECK_FALSE(one.limit.rested(one.now));
    one.now += 1ms;
    CHECK(one.limit.rested(one.now));
    one.skip(6);
    CHECK(one.wait() == 10s);
}
