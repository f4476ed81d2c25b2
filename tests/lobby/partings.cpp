#include "server/lobby/partings.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::lobby;
using namespace std::chrono_literals;

namespace {

const partings::time_point start{1000s};
constexpr user_id ann{1};
constexpr user_id ben{2};
constexpr user_id eve{3};

}  // namespace

TEST_CASE("a parting is remembered whoever is named first, and of no others") {
    partings parted{30min};

    parted.note(ben, ann, start);

    CHECK(parted.recent(ann, ben));
    CHECK(parted.recent(ben, ann));
    CHECK_FALSE(parted.recent(ann, eve));
    CHECK_FALSE(parted.recent(eve, ben));
}

TEST_CASE("a parting is forgotten after its time and not before") {
    partings parted{30min};
    parted.note(ann, ben, start);

    parted.forget(start + 30min - 1ms);
    CHECK(parted.recent(ann, ben));

    parted.forget(start + 30min);
    CHECK_FALSE(parted.recent(ann, ben));
    CHECK(parted.count() == 0);
}

TEST_CASE("whoever parts again is remembered from the later time") {
    partings parted{30min};
    parted.note(ann, ben, start);
    parted.note(ben, ann, start + 20min);

    parted.forget(start + 40min);
    CHECK(parted.recent(ann, ben));
    CHECK(parted.count() == 1);

    parted.forget(start + 50min);
    CHECK_FALSE(parted.recent(ann, ben));
}

TEST_CASE("the oldest partings make room for new ones") {
    partings parted{30min, 3};
    for (int n = 1; n <= 5; ++n) {
        parted.note(ann, static_cast<user_id>(10 + n), start + n * 1s);
    }

    CHECK(parted.count() == 3);
    CHECK_FALSE(parted.recent(ann, user_id{11}));
    CHECK_FALSE(parted.recent(ann, user_id{12}));
    CHECK(parted.recent(ann, user_id{13}));
    CHECK(parted.recent(ann, user_id{15}));
}

TEST_CASE("parting again and again from the same person fills nothing up") {
    partings parted{30min, 3};
    for (int n = 0; n < 10'000; ++n) {
        parted.note(ann, ben, start + n * 1ms);
    }

    CHECK(parted.count() == 1);
    CHECK(parted.recent(ann, ben));
}
