#include "storage/place_run.hpp"

#include "tests/support/catch.hpp"

#include <limits>

using namespace onechat::storage;

using numbers = std::vector<std::int64_t>;

TEST_CASE("a run is the first message and the distances between the others", "[place_run]") {
    CHECK(pack_run(numbers{1048576, 1048579, 1048586}) == "1048576 3 7");
    CHECK(pack_run(numbers{1}) == "1");
    CHECK(unpack_run("1048576 3 7") == numbers{1048576, 1048579, 1048586});
    CHECK(unpack_run("1") == numbers{1});
}

TEST_CASE("the longest run and the greatest numbers come back", "[place_run]") {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    numbers longest;
    for (std::size_t i = 0; i < run_places_max; ++i) {
        longest.push_back(most - static_cast<std::int64_t>(run_places_max - i - 1));
    }

    CHECK(unpack_run(pack_run(longest)) == longest);
    CHECK(pack_run(numbers{1, most}) == "1 9223372036854775806");
    CHECK(unpack_run("1 9223372036854775806") == numbers{1, most});
}

TEST_CASE("what is no run is refused", "[place_run]") {
    for (const char* damaged : {"", " ", "x", "0", "-1", "1 ", " 1", "1  2", "1 0", "1 -1", "1,2",
                                "1 2x", "+1", "9223372036854775808", "1 9223372036854775807"}) {
        INFO(damaged);
        CHECK(unpack_run(damaged) == std::nullopt);
    }
    std::string too_long = "1";
    for (std::size_t i = 0; i < run_places_max; ++i) {
        too_long += " 1";
    }
    CHECK(unpack_run(too_long) == std::nullopt);
}
