// The store's contract, continued: blocks and reports.
#include "tests/storage/worlds.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

std::vector<person_key> blocked_by(store& where, std::int64_t who) {
    return answered(where, find_user{.name = user(who).name, .user = {}, .blocked = {}}).blocked;
}

}  // namespace

EACH_STORE("a block names the person, is found with the user, and shows in the list") {
    world<TestType> at;
    done(at.store, meeting(1, 4, 5001));
    done(at.store, meeting(1, 3, 5002));
    done(at.store, meeting(1, 2, 5003));

    const auto first = done(at.store, blocking(1, "pair-1-4"));
    const auto second = done(at.store, blocking(1, "pair-1-2"));

    CHECK(first.result == pair_change::done);
    CHECK(first.person == user(4).person);
    CHECK(second.person == user(2).person);
    const std::vector both{user(2).person, user(4).person};
    CHECK(blocked_by(at.store, 1) == both);
    CHECK(blocked_by(at.store, 2).empty());
    const std::vector<std::string> list{"pair-1-2 at 5003: 1 '', 0 unseen, blocked",
                                        "pair-1-3 at 5002: 1 '', 0 unseen",
                                        "pair-1-4 at 5001: 1 '', 0 unseen, blocked"};
    CHECK(listed(at.store, 1) == list);
    CHECK(listed(at.store, 2)[0].find("blocked") == std::string::npos);
}

EACH_STORE("blocking and unblocking again changes nothing and is done") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    const std::vector<person_key> one{user(2).person};

    CHECK(done(at.store, blocking(1, "pair-1-2")).result == pair_change::done);
    CHECK(done(at.store, blocking(1, "pair-1-2", true, 1)).result == pair_change::done);
    CHECK(blocked_by(at.store, 1) == one);
    CHECK(done(at.store, blocking(1, "pair-1-2", false)).result == pair_change::done);
    CHECK(blocked_by(at.store, 1).empty());
    const auto again = done(at.store, blocking(1, "pair-1-2", false));
    CHECK(again.result == pair_change::done);
    CHECK(again.person == user(2).person);
}

EACH_STORE("blocks are bounded") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    done(at.store, meeting(1, 3));
    done(at.store, blocking(1, "pair-1-2", true, 1));

    const auto second = done(at.store, blocking(1, "pair-1-3", true, 1));

    CHECK(second.result == pair_change::too_many);
    CHECK(second.person == person_key{});
    CHECK(blocked_by(at.store, 1).size() == 1);
    done(at.store, blocking(1, "pair-1-2", false, 1));
    CHECK(done(at.store, blocking(1, "pair-1-3", true, 1)).result == pair_change::done);
    CHECK(done(at.store, blocking(1, "pair-1-2", true, 0)).result == pair_change::too_many);
}

EACH_STORE("nobody is blocked by a pair that is not one's own, or cleared") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    done(at.store, meeting(1, 3));
    done(at.store, blocking(1, "pair-1-3"));
    done(at.store, clearing(1, "pair-1-2"));
    done(at.store, clearing(1, "pair-1-3"));

    CHECK(done(at.store, blocking(3, "pair-1-2")).result == pair_change::unknown);
    CHECK(done(at.store, blocking(1, "pair-9-9")).result == pair_change::unknown);
    CHECK(done(at.store, blocking(1, "pair-1-2")).result == pair_change::unknown);
    CHECK(done(at.store, blocking(1, "pair-1-2", false)).result == pair_change::unknown);
    const auto unblocked = done(at.store, blocking(1, "pair-1-3", false));
    CHECK(unblocked.result == pair_change::done);
    CHECK(unblocked.person == user(3).person);
    CHECK(done(at.store, blocking(1, "pair-1-3", false)).result == pair_change::unknown);
    CHECK(done(at.store, blocking(2, "pair-1-2")).result == pair_change::done);
}

EACH_STORE("a refused batch blocks, reports and notes nothing, and answers nothing") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    std::array<change, 4> batch{blocking(1, "pair-1-2"), reporting(1, "pair-1-2"),
                                note_consents{user_id{1}, {"a"}, 7000}, text(pair_id{999}, 1)};

    CHECK(at.store.commit(batch) == commit_result::refused);

    CHECK(std::get<block_person>(batch[0]).result == pair_change::unknown);
    CHECK(std::get<block_person>(batch[0]).person == person_key{});
    CHECK(std::get<add_report>(batch[1]).result == pair_change::unknown);
    CHECK(std::get<add_report>(batch[1]).id == 0);
    CHECK(blocked_by(at.store, 1).empty());
    CHECK(purged(at.store, 99'999).rows == 0);
}

EACH_STORE("a block outlives an erasure on the other side, even a forgotten name") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    done(at.store, blocking(1, "pair-1-2"));
    const std::vector<person_key> one{user(2).person};

    done(at.store, erasure(2));
    purged(at.store, 99'999);

    CHECK(blocked_by(at.store, 1) == one);
    CHECK(listed(at.store, 1)[0].find("blocked") != std::string::npos);
    CHECK(done(at.store, blocking(1, "pair-1-2")).result == pair_change::unknown);
    const auto unblocked = done(at.store, blocking(1, "pair-1-2", false));
    CHECK(unblocked.result == pair_change::done);
    CHECK(unblocked.person == user(2).person);
    CHECK(blocked_by(at.store, 1).empty());
    CHECK(done(at.store, blocking(1, "pair-1-2", false)).result == pair_change::unknown);
}

EACH_STORE("who erased their account blocks, reports and clears nobody any more") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    done(at.store, blocking(1, "pair-1-2"));

    done(at.store, erasure(1));

    CHECK(blocked_by(at.store, 1).empty());
    CHECK(done(at.store, blocking(1, "pair-1-2")).result == pair_change::unknown);
    CHECK(done(at.store, reporting(1, "pair-1-2")).result == pair_change::unknown);
    CHECK(done(at.store, clearing(1, "pair-1-2")).result == pair_change::unknown);
}

EACH_STORE("a report keeps the newest events until its time has come") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    for (std::uint64_t seq = 2; seq <= 10; ++seq) {
        done(at.store, text(pair, seq));
    }

    CHECK(done(at.store, reporting(1, "pair-1-2", 30'000, 5)).result == pair_change::done);

    CHECK(purged(at.store, 29'999).rows == 0);
    CHECK(purged(at.store, 30'000).rows == 6);  // the report and five events
    CHECK(purged(at.store, 30'000).rows == 0);
}

EACH_STORE("one person's reports of another are one, which takes the newer end and new events") {
    world<TestType> at;
    const auto live = done(at.store, meeting(1, 2)).live;
    done(at.store, reporting(1, "pair-1-2", 30'000));
    done(at.store, text(live.pair.id, 2));
    done(at.store, reporting(1, "pair-1-2", 40'000));
    done(at.store, reporting(2, "pair-1-2", 30'000));

    CHECK(purged(at.store, 30'000).rows == 3);  // the other one's: a report and two events
    CHECK(purged(at.store, 40'000).rows == 3);
}

EACH_STORE("reports of one person in two pairs are one report") {
    world<TestType> at;
    const auto live = done(at.store, meeting(1, 2)).live;
    done(at.store, reporting(1, "pair-1-2"));
    done(at.store, ending(live, 2));
    done(at.store, clearing(2, "pair-1-2"));
    done(at.store, meeting(1, 2, 9500, "fresh"));

    done(at.store, reporting(1, "fresh"));

    CHECK(purged(at.store, 30'000).rows == 3);  // one report, an event of each pair
}

EACH_STORE("nobody reports without having met, or from a cleared pair, or who was forgotten") {
    world<TestType> at;
    done(at.store, meeting(1, 2));
    done(at.store, meeting(1, 3));
    done(at.store, meeting(1, 4));
    done(at.store, clearing(1, "pair-1-2"));
    done(at.store, erasure(4));

    CHECK(done(at.store, reporting(4, "pair-1-2")).result == pair_change::unknown);
    CHECK(done(at.store, reporting(1, "pair-9-9")).result == pair_change::unknown);
    CHECK(done(at.store, reporting(1, "pair-1-2")).result == pair_change::unknown);
    CHECK(done(at.store, reporting(2, "pair-1-2")).result == pair_change::done);
    CHECK(done(at.store, reporting(1, "pair-1-4")).result == pair_change::done);
    purged(at.store, 25'000);
    CHECK(done(at.store, reporting(1, "pair-1-4")).result == pair_change::unknown);
}

EACH_STORE("what is due goes in small steps") {
    world<TestType> at;
    const pair_id pair = done(at.store, meeting(1, 2)).live.pair.id;
    for (std::uint64_t seq = 2; seq <= 30; ++seq) {
        done(at.store, text(pair, seq));
    }
    done(at.store, reporting(1, "pair-1-2", 30'000));

    const auto step = done(at.store, purge{.now = 30'000, .rows_max = 7, .completed = {}});
    CHECK(step.rows == 7);
    CHECK(step.more);
    CHECK(purged(at.store, 30'000, 7).rows == 24);
}
