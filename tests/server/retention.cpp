#include "server/retention.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;
using namespace std::chrono_literals;

namespace {

constexpr storage::unix_ms midnight = 1'767'225'600'000;

retention keeping(std::chrono::milliseconds texts,
                  std::optional<std::chrono::milliseconds> access = {}) {
    user_limits limits;
    limits.keep_texts = texts;
    limits.keep_access = access;
    return retention{limits, ban_policy{.memory = 24h}};
}

constexpr retention::time_point start{1h};

}  // namespace

TEST_CASE("a purge is due at once, then a second after the last, and one at a time") {
    auto due = keeping(0h);

    auto step = due.next_purge(start, midnight);
    REQUIRE(step);
    CHECK(step->now == midnight);
    CHECK(step->bans_before == midnight - 86'400'000);
    CHECK_FALSE(due.next_purge(start + 1h, midnight));

    due.purged(std::move(*step), true, start + 1ms);
    CHECK_FALSE(due.next_purge(start + 999ms, midnight));
    CHECK(due.next_purge(start + 1s, midnight));
}

TEST_CASE("while more is to be purged the next step comes soon, unless the store was in trouble") {
    const bool done = GENERATE(true, false);
    auto due = keeping(0h);
    auto step = due.next_purge(start, midnight);
    REQUIRE(step);
    step->more = true;
    due.purged(std::move(*step), done, start);

    CHECK(due.next_purge(start + 100ms, midnight).has_value() == done);
}

TEST_CASE("receipts of erasures are told once, of a step that was stored") {
    const bool done = GENERATE(true, false);
    auto due = keeping(0h);
    auto step = due.next_purge(start, midnight);
    REQUIRE(step);
    step->completed = {"first", "second"};
    due.purged(std::move(*step), done, start);

    CHECK(due.take_completed().size() == (done ? 2 : 0));
    CHECK(due.take_completed().empty());
}

TEST_CASE("nothing is cut where everything is kept for ever") {
    const auto access = GENERATE(values<std::optional<std::chrono::milliseconds>>({{}, 0ms}));
    CHECK_FALSE(keeping(0h, access).next_cut(start, midnight));
}

TEST_CASE("texts and rows of access are cut each by its own term") {
    auto of_texts = keeping(24h);
    const auto texts = of_texts.next_cut(start, midnight);
    REQUIRE(texts);
    CHECK(texts->now == midnight);
    CHECK(texts->before == midnight - 86'400'000);
    CHECK(texts->chats_before == texts->before);
    CHECK(texts->access_before == 0);

    auto of_access = keeping(0h, 48h);
    const auto access = of_access.next_cut(start, midnight);
    REQUIRE(access);
    CHECK(access->before == 0);
    CHECK(access->chats_before == 0);
    CHECK(access->access_before == midnight - 2 * 86'400'000);
}

TEST_CASE("chats are kept for an hour at least, which the matcher needs them for") {
    auto due = keeping(1min);
    const auto step = due.next_cut(start, midnight);
    REQUIRE(step);
    CHECK(step->before == midnight - 60'000);
    CHECK(step->chats_before == midnight - 3'600'000);
}

TEST_CASE(
    "a step of cutting learns how large the next one may be, and is behind while there is more") {
    auto due = keeping(24h);
    auto step = due.next_cut(start, midnight);
    REQUIRE(step);
    CHECK_FALSE(due.next_cut(start + 1h, midnight));
    CHECK_FALSE(due.behind());

    step->more = true;
    due.cut(*step, true, start + 100ms);
    CHECK(due.behind());
    CHECK_FALSE(due.next_cut(start + 499ms, midnight));
    const auto smaller = due.next_cut(start + 500ms, midnight);
    REQUIRE(smaller);
    CHECK(smaller->rows_max == step->rows_max / 2);

    due.cut(*smaller, true, start + 501ms);
    CHECK_FALSE(due.behind());
    CHECK_FALSE(due.next_cut(start + 1500ms, midnight));
    CHECK(due.next_cut(start + 1501ms, midnight));
}

TEST_CASE("what the store couldn't cut is tried again after a second, and not called behind") {
    auto due = keeping(24h);
    auto step = due.next_cut(start, midnight);
    REQUIRE(step);
    step->more = true;
    due.cut(*step, false, start);

    CHECK_FALSE(due.behind());
    CHECK_FALSE(due.next_cut(start + 999ms, midnight));
    CHECK(due.next_cut(start + 1s, midnight));
}
