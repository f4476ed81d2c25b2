#include "storage/worker.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <latch>
#include <sys/resource.h>
#include <utility>

using namespace onechat::storage;
using namespace std::chrono_literals;

namespace {

constexpr worker_limits wide{.jobs_max = 1000,
                             .bytes_max = 1000,
                             .jobs_reserved = 0,
                             .batch_jobs_max = 1000,
                             .batch_bytes_max = 1000};

// Holds the worker up in its first batch until `go_on`.
struct fixture {
    std::latch begun{1};
    std::latch go_on{1};
    std::vector<std::vector<int>> batches;

    worker<int>::handler handler() {
        return [this](std::vector<int> batch) {
            batches.push_back(std::move(batch));
            if (batches.size() == 1) {
                begun.count_down();
                go_on.wait();
            }
        };
    }
};

}  // namespace

TEST_CASE("a batch is bounded in jobs and in bytes, but a heavy job passes alone", "[worker]") {
    fixture at;
    auto limits = wide;
    limits.batch_jobs_max = 3;
    limits.batch_bytes_max = 100;
    {
        worker<int> one{limits, at.handler()};
        CHECK(one.push(0, 1));
        at.begun.wait();
        for (int i = 1; i <= 4; ++i) {
            CHECK(one.push(+i, 10));
        }
        CHECK(one.push(5, 95));
        CHECK(one.push(6, 300));
        CHECK(one.push(7, 1));
        at.go_on.count_down();
    }
    CHECK(at.batches == std::vector<std::vector<int>>{{0}, {1, 2, 3}, {4}, {5}, {6}, {7}});
}

TEST_CASE("withdrawn jobs leave the others in order and make room", "[worker]") {
    fixture at;
    auto limits = wide;
    limits.jobs_max = 7;
    limits.batch_jobs_max = 2;
    std::vector<int> out;
    {
        worker<int> one{limits, at.handler()};
        CHECK(one.push(0, 1));
        at.begun.wait();
        for (int i = 1; i <= 6; ++i) {
            CHECK(one.push(+i, 1));
        }
        CHECK_FALSE(one.push(7, 1));
        out = one.withdraw([](int job) { return job == 1 || job == 3 || job == 4; });
        CHECK(one.push(7, 1));
        at.go_on.count_down();
    }
    CHECK(out == std::vector<int>{1, 3, 4});
    CHECK(at.batches == std::vector<std::vector<int>>{{0}, {2}, {5, 6}, {7}});
}

TEST_CASE("a pause ends at once when the worker is stopped", "[worker]") {
    bool went_on = true;
    std::latch begun{1};
    worker<int>* self = nullptr;
    worker<int> one{wide, [&](std::vector<int>) {
                        begun.count_down();
                        went_on = self->pause(1h);
                    }};
    self = &one;
    CHECK(one.push(0, 1));
    begun.wait();

    one.stop();

    CHECK_FALSE(went_on);
}

TEST_CASE("a pause that nobody disturbs lasts and goes on", "[worker]") {
    bool went_on = false;
    worker<int>* self = nullptr;
    {
        worker<int> one{wide, [&](std::vector<int>) { went_on = self->pause(1ns); }};
        self = &one;
        CHECK(one.push(0, 1));
        while (one.in_use() > 0) {
            std::this_thread::yield();
        }
    }
    CHECK(went_on);
}

TEST_CASE("a batch that is whole begins without a wake", "[worker]") {
    std::latch handled{1};
    auto limits = wide;
    limits.wake_on_push = false;
    limits.batch_jobs_max = 2;
    bool begun = false;
    worker<int> one{limits, [&](const std::vector<int>&) {
                        if (!std::exchange(begun, true)) {
                            handled.count_down();
                        }
                    }};
    for (int i = 0; i < 3; ++i) {
        CHECK(one.push(+i, 1));
    }

    handled.wait();
}

TEST_CASE("one wake is enough for all that was pushed before it", "[worker]") {
    std::latch handled{3};
    auto limits = wide;
    limits.wake_on_push = false;
    worker<int> one{limits, [&](const std::vector<int>& batch) {
                        handled.count_down(static_cast<std::ptrdiff_t>(batch.size()));
                    }};
    for (int i = 0; i < 3; ++i) {
        CHECK(one.push(+i, 1));
    }

    one.wake();

    handled.wait();
}

TEST_CASE("what comes after a batch is gathered, unless it is a whole one", "[worker]") {
    std::latch first{1};
    std::latch whole{1};
    auto limits = wide;
    limits.batch_jobs_max = 2;
    limits.batch_interval = 1h;
    limits.wake_on_push = GENERATE(true, false);
    std::vector<std::vector<int>> batches;
    {
        worker<int> one{limits, [&](std::vector<int> batch) {
                            batches.push_back(std::move(batch));
                            if (batches.size() <= 2) {
                                (batches.size() == 1 ? first : whole).count_down();
                            }
                        }};
        CHECK(one.push(0, 1));
        one.wake();
        first.wait();
        for (int i = 1; i <= 3; ++i) {
            CHECK(one.push(+i, 1));
            one.wake();
        }
        whole.wait();
        CHECK(one.push(4, 1));
    }
    CHECK(batches == std::vector<std::vector<int>>{{0}, {1, 2}, {3, 4}});
}

TEST_CASE("a thread that stands back does so alone", "[worker]") {
    std::latch handled{1};
    int inside = 0;
    auto limits = wide;
    limits.niceness = 5;
    const int before = ::getpriority(PRIO_PROCESS, 0);
    worker<int> one{limits, [&](const std::vector<int>&) {
                        inside = ::getpriority(PRIO_PROCESS, 0);
                        handled.count_down();
                    }};
    CHECK(one.push(0, 1));

    handled.wait();

    CHECK(inside == std::max(before, 5));
    CHECK(::getpriority(PRIO_PROCESS, 0) == before);
}

TEST_CASE("what is gathered is handled when its time has come", "[worker]") {
    std::latch handled{2};
    auto limits = wide;
    limits.batch_interval = 1ms;
    worker<int> one{limits, [&](const std::vector<int>&) { handled.count_down(); }};
    CHECK(one.push(0, 1));
    while (one.in_use() > 0) {
        std::this_thread::yield();
    }
    CHECK(one.push(1, 1));

    handled.wait();
}
