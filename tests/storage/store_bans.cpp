// The store's contract, continued: bans, and mutes by those who report.
#include "tests/storage/worlds.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

constexpr unix_ms day = 86'400'000;

user_row row(store& where, std::int64_t id) {
    return answered(where, find_user{.name = user(id).name, .user = {}, .blocked = {}})
        .user.value_or(user_row{});
}

std::vector<ban_row> bans(store& where, std::int64_t id) {
    return answered(where, find_bans{.user = user_id{id}, .bans = {}}).bans;
}

find_standing standing(store& where, std::int64_t id) {
    return answered(where, find_standing{.person = user(id).person});
}

// User `id` comes again with the account of user `as`.
void come_again(store& where, std::int64_t id, std::int64_t as) {
    user_row again = user(id);
    again.account = user(as).account;
    again.person = user(as).person;
    done(where, make_user{again});
}

lift_ban lifting(std::int64_t id, unix_ms at) {
    return {.user = user_id{id}, .at = at};
}

resolve_reports looked_at(std::int64_t id, unix_ms at = 9500) {
    return {.user = user_id{id}, .at = at};
}

// Each of `reporters` meets user 1 and leaves again.
void meet_one(store& where, std::initializer_list<std::int64_t> reporters) {
    for (const std::int64_t id : reporters) {
        const auto live = done(where, meeting(1, id)).live;
        done(where, ending(live, 2));
    }
}

add_report muting(std::int64_t reporter, std::uint32_t after, unix_ms at = 8000,
                  unix_ms since = 0) {
    auto report = reporting(reporter, "pair-1-" + std::to_string(reporter));
    report.at = at;
    report.mute_after = after;
    report.mute_since = since;
    return report;
}

}  // namespace

EACH_STORE("a ban is found with the user, and with the person") {
    world<TestType> at;

    const auto banned = done(at.store, ban(1, {day}));

    CHECK(banned.known);
    CHECK(banned.person == user(1).person);
    CHECK(banned.until == 5000 + day);
    CHECK(row(at.store, 1).banned_until == 5000 + day);
    CHECK(standing(at.store, 1).banned_until == 5000 + day);
    CHECK(row(at.store, 2).banned_until == 0);
    const ban_row kept{.user = user_id{1},
                       .reason = "the reason",
                       .by = "the operator",
                       .since = 5000,
                       .until = 5000 + day,
                       .level = 1};
    CHECK(bans(at.store, 1) == std::vector{kept});
    CHECK(answered(at.store, count_standings{.now = 5000 + day - 1}).banned == 1);
    CHECK(answered(at.store, count_standings{.now = 5000 + day}).banned == 0);
}

EACH_STORE("nobody is banned who is unknown, or of whom nothing is known any more") {
    world<TestType> at;
    done(at.store, erasure(2, 10'000, 10'000));
    purged(at.store, 10'000);

    CHECK_FALSE(done(at.store, ban(77, {day})).known);
    CHECK_FALSE(done(at.store, ban(2, {day})).known);
    CHECK_FALSE(done(at.store, lifting(2, 10'000)).known);
    CHECK_FALSE(done(at.store, looked_at(2)).known);
    CHECK(answered(at.store, count_standings{.now = 0}).banned == 0);
}

EACH_STORE("each ban lasts longer than the one before, also over an erasure") {
    world<TestType> at;
    const std::vector<unix_ms> terms{day, 7 * day, 0};

    CHECK(done(at.store, ban(1, terms, 1000)).until == 1000 + day);
    done(at.store, erasure(1));
    come_again(at.store, 11, 1);
    CHECK(row(at.store, 11).banned_until == 1000 + day);
    const auto second = done(at.store, ban(11, terms, 2 * day));
    CHECK(second.level == 2);
    CHECK(second.until == 9 * day);
    CHECK(done(at.store, ban(11, terms, 10 * day)).until == 9'007'199'254'740'991);
    CHECK(bans(at.store, 1).size() == 1);
    CHECK(bans(at.store, 11).size() == 2);
    CHECK(bans(at.store, 11)[0].level == 3);
}

EACH_STORE("what was long ago doesn't count for the next ban's length") {
    world<TestType> at;
    const std::vector<unix_ms> terms{day, 7 * day};
    done(at.store, ban(1, terms, 1000));

    auto later = ban(1, terms, 5 * day);
    later.counted_from = 1000 + day;

    CHECK(done(at.store, later).level == 1);
    later.counted_from -= 1;
    CHECK(done(at.store, later).level == 3);
}

EACH_STORE("a shorter ban beside a longer one shortens nothing") {
    world<TestType> at;
    done(at.store, ban(1, {7 * day}));

    CHECK(done(at.store, ban(1, {day})).until == 5000 + 7 * day);
    CHECK(row(at.store, 1).banned_until == 5000 + 7 * day);
}

EACH_STORE("a lifted ban is over and counts for nothing") {
    world<TestType> at;
    done(at.store, ban(1, {day, 7 * day}));
    done(at.store, ban(1, {day, 7 * day}));

    const auto lifted = done(at.store, lifting(1, 6000));

    CHECK(lifted.lifted == 2);
    CHECK(lifted.person == user(1).person);
    CHECK(row(at.store, 1).banned_until == 6000);
    CHECK(bans(at.store, 1)[0].until == 6000);
    CHECK(bans(at.store, 1)[0].lifted);
    CHECK(done(at.store, lifting(1, 6001)).lifted == 0);
    CHECK(done(at.store, meeting(1, 2, 6000)).opened);
    CHECK(done(at.store, ban(1, {day, 7 * day}, 7000)).level == 1);
}

EACH_STORE("whoever was erased is banned with the account they come again with") {
    world<TestType> at;
    done(at.store, ban(1, {day}));
    done(at.store, erasure(1));
    purged(at.store, 20'000);
    come_again(at.store, 11, 1);

    CHECK(row(at.store, 11).banned_until == 5000 + day);
    CHECK_FALSE(done(at.store, meeting(2, 11, 5000 + day - 1)).opened);
    CHECK(done(at.store, meeting(2, 11, 5000 + day)).opened);
}

EACH_STORE(
    "an erased person's ban that is over has no name or reason, and counts for the next one") {
    world<TestType> at;
    done(at.store, ban(1, {day, 7 * day}));
    done(at.store, erasure(1));
    purged(at.store, 20'000);
    REQUIRE(bans(at.store, 1).size() == 1);

    purged(at.store, 5000 + day);

    CHECK(bans(at.store, 1).empty());
    REQUIRE(bans(at.store, 0).size() == 1);
    CHECK(bans(at.store, 0)[0].reason.empty());
    CHECK(bans(at.store, 0)[0].by.empty());
    CHECK(row(at.store, 1).person == person_key{});
    CHECK(standing(at.store, 1).banned_until == 5000 + day);
    come_again(at.store, 11, 1);
    CHECK(done(at.store, ban(11, {day, 7 * day}, 2 * day)).level == 2);
}

EACH_STORE("an erased person's ban that counts no longer is deleted") {
    world<TestType> at;
    done(at.store, ban(1, {day, 7 * day}));
    done(at.store, erasure(1));
    purged(at.store, 20'000);
    purged(at.store, 5000 + day);

    done(at.store, purge{.now = 9 * day, .bans_before = 5000 + day, .completed = {}});

    CHECK(bans(at.store, 0).empty());
    come_again(at.store, 11, 1);
    CHECK(done(at.store, ban(11, {day, 7 * day}, 9 * day)).level == 1);
}

EACH_STORE("an erased person's lifted ban keeps nothing") {
    world<TestType> at;
    done(at.store, ban(1, {0}));
    done(at.store, erasure(1));
    purged(at.store, 20'000);

    CHECK(done(at.store, lifting(1, 30'000)).lifted == 1);
    purged(at.store, 30'000);

    CHECK(bans(at.store, 1).empty());
    CHECK(row(at.store, 1).person == person_key{});
}

EACH_STORE("old bans of those who are still here are deleted in small steps") {
    world<TestType> at;
    for (std::int64_t n = 0; n < 5; ++n) {
        done(at.store, ban(1, {100}, 1000 + n));
    }

    auto step = done(at.store, purge{.now = 9999, .rows_max = 2, .bans_before = 1103});
    CHECK(step.rows == 2);
    CHECK(step.more);
    done(at.store, purge{.now = 9999, .rows_max = 2, .bans_before = 1103});
    step = done(at.store, purge{.now = 9999, .rows_max = 2, .bans_before = 1103});

    CHECK(step.rows == 0);
    CHECK_FALSE(step.more);
    CHECK(bans(at.store, 1).size() == 1);
}

EACH_STORE("a refused batch leaves no ban behind and none lifted") {
    world<TestType> at;
    done(at.store, ban(1, {day}));
    std::array<change, 3> batch{ban(2, {day}), lifting(1, 6000), void_chat{chat_id{99}}};

    REQUIRE(at.store.commit(batch) == commit_result::refused);

    CHECK_FALSE(std::get<ban_person>(batch[0]).known);
    CHECK(std::get<lift_ban>(batch[1]).lifted == 0);
    CHECK(row(at.store, 2).banned_until == 0);
    CHECK(row(at.store, 1).banned_until == 5000 + day);
}

EACH_STORE("enough people who report mute, and each weighs once") {
    world<TestType> at;
    meet_one(at.store, {2, 3, 4});

    CHECK_FALSE(done(at.store, muting(2, 3)).muted);
    CHECK_FALSE(done(at.store, muting(2, 3)).muted);
    CHECK_FALSE(done(at.store, muting(3, 3)).muted);
    CHECK_FALSE(row(at.store, 1).muted);
    const auto third = done(at.store, muting(4, 3));

    CHECK(third.muted);
    CHECK(third.person == user(1).person);
    CHECK(row(at.store, 1).muted);
    CHECK(standing(at.store, 1).muted);
    CHECK(answered(at.store, count_standings{}).muted == 1);
    CHECK_FALSE(done(at.store, muting(4, 3)).muted);
    CHECK(answered(at.store, count_standings{}).muted == 1);
}

EACH_STORE("reports mute nobody when that is off") {
    world<TestType> at;
    meet_one(at.store, {2});

    CHECK_FALSE(done(at.store, muting(2, 0)).muted);
    CHECK_FALSE(row(at.store, 1).muted);
}

EACH_STORE("a guest's report never counts") {
    world<TestType> at;
    user_row guest = user(9);
    guest.from = provider::guest;
    done(at.store, make_user{guest});
    meet_one(at.store, {2, 9});

    CHECK_FALSE(done(at.store, muting(9, 1)).muted);
    CHECK_FALSE(done(at.store, muting(9, 2)).muted);
    CHECK_FALSE(done(at.store, muting(2, 2)).muted);
    CHECK(done(at.store, muting(2, 1)).muted);
}

EACH_STORE("whoever erases an account and makes another weighs once all the same") {
    world<TestType> at;
    meet_one(at.store, {2});
    done(at.store, muting(2, 2));
    done(at.store, erasure(2));
    come_again(at.store, 12, 2);
    meet_one(at.store, {12});

    CHECK_FALSE(done(at.store, muting(12, 2)).muted);
}

EACH_STORE("a report counts as long as its window lasts, and isn't renewed") {
    world<TestType> at;
    meet_one(at.store, {2, 3});
    done(at.store, muting(2, 2, 1000));

    CHECK_FALSE(done(at.store, muting(2, 2, 7000)).muted);
    CHECK_FALSE(done(at.store, muting(3, 2, 8000, 1000)).muted);
    CHECK(done(at.store, muting(3, 2, 8000, 999)).muted);
}

EACH_STORE("a mute holds until somebody has looked, and what was looked at doesn't count again") {
    world<TestType> at;
    meet_one(at.store, {2, 3});
    done(at.store, muting(2, 2));
    REQUIRE(done(at.store, muting(3, 2)).muted);

    const auto looked = done(at.store, looked_at(1));

    CHECK(looked.known);
    CHECK(looked.resolved == 2);
    CHECK(looked.person == user(1).person);
    CHECK_FALSE(row(at.store, 1).muted);
    CHECK(done(at.store, looked_at(1)).resolved == 0);
    CHECK_FALSE(done(at.store, muting(2, 2)).muted);
    CHECK(done(at.store, muting(3, 2)).muted);
}

EACH_STORE("a mute outlives an erasure and ends with its report") {
    world<TestType> at;
    meet_one(at.store, {2});
    REQUIRE(done(at.store, muting(2, 1)).muted);
    done(at.store, erasure(1));
    come_again(at.store, 11, 1);

    CHECK(row(at.store, 11).muted);
    purged(at.store, 30'000);
    CHECK_FALSE(row(at.store, 11).muted);
}
