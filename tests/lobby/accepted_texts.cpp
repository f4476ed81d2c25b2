#include "server/lobby/accepted_texts.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::lobby;

namespace {

accepted_texts::mark mark_of(std::uint64_t cid) {
    return {cid, cid + 100, static_cast<std::int64_t>(cid) + 1000, cid * 7};
}

// Every third number, as when texts between were refused.
accepted_texts with(std::uint64_t count) {
    accepted_texts texts;
    for (std::uint64_t n = 1; n <= count; ++n) {
        texts.accept(mark_of(3 * n));
    }
    return texts;
}

}  // namespace

TEST_CASE("nothing is known before the first text") {
    const accepted_texts none;

    CHECK(none.last_cid() == 0);
    CHECK(none.find(0) == nullptr);
    CHECK(none.find(1) == nullptr);
    CHECK(none.marks().empty());
}

TEST_CASE("an accepted text is found by its number, one between is not") {
    const accepted_texts texts = with(10);

    for (std::uint64_t n = 1; n <= 10; ++n) {
        REQUIRE(texts.find(3 * n) != nullptr);
        CHECK(*texts.find(3 * n) == mark_of(3 * n));
        CHECK(texts.find(3 * n - 1) == nullptr);
        CHECK(texts.find(3 * n + 1) == nullptr);
    }
    CHECK(texts.last_cid() == 30);
}

TEST_CASE("the last 64 texts are known and the one before them is not") {
    for (const std::uint64_t count : {64U, 65U, 127U, 128U, 129U, 1000U}) {
        INFO(count << " texts");
        const accepted_texts texts = with(count);

        CHECK(texts.last_cid() == 3 * count);
        CHECK(texts.find(3 * (count - 64)) == nullptr);
        for (std::uint64_t n = count - 63; n <= count; ++n) {
            REQUIRE(texts.find(3 * n) != nullptr);
            CHECK(texts.find(3 * n)->seq == 3 * n + 100);
        }
    }
}

TEST_CASE("marks are kept oldest first, and go on where they were") {
    const accepted_texts texts = with(100);
    const auto kept = texts.marks();

    accepted_texts again;
    for (const auto& mark : kept) {
        again.accept(mark);
    }
    again.accept(mark_of(303));

    REQUIRE(kept.size() == accepted_texts::marks_max);
    CHECK(kept.front() == mark_of(111));
    CHECK(kept.back() == mark_of(300));
    CHECK(again.last_cid() == 303);
    CHECK(again.find(111) == nullptr);
    CHECK(again.find(114) != nullptr);
}
