#include "server/moderation_chain.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;
using lobby::ruling;
using lobby::utterance;

namespace {

std::shared_ptr<const platform::filter> some_filter() {
    const auto rules = platform::parse_rules("reject 坏词\nmask 脏词\nflag 怪词\n");
    REQUIRE(rules.problems.empty());
    return std::make_shared<platform::filter>(rules);
}

struct linked {
    explicit linked(moderation_mode mode, bool unjudged_pass = true, std::uint32_t looks = 4000)
        : chain{{.mode = mode, .unjudged_pass = unjudged_pass, .looks_per_minute = looks}} {
        chain.use(some_filter());
    }
    ruling text(std::string_view words, bool known_outside = true, bool first = false) {
        return chain.judge({.words = words, .first = first, .known_outside = known_outside}, now);
    }
    ruling nickname(std::string_view words) {
        return chain.judge({.is = utterance::what::nickname, .words = words, .known_outside = true},
                           now);
    }

    moderation_chain chain;
    lobby::moment now{lobby::moment{}.steady + std::chrono::hours{1}, 0};
};

}  // namespace

TEST_CASE("our own filter decides at once, in each mode") {
    for (const auto mode :
         {moderation_mode::local, moderation_mode::hold, moderation_mode::after}) {
        linked at{mode};

        CHECK(at.text("坏词").is == ruling::decision::reject);
        CHECK(at.text("坏词").outside == ruling::look::none);
        CHECK(at.text("脏词!").shown == "**!");
        CHECK(at.text("怪词").flagged);
        CHECK_FALSE(at.text("你好").flagged);
        CHECK(at.nickname("脏词").is == ruling::decision::reject);
    }
}

TEST_CASE("who looks from outside, and when, is the mode's") {
    CHECK(linked{moderation_mode::local}.text("你好").outside == ruling::look::none);
    CHECK(linked{moderation_mode::hold}.text("你好").outside == ruling::look::before);
    CHECK(linked{moderation_mode::after}.text("你好").outside == ruling::look::after);
    CHECK(linked{moderation_mode::hold}.nickname("小明").outside == ruling::look::before);
    CHECK(linked{moderation_mode::after}.nickname("小明").outside == ruling::look::before);
}

TEST_CASE("nobody outside is asked about people they don't know") {
    linked at{moderation_mode::hold, false, 1};

    CHECK(at.text("你好", false).outside == ruling::look::none);
    CHECK(at.text("你好", false).is == ruling::decision::pass);
}

TEST_CASE("when the budget is used up words pass unjudged, or wait, by configuration") {
    linked open{moderation_mode::hold, true, 0};
    linked shut{moderation_mode::hold, false, 0};
    linked after{moderation_mode::after, false, 0};

    CHECK(open.text("你好").is == ruling::decision::pass);
    CHECK(open.text("你好").outside == ruling::look::none);
    CHECK(shut.text("你好").is == ruling::decision::busy);
    CHECK(after.text("你好").is == ruling::decision::pass);
    CHECK(open.chain.counted().unaffordable == 2);
}

TEST_CASE("the last looks are for what our own filter flagged, and for first texts") {
    linked at{moderation_mode::hold, true, 20};
    int asked = 0;
    while (at.text("你好").outside != ruling::look::none) {
        ++asked;
    }

    CHECK(asked == 16);
    CHECK(at.text("你好", true, true).outside == ruling::look::before);
    CHECK(at.nickname("小明").outside == ruling::look::before);
    CHECK(at.text("怪词").outside == ruling::look::before);
    CHECK(at.text("脏词").outside == ruling::look::before);
    CHECK(at.text("你好").outside == ruling::look::none);
}

TEST_CASE("notes are looked at within the budget, and get none of the last looks") {
    linked at{moderation_mode::after, true, 20};
    int looks = 0;
    while (at.chain.may_look_at_note(at.now)) {
        ++looks;
    }

    CHECK(looks == 16);
    CHECK(at.chain.counted().unaffordable == 1);
    CHECK(at.text("你好", true, true).outside == ruling::look::after);
}

TEST_CASE("in local nobody looks at notes, and none is missed") {
    linked at{moderation_mode::local};

    CHECK_FALSE(at.chain.may_look_at_note(at.now));
    CHECK(at.chain.counted().unaffordable == 0);
}

TEST_CASE("looks under way are bounded") {
    linked at{moderation_mode::hold};
    for (std::size_t n = 0; n < at.chain.options().looks_under_way_max; ++n) {
        at.chain.look_began();
    }

    CHECK(at.text("你好").outside == ruling::look::none);
    CHECK_FALSE(at.chain.may_look_at_note(at.now));
    at.chain.look_ended();
    CHECK(at.text("你好").outside == ruling::look::before);
    CHECK(at.chain.may_look_at_note(at.now));
}

TEST_CASE("asking once more counts as a look") {
    linked at{moderation_mode::hold, true, 10};
    int looks = 0;
    while (at.chain.may_look_again(at.now)) {
        ++looks;
    }

    CHECK(looks == 8);
    CHECK(at.text("你好").outside == ruling::look::none);
}

TEST_CASE("without a filter all words pass") {
    moderation_chain chain{{}};

    CHECK(chain.judge({.words = "坏词"}, {}).is == ruling::decision::pass);
    CHECK_FALSE(chain.flags_note("坏词"));
}
