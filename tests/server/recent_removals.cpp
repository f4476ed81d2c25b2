#include "server/recent_removals.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;

namespace {

constexpr storage::pair_id pair{7};

storage::message_row removal_of(std::uint64_t seq, storage::side by) {
    storage::message_row row;
    row.pair = pair;
    row.seq = 100;
    row.from = by;
    row.kind = storage::event_kind::recall;
    row.ref = seq;
    return row;
}

storage::gone_reason became(const recent_removals& by, std::uint64_t seq,
                            storage::pair_id in = pair) {
    storage::message_row row;
    row.pair = in;
    row.seq = seq;
    row.body = "words";
    by.amend(row);
    CHECK(row.body.empty() == (row.gone != storage::gone_reason::none));
    return row.gone;
}

}  // namespace

TEST_CASE("a removal is known until no question that was asked before is left") {
    recent_removals removals;
    removals.began(removal_of(3, storage::side::system));
    CHECK(removals.has(pair, 3));
    CHECK_FALSE(removals.has(pair, 4));
    CHECK_FALSE(removals.has(storage::pair_id{8}, 3));
    removals.ended(removal_of(3, storage::side::system), 5);

    CHECK(removals.has(pair, 3));
    removals.answered(5);

    CHECK_FALSE(removals.has(pair, 3));
}

TEST_CASE("a removal amends the text it takes away, and no other") {
    recent_removals removals;
    removals.began(removal_of(3, storage::side::one));
    removals.began(removal_of(4, storage::side::system));

    CHECK(became(removals, 3) == storage::gone_reason::recall);
    CHECK(became(removals, 4) == storage::gone_reason::removed);
    CHECK(became(removals, 5) == storage::gone_reason::none);
    CHECK(became(removals, 3, storage::pair_id{8}) == storage::gone_reason::none);
}

TEST_CASE("a removal that no question can contradict is forgotten when it is stored") {
    recent_removals removals;
    const auto removal = removal_of(3, storage::side::one);
    removals.answered(20);
    removals.began(removal);
    removals.ended(removal, 20);

    CHECK(removals.empty());
}

TEST_CASE("a removal is remembered until what was asked before it was stored is answered") {
    recent_removals removals;
    const auto removal = removal_of(3, storage::side::one);
    removals.began(removal);
    removals.ended(removal, 20);
    removals.answered(19);
    CHECK(became(removals, 3) == storage::gone_reason::recall);
    removals.answered(20);

    CHECK(removals.empty());
}

TEST_CASE("a removal on its way is remembered however much is answered meanwhile") {
    recent_removals removals;
    removals.began(removal_of(3, storage::side::one));
    removals.answered(20);

    CHECK(became(removals, 3) == storage::gone_reason::recall);
}
