#include "server/cli/bench_slices.hpp"

#include "tests/support/catch.hpp"

namespace onechat::cli {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using time_point = bench_slices::time_point;

TEST_CASE("the median of values is the lower one of two, and zero of none") {
    CHECK(median_of(std::vector<int>{}) == 0);
    CHECK(median_of(std::vector{7}) == 7);
    CHECK(median_of(std::vector{9, 1}) == 1);
    CHECK(median_of(std::vector{5, 900, 4}) == 5);
}

TEST_CASE("what was done before they begin is none of the slices'") {
    bench_slices slices;
    const time_point begun{milliseconds{1000}};
    slices.begin(begun, {.texts = 5000, .cpu = milliseconds{900}});

    slices.next(begun + slice_time, {.texts = 5100, .cpu = milliseconds{902}});

    CHECK(slices.per_second() == Approx(500));
    CHECK(slices.cpu_per_text() == microseconds{20});
}

TEST_CASE("one slow slice does not change the medians") {
    bench_slices slices;
    time_point now{};
    bench_slices::reading at;
    slices.begin(now, at);
    for (const std::uint64_t texts : {100U, 100U, 10U, 100U}) {
        now += slice_time;
        at.texts += texts;
        at.cpu += milliseconds{2};
        slices.next(now, at);
    }

    CHECK(slices.per_second() == Approx(500));
    CHECK(slices.cpu_per_text() == microseconds{20});
}

TEST_CASE("a slice in which nothing was done has a speed and no price") {
    bench_slices slices;
    slices.begin({}, {});

    slices.next(time_point{} + slice_time, {.texts = 0, .cpu = milliseconds{3}});

    CHECK(slices.per_second() == Approx(0));
    CHECK(slices.cpu_per_text() == microseconds{0});
}

TEST_CASE("a time too short for a slice is one, what is left behind the last is none") {
    bench_slices brief;
    brief.begin({}, {});
    brief.end(time_point{} + milliseconds{100}, {.texts = 50, .cpu = milliseconds{1}});
    bench_slices longer;
    longer.begin({}, {});
    longer.next(time_point{} + slice_time, {.texts = 100, .cpu = milliseconds{2}});
    longer.end(time_point{} + slice_time + milliseconds{1}, {.texts = 900, .cpu = milliseconds{2}});

    CHECK(brief.per_second() == Approx(500));
    CHECK(brief.cpu_per_text() == microseconds{20});
    CHECK(longer.per_second() == Approx(500));
}

TEST_CASE("nothing was measured when no time has passed") {
    bench_slices slices;
    slices.begin({}, {});

    slices.end({}, {.texts = 3, .cpu = milliseconds{1}});

    CHECK(slices.per_second() == Approx(0));
}

}  // namespace onechat::cli
