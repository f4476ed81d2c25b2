#include "server/net/wheel.hpp"

#include "tests/support/catch.hpp"

#include <functional>
#include <memory>
#include <random>
#include <vector>

using namespace onechat::net;
using namespace std::chrono_literals;

namespace {

struct bell final : wheel::entry {
    void expired(wheel::time_point now) override {
        rang.push_back(now);
        if (then) {
            then();
        }
    }
    std::vector<wheel::time_point> rang;
    std::function<void()> then;
};

const wheel::time_point start{1000s};

}  // namespace

TEST_CASE("a deadline is never early and at most a tick late") {
    wheel deadlines{start, 250ms};
    std::mt19937 random{1};
    for (int i = 0; i < 500; ++i) {
        deadlines.advance(start + i * 1s);
        bell one;
        const auto due = start + i * 1s + std::chrono::milliseconds{random() % 200'000};
        deadlines.schedule(one, due);

        auto now = start + i * 1s;
        wheel local{now, 250ms};
        local.schedule(one, due);
        while (one.rang.empty()) {
            now += 50ms;
            local.advance(now);
        }
        REQUIRE(one.rang.front() >= due);
        REQUIRE(one.rang.front() <= due + 300ms);
    }
}

TEST_CASE("what is cancelled, moved or dead does not ring") {
    wheel deadlines{start};
    bell cancelled;
    bell moved;
    auto dead = std::make_unique<bell>();
    deadlines.schedule(cancelled, start + 1s);
    deadlines.schedule(moved, start + 1s);
    deadlines.schedule(*dead, start + 1s);

    cancelled.cancel();
    deadlines.schedule(moved, start + 5s);
    dead.reset();
    deadlines.advance(start + 2s);

    CHECK(cancelled.rang.empty());
    CHECK(moved.rang.empty());
    deadlines.advance(start + 5s);
    CHECK(moved.rang.size() == 1);
    CHECK_FALSE(moved.scheduled());
}

TEST_CASE("no later means sooner or not at all") {
    wheel deadlines{start};
    bell one;

    deadlines.schedule_no_later(one, start + 10s);
    deadlines.schedule_no_later(one, start + 20s);
    deadlines.advance(start + 10s);
    CHECK(one.rang.size() == 1);

    deadlines.schedule_no_later(one, start + 20s);
    deadlines.schedule_no_later(one, start + 12s);
    deadlines.advance(start + 12s);
    CHECK(one.rang.size() == 2);
}

TEST_CASE("a deadline beyond the wheel's span waits for its round") {
    wheel deadlines{start, 250ms};
    bell late;
    deadlines.schedule(late, start + 10min);

    for (auto now = start; now < start + 10min; now += 1s) {
        deadlines.advance(now);
        REQUIRE(late.rang.empty());
    }
    deadlines.advance(start + 10min);
    CHECK(late.rang.size() == 1);
}

TEST_CASE("after a long stop all that is due rings, once") {
    wheel deadlines{start};
    std::vector<std::unique_ptr<bell>> alarms;
    for (int i = 0; i < 2000; ++i) {
        alarms.push_back(std::make_unique<bell>());
        deadlines.schedule(*alarms.back(), start + i * 1s);
    }

    deadlines.advance(start + 1000s);

    int rang = 0;
    for (const auto& one : alarms) {
        REQUIRE(one->rang.size() <= 1);
        rang += static_cast<int>(one->rang.size());
    }
    CHECK(rang == 1001);
}

TEST_CASE("an bell may schedule itself, cancel a neighbour and schedule the past") {
    wheel deadlines{start};
    bell first;
    bell neighbour;
    deadlines.schedule(first, start + 1s);
    deadlines.schedule(neighbour, start + 1s);
    first.then = [&] {
        neighbour.cancel();
        deadlines.schedule(first, start);
    };

    deadlines.advance(start + 1s);
    CHECK(first.rang.size() == 1);
    CHECK(neighbour.rang.empty());

    deadlines.advance(start + 1s + 250ms);
    CHECK(first.rang.size() == 2);
}

TEST_CASE("entries outlive their wheel") {
    bell one;
    {
        wheel deadlines{start};
        deadlines.schedule(one, start + 1s);
    }
    CHECK_FALSE(one.scheduled());
}
