#include "server/platform/circuit_breaker.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::platform;
using namespace std::chrono_literals;

namespace {

using breaker_state = circuit_breaker::state;

constexpr circuit_breaker::rules strict{.failures_max = 3, .rest_min = 1s, .rest_max = 3s};
constexpr circuit_breaker::time_point start{1h};

circuit_breaker resting_breaker() {
    circuit_breaker one{strict};
    for (std::size_t i = 0; i < strict.failures_max; ++i) {
        one.failed(start, 0);
    }
    return one;
}

}  // namespace

TEST_CASE("failures in a row end the calls, and a success in between begins the row anew") {
    circuit_breaker one{strict};
    one.failed(start, 0);
    one.failed(start, 0);
    one.succeeded();
    one.failed(start, 0);
    one.failed(start, 0);
    CHECK(one.now() == breaker_state::closed);
    CHECK_FALSE(one.admit(start));

    one.failed(start, 0);

    CHECK(one.now() == breaker_state::resting);
    CHECK(one.admit(start) == 1000ms);
    CHECK(one.admit(start + 999ms) == 1ms);
}

TEST_CASE("after the rest one call goes through to see, the others wait for it") {
    auto one = resting_breaker();

    CHECK_FALSE(one.admit(start + 1s));

    CHECK(one.now() == breaker_state::trying);
    CHECK(one.admit(start + 1s) == 1000ms);
    one.succeeded();
    CHECK_FALSE(one.admit(start + 1s));
    CHECK_FALSE(one.admit(start + 1s));
}

TEST_CASE("each try that fails doubles the rest, up to its limit, and a success forgets that") {
    auto one = resting_breaker();
    auto now = start;
    for (const auto rest : {1000ms, 2000ms, 3000ms, 3000ms}) {
        CHECK(one.admit(now) == rest);
        now += rest;
        CHECK_FALSE(one.admit(now));
        one.failed(now, 0);
    }
    now += 3s;
    CHECK_FALSE(one.admit(now));
    one.succeeded();

    for (std::size_t i = 0; i < strict.failures_max; ++i) {
        one.failed(now, 0);
    }

    CHECK(one.admit(now) == 1000ms);
}

TEST_CASE("a call from before the rest says nothing new by failing, and ends it by succeeding") {
    auto one = resting_breaker();
    one.failed(start + 900ms, 0);
    CHECK(one.admit(start + 900ms) == 100ms);

    one.succeeded();

    CHECK_FALSE(one.admit(start + 900ms));
}

TEST_CASE("a try that was not made leaves the next one free") {
    auto one = resting_breaker();
    CHECK_FALSE(one.admit(start + 1s));

    one.withdrawn();

    CHECK(one.now() == breaker_state::resting);
    CHECK_FALSE(one.admit(start + 1s));
}

TEST_CASE("chance shortens the rest by a quarter at most") {
    circuit_breaker one{{.failures_max = 1, .rest_min = 1s, .rest_max = 3s}};
    one.failed(start, 1000);
    CHECK(one.admit(start) == 750ms);
    CHECK_FALSE(one.admit(start + 750ms));
}
