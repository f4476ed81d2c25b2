#include "server/trusted_clock.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t start_ms = 1'700'000'000'000;
constexpr std::int64_t hour_ms = 3'600'000;

// After so much time by the monotonic clock, the wall clock saying so much more than that.
lobby::moment after(std::chrono::milliseconds time, std::int64_t jump_ms = 0) {
    return {lobby::moment{}.steady + 1000s + time, start_ms + time.count() + jump_ms};
}

}  // namespace

TEST_CASE("a clock that agrees with the monotonic one is believed") {
    trusted_clock clock{after(0ms)};

    CHECK(clock.at(after(5min)) == start_ms + 300'000);
    CHECK(clock.at(after(10min, 1000)) == start_ms + 601'000);
    CHECK_FALSE(clock.jumped());
}

TEST_CASE("a clock that is adjusted little by little is followed for as long as it takes") {
    trusted_clock clock{after(0ms)};
    for (int n = 1; n <= 10; ++n) {
        CHECK(clock.at(after(n * 1h, n * hour_ms / 2)) == start_ms + n * hour_ms + n * hour_ms / 2);
    }
    CHECK_FALSE(clock.jumped());
}

TEST_CASE("after a jump of more than an hour time goes on as if there had been none") {
    const std::int64_t jump = GENERATE(-2 * hour_ms, 24 * hour_ms);
    trusted_clock clock{after(0ms)};

    CHECK(clock.at(after(1min, jump)) == start_ms + 60'000);
    CHECK(clock.jumped());
    CHECK(clock.at(after(2min, jump)) == start_ms + 120'000);
    CHECK(clock.at(after(3min)) == start_ms + 180'000);
    CHECK(clock.jumped());  // until the next start
}

TEST_CASE("a start long after anything was stored deletes nothing") {
    constexpr std::int64_t month_ms = trusted_clock::silence_max_ms;

    CHECK_FALSE(trusted_clock{after(0ms)}.jumped());
    CHECK_FALSE((trusted_clock{after(0ms), start_ms - month_ms}.jumped()));
    CHECK((trusted_clock{after(0ms), start_ms - month_ms - 1}.jumped()));
}
