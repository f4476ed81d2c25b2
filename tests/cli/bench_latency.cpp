#include "server/cli/bench_latency.hpp"

#include "tests/support/catch.hpp"

#include <initializer_list>

namespace onechat::cli {

using std::chrono::milliseconds;

namespace {

// Slice by slice, of each value one a millisecond.
bench_latency seen_in_slices(std::initializer_list<int> values) {
    bench_latency seen;
    bench_latency::time_point now{};
    for (const int value : values) {
        for (milliseconds passed{0}; passed < slice_time; ++passed) {
            seen.add(milliseconds{value}, now + passed);
        }
        now += slice_time;
    }
    return seen;
}

}  // namespace

TEST_CASE("a moment in which all stands still shows in the p99 of all, not in that of the slices") {
    const auto seen = seen_in_slices({2, 2, 500, 2, 2, 2});

    CHECK(seen.all().per_mille(990) >= milliseconds{500});
    CHECK(seen.slice_p99() >= milliseconds{2});
    CHECK(seen.slice_p99() < milliseconds{3});
}

TEST_CASE("what is slow in most slices shows in both") {
    const auto seen = seen_in_slices({70, 2, 80, 90, 2, 80});

    CHECK(seen.all().per_mille(990) >= milliseconds{80});
    CHECK(seen.slice_p99() >= milliseconds{70});
}

TEST_CASE("the first slice counts while it is all there is") {
    CHECK(bench_latency{}.slice_p99() == milliseconds{0});
    CHECK(seen_in_slices({5}).slice_p99() >= milliseconds{5});
}

TEST_CASE("a later slice counts when it is over") {
    const auto seen = seen_in_slices({5, 900});

    CHECK(seen.slice_p99() < milliseconds{6});
    CHECK(seen.all().total() == 400);
}

}  // namespace onechat::cli
