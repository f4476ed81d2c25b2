#include "server/look_lane.hpp"

#include "tests/support/catch.hpp"

using onechat::look_lane;
using namespace std::chrono_literals;

TEST_CASE("there are connections for the whole budget, even if each look takes all its time") {
    const auto usual = look_lane::of(4000, 3s);

    CHECK(usual.connections_max == 200);
    CHECK(usual.under_way_max() == usual.connections_max + usual.waiting_max);
    CHECK(look_lane::of(4001, 3s).connections_max == 201);
}

TEST_CASE("a lane has its least and its most connections") {
    CHECK(look_lane::of(0, 3s).connections_max == look_lane::connections_least);
    CHECK(look_lane::of(100, 100ms).connections_max == look_lane::connections_least);
    CHECK(look_lane::of(1'000'000, 10s).connections_max == look_lane::connections_most);
}
