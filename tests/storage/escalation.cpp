#include "storage/escalation.hpp"

#include "tests/support/catch.hpp"

#include <vector>

using namespace onechat::storage;

TEST_CASE("each ban lasts its own term, and all beyond the last as long as that", "[escalation]") {
    const std::vector<unix_ms> terms{10, 70, 300};

    CHECK(ban_end(1000, 1, terms) == 1010);
    CHECK(ban_end(1000, 2, terms) == 1070);
    CHECK(ban_end(1000, 3, terms) == 1300);
    CHECK(ban_end(1000, 4, terms) == 1300);
    CHECK(ban_end(1000, 4'000'000'000, terms) == 1300);
}

TEST_CASE("no term is for ever, and for ever is a number that clients can read", "[escalation]") {
    const std::vector<unix_ms> terms{10, 0};

    CHECK(ban_end(1000, 2, terms) == for_ever);
    CHECK(ban_end(1000, 1, {}) == for_ever);
    CHECK(for_ever == (std::int64_t{1} << 53) - 1);
}

TEST_CASE("a term beyond the end of numbers is for ever", "[escalation]") {
    CHECK(ban_end(1000, 1, std::vector<unix_ms>{for_ever - 1000}) == for_ever);
    CHECK(ban_end(1000, 1, std::vector<unix_ms>{for_ever - 999}) == for_ever);
    CHECK(ban_end(1000, 1, std::vector<unix_ms>{INT64_MAX}) == for_ever);
}
