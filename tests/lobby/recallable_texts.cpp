#include "server/lobby/recallable_texts.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::lobby;
using namespace std::chrono_literals;

namespace {

const recallable_texts::time_point start{1000s};

}  // namespace

TEST_CASE("a text can be taken back for two minutes and not a moment longer") {
    recallable_texts texts;
    texts.said(2, start);
    texts.said(3, start);

    CHECK(texts.take(2, start + 2min));
    CHECK_FALSE(texts.take(3, start + 2min + 1ns));
}

TEST_CASE("a text can be taken back once") {
    recallable_texts texts;
    texts.said(2, start);

    CHECK(texts.take(2, start));
    CHECK_FALSE(texts.take(2, start));
}

TEST_CASE("what was never said cannot be taken back, and hinders nothing") {
    recallable_texts texts;
    CHECK_FALSE(texts.take(2, start));
    texts.said(2, start);
    texts.said(4, start);

    CHECK_FALSE(texts.take(3, start));
    CHECK_FALSE(texts.take(0, start));
    CHECK(texts.take(4, start));
    CHECK(texts.take(2, start));
}

TEST_CASE("however long somebody talks, the texts of two minutes can be taken back") {
    recallable_texts texts;
    for (std::uint64_t seq = 1; seq <= 5000; ++seq) {
        texts.said(seq, start + seq * 200ms);  // five a second, as the limits allow
    }
    const auto now = start + 5000 * 200ms;

    CHECK_FALSE(texts.take(5000 - 601, now));
    for (std::uint64_t seq = 5000 - 600; seq <= 5000; ++seq) {
        REQUIRE(texts.take(seq, now));
    }
}

TEST_CASE("of more texts than are remembered the newest can be taken back") {
    constexpr std::uint64_t said = 3 * recallable_texts::texts_max + 7;
    recallable_texts texts;
    for (std::uint64_t seq = 1; seq <= said; ++seq) {
        texts.said(seq, start);
    }

    for (std::uint64_t seq = said - recallable_texts::texts_max + 1; seq <= said; ++seq) {
        REQUIRE(texts.take(seq, start));
    }
    CHECK_FALSE(texts.take(1, start));
}
