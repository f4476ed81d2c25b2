#include "server/cli/bench_latency.hpp"

#include "tests/support/catch.hpp"

namespace onechat::cli {

using std::chrono::milliseconds;

namespace {

// A value each millisecond, from `from` on, for one slice of time.
void fill_slice(bench_latency& into, bench_latency::time_point from, milliseconds value) {
    for (milliseconds passed{0}; passed < slice_time; ++passed) {
        into.add(value, from + passed);
    }
}

}  // namespace

TEST_CASE("a moment in which all stands still shows in the p99 of all, not in that of the slices") {
    bench_latency seen;
    bench_latency::time_point now{};
    for (const int value : {2, 2, 500, 2, 2, 2}) {
        fill_slice(seen, now, milliseconds{value});
        now += slice_time;
    }

    CHECK(seen.all().per_mille(990) >= milliseconds{500});
    CHECK(seen.slice_p99() >= milliseconds{2});
    CHECK(seen.slice_p99() < milliseconds{3});
}

TEST_CASE("what is slow in most slices shows in both") {
    bench_latency seen;
    bench_latency::time_point now{};
    for (const int value : {70, 2, 80, 90, 2, 80}) {
        fill_slice(seen, now, milliseconds{value});
        now += slice_time;
    }

    CHECK(seen.all().per_mille(990) >= milliseconds{80});
    CHECK(seen.slice_p99() >= milliseconds{70});
}

TEST_CASE("the first slice counts while it is all there is") {
    bench_latency seen;
    CHECK(seen.slice_p99() == milliseconds{0});

    fill_slice(seen, {}, milliseconds{5});

    CHECK(seen.slice_p99() >= milliseconds{5});
}

TEST_CASE("a later slice counts when it is over") {
    bench_latency seen;
    fill_slice(seen, {}, milliseconds{5});
    fill_slice(seen, bench_latency::time_point{} + slice_time, milliseconds{900});

    CHECK(seen.slice_p99() < milliseconds{6});
    CHECK(seen.all().total() == 400);
}

}  // namespace onechat::cli
