#include "storage/fresh_places.hpp"

#include "tests/support/catch.hpp"

#include <optional>

using namespace onechat::storage;

namespace {

constexpr pair_id ours{7};
constexpr pair_id others{9};

place at(std::uint64_t seq, std::int64_t message, pair_id pair = ours) {
    return {.pair = pair, .seq = seq, .message = message};
}

// The second and the third event of a pair, with something of another's between.
struct fixture {
    fresh_places places;

    fixture() {
        places.add(at(2, 20));
        places.add(at(5, 21, others));
        places.add(at(3, 22));
    }
};

}  // namespace

TEST_CASE("the nearest place of a pair is found in either direction", "[fresh_places]") {
    const fixture all;

    CHECK(all.places.at_or_after(ours, 1) == at(2, 20));
    CHECK(all.places.at_or_after(ours, 3) == at(3, 22));
    CHECK(all.places.at_or_after(ours, 4) == std::nullopt);
    CHECK(all.places.at_or_before(ours, 9) == at(3, 22));
    CHECK(all.places.at_or_before(ours, 2) == at(2, 20));
    CHECK(all.places.at_or_before(ours, 1) == std::nullopt);
    CHECK(all.places.at_or_after(pair_id{8}, 1) == std::nullopt);
    CHECK(all.places.at_or_before(pair_id{8}, 9) == std::nullopt);
}

TEST_CASE("what was dropped is gone, and may be put back", "[fresh_places]") {
    fixture all;

    CHECK(all.places.drop(ours, 2) == at(2, 20));
    CHECK(all.places.drop(ours, 2) == std::nullopt);
    CHECK(all.places.at_or_before(ours, 2) == std::nullopt);
    all.places.add(at(2, 20));

    CHECK(all.places.at_or_after(ours, 1) == at(2, 20));
    CHECK(all.places.at_or_after(ours, 3) == at(3, 22));
}

TEST_CASE("what a pair has before a seq is told", "[fresh_places]") {
    const fixture all;

    CHECK(all.places.before(ours, 4) == std::vector{at(2, 20), at(3, 22)});
    CHECK(all.places.before(ours, 3) == std::vector{at(2, 20)});
    CHECK(all.places.before(ours, 2).empty());
    CHECK(all.places.before(pair_id{8}, 4).empty());
}

TEST_CASE("only the very place is had", "[fresh_places]") {
    const fixture all;

    CHECK(all.places.has(at(2, 20)));
    CHECK_FALSE(all.places.has(at(2, 22)));
    CHECK_FALSE(all.places.has(at(4, 22)));
    CHECK_FALSE(all.places.has(at(2, 20, others)));
}

TEST_CASE("places are gathered by pair and seq, from a message on", "[fresh_places]") {
    const fixture all;

    CHECK(all.places.from(0) == std::vector{at(2, 20), at(3, 22), at(5, 21, others)});
    CHECK(all.places.from(21) == std::vector{at(3, 22), at(5, 21, others)});
    CHECK(all.places.from(23).empty());
}

TEST_CASE("what is on disk is forgotten once nobody reads", "[fresh_places]") {
    fixture all;

    all.places.retire(std::vector{at(2, 20), at(5, 21, others)});

    CHECK(all.places.from(0) == std::vector{at(3, 22)});
}

TEST_CASE("what is on disk stays for whoever began to read before, and for nobody else",
          "[fresh_places]") {
    fixture all;
    std::optional<fresh_places::reading> early;
    std::optional<fresh_places::reading> late;

    early.emplace(all.places);
    all.places.retire(std::vector{at(2, 20)});
    late.emplace(all.places);
    all.places.retire(std::vector{at(3, 22)});
    CHECK(all.places.from(0).size() == 3);

    early.reset();
    CHECK(all.places.from(0) == std::vector{at(3, 22), at(5, 21, others)});
    late.reset();
    CHECK(all.places.from(0) == std::vector{at(5, 21, others)});
}

TEST_CASE("an event that took the seq of one that is forgotten stays", "[fresh_places]") {
    fixture all;
    std::optional<fresh_places::reading> reader{std::in_place, all.places};
    all.places.retire(std::vector{at(2, 20), at(3, 22)});

    all.places.drop(ours, 3);
    all.places.add(at(3, 30));
    reader.reset();

    CHECK(all.places.from(0) == std::vector{at(3, 30), at(5, 21, others)});
}
