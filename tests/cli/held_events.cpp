#include "server/cli/held_events.hpp"

#include "tests/support/catch.hpp"

using onechat::cli::held_events;

TEST_CASE("an event is taken once, and a record without gaps grows") {
    held_events held;

    CHECK(held.take(1));
    CHECK(held.take(2));
    CHECK_FALSE(held.take(2));
    CHECK_FALSE(held.take(1));
    CHECK(held.whole_to() == 2);
}

TEST_CASE("what comes beyond a gap is held, but not counted until the gap is filled") {
    held_events held{4};

    CHECK(held.take(6));
    CHECK(held.take(8));
    CHECK(held.take(7));
    CHECK(held.whole_to() == 4);
    CHECK_FALSE(held.take(7));
    CHECK(held.take(5));
    CHECK(held.whole_to() == 8);
}

TEST_CASE("what the server lost is not held any more") {
    held_events held{5};
    CHECK(held.take(7));

    held.keep_to(3);

    CHECK(held.whole_to() == 3);
    CHECK(held.take(4));
    CHECK(held.take(7));
}

TEST_CASE("behind a gap that nobody fills the record goes on") {
    held_events held{5};
    CHECK(held.take(9));

    held.skip_to_next();

    CHECK(held.take(8));
    CHECK(held.whole_to() == 9);
}

TEST_CASE("as many islands are kept as the limit says, the newest are forgotten") {
    held_events held;
    for (std::uint64_t n = 0; n <= held_events::islands_max; ++n) {
        CHECK(held.take(3 + 2 * n));
    }

    CHECK_FALSE(held.take(3 + 2 * (held_events::islands_max - 1)));
    CHECK(held.take(3 + 2 * held_events::islands_max));
}
