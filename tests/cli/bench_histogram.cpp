#include "server/cli/bench_histogram.hpp"

#include "tests/support/catch.hpp"

namespace onechat::cli {

using std::chrono::nanoseconds;

TEST_CASE("ranks are at most a 64th too large, from nanoseconds to hours") {
    for (const std::int64_t unit : {1LL, 63LL, 64LL, 1'000LL, 123'456'789LL, 7'200'000'000'000LL}) {
        bench_histogram seen;
        for (int n = 1; n <= 1000; ++n) {
            seen.add(nanoseconds{n * unit});
        }
        for (const std::uint64_t rank : {1U, 500U, 990U, 999U}) {
            const auto exact = static_cast<std::int64_t>(rank) * unit;
            const auto told = seen.per_mille(rank).count();
            CHECK((told >= exact && told <= exact + exact / 64 + 1));
        }
        CHECK(seen.max() == nanoseconds{1000 * unit});
        CHECK(seen.per_mille(1000) == seen.max());
    }
}

TEST_CASE("an empty histogram says zero") {
    CHECK(bench_histogram{}.per_mille(999) == nanoseconds{0});
}

}  // namespace onechat::cli
