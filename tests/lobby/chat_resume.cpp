// A chat whose people lose their connections and come back.
#include "protocol/limits.hpp"
#include "server/lobby/chat.hpp"
#include "tests/lobby/encounter.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using progress = chat::progress;

TEST_CASE("the partner hears away and here once each, and only on a change") {
    encounter met;

    met.talk.set_away(side::one, true, met.out);
    met.talk.set_away(side::one, true, met.out);
    met.talk.detach(side::one, met.out);
    CHECK(met.hear(ben) == words{"partner away"});

    met.talk.attach(side::one, ann_again, met.out);
    met.talk.set_away(side::one, false, met.out);
    CHECK(met.hear(ben) == words{"partner here"});
}

TEST_CASE("a text to somebody away is stored and told on return, once and in order") {
    encounter met;
    met.talk.detach(side::two, met.out);
    met.say(ann, 1, "a");
    met.stored(2);
    met.say(ann, 2, "b");
    met.say(ann, 3, "c");
    met.talk.attach(side::two, ben_again, met.out);
    CHECK(met.hear(ben).empty());
    CHECK(met.hear(ben_again).empty());

    CHECK(met.catch_up(side::two, 1) == progress::read_on);
    CHECK(met.hear(ben_again).empty());
    CHECK(met.catch_up(side::two, 2) == progress::live);

    CHECK(met.hear(ben_again) == words{"text 3 partner b", "text 4 partner c", "partner here"});
}

TEST_CASE("nothing is pushed to a connection that catches up, and nothing is told twice after") {
    encounter met;
    met.talk.detach(side::two, met.out);
    met.talk.attach(side::two, ben_again, met.out);
    met.say(ann, 1, "a");
    met.say(ann, 2, "b");
    CHECK(met.hear(ben_again).empty());

    CHECK(met.catch_up(side::two, 2) == progress::live);
    met.say(ann, 3, "c");
    met.stored(4);

    CHECK(met.hear(ben_again) == words{"text 3 partner b", "partner here", "text 4 partner c"});
}

TEST_CASE("after the replay comes the partner's state as it is then") {
    encounter met;
    met.talk.detach(side::two, met.out);
    met.talk.attach(side::two, ben_again, met.out);
    met.talk.set_away(side::one, true, met.out);
    CHECK(met.hear(ben_again).empty());

    CHECK(met.catch_up(side::two, 1) == progress::live);

    CHECK(met.hear(ben_again) == words{"partner away"});
}

TEST_CASE("unacked texts of an older connection are waited for and then read") {
    encounter met;
    met.say(ann, 1, "a");
    met.talk.detach(side::one, met.out);
    met.talk.attach(side::one, ann_again, met.out);

    CHECK(met.catch_up(side::one, 1) == progress::wait);
    met.stored(2);
    CHECK(met.catch_up(side::one, 1) == progress::read_on);
    CHECK(met.catch_up(side::one, 2) == progress::live);

    CHECK(met.hear(ann_again) == words{"partner here"});
    CHECK(met.hear(ann).empty());  // its ack would have come over a connection that is gone
}

TEST_CASE("a text of an older connection said again over the new one is acked there, once") {
    encounter met;
    met.say(ann, 1, "a");
    met.talk.detach(side::one, met.out);
    met.talk.attach(side::one, ann_again, met.out);
    met.say(ann_again, 1, "a");

    CHECK(met.catch_up(side::one, 1) == progress::live);
    met.stored(2);

    CHECK(met.hear(ann_again) == words{"partner here", "ack 1 dup"});
    CHECK(met.hear(ben) == words{"text 2 partner a", "partner away", "partner here"});
}

TEST_CASE("a text said while catching up and stored meanwhile is acked in place of its event") {
    encounter met;
    met.talk.detach(side::one, met.out);
    met.talk.attach(side::one, ann_again, met.out);
    met.say_by({ann_again, 5}, 1, "a");
    met.say(ben, 1, "b");
    met.stored(3);
    CHECK(met.hear(ann_again).empty());

    CHECK(met.catch_up(side::one, 1) == progress::read_on);
    const auto due = met.talk.owed_acks(side::one, 2);
    CHECK(met.talk.owed_acks(side::one, 3).empty());
    CHECK(met.talk.owed_acks(side::one, 2).empty());
    CHECK(met.catch_up(side::one, 3) == progress::live);

    REQUIRE(due.size() == 1);
    CHECK(spoken(due[0].what) == "ack 1");
    CHECK(due[0].to == ann_again);
    CHECK(due[0].rid == 5);
    CHECK(met.hear(ann_again) == words{"partner here"});
}

TEST_CASE("a text whose ack is owed and that is said again is acked each time it was said") {
    encounter met;
    met.talk.detach(side::one, met.out);
    met.talk.attach(side::one, ann_again, met.out);
    met.say(ann_again, 1, "a");
    met.stored(2);

    met.say(ann_again, 1, "a");

    CHECK(met.hear(ann_again).empty());
    const auto due = met.talk.owed_acks(side::one, 2);
    REQUIRE(due.size() == 2);
    CHECK(spoken(due[0].what) == "ack 1");
    CHECK(spoken(due[1].what) == "ack 1 dup");
}

TEST_CASE("a text said while catching up and stored after going live is acked directly") {
    encounter met;
    met.talk.detach(side::one, met.out);
    met.talk.attach(side::one, ann_again, met.out);
    met.say(ann_again, 1, "a");
    CHECK(met.catch_up(side::one, 1) == progress::live);

    met.stored(2);

    CHECK(met.hear(ann_again) == words{"partner here", "ack 1"});
}

TEST_CASE("a flight that was full while catching up has room again when its acks were told") {
    encounter met;
    met.talk.detach(side::one, met.out);
    met.talk.attach(side::one, ann_again, met.out);
    for (std::uint64_t cid = 1; cid <= protocol::limits::in_flight_max; ++cid) {
        met.say(ann_again, cid, "x");
    }
    met.stored(65);
    met.say(ann_again, 65, "too many");
    CHECK(met.hear(ann_again) == words{"nack 65 in_flight_full"});
    CHECK(met.catch_up(side::one, 1) == progress::read_on);
    for (std::uint64_t seq = 2; seq <= 65; ++seq) {
        REQUIRE(met.talk.owed_acks(side::one, seq).size() == 1);
    }
    CHECK(met.catch_up(side::one, 65) == progress::live);
    met.out.clear();

    met.say(ann_again, 66, "too many");

    CHECK(met.hear(ann_again).empty());
    CHECK(met.hear(ben) == words{"text 66 partner too many"});
}

TEST_CASE("a new connection is not refused for a flight whose acks the older one missed") {
    encounter met;
    met.talk.detach(side::one, met.out);
    met.talk.attach(side::one, ann_again, met.out);
    for (std::uint64_t cid = 1; cid <= protocol::limits::in_flight_max; ++cid) {
        met.say(ann_again, cid, "x");
    }
    met.stored(65);
    met.say(ann_again, 65, "too many");
    met.talk.detach(side::one, met.out);
    met.talk.attach(side::one, ann, met.out);
    CHECK(met.catch_up(side::one, 65) == progress::live);
    met.out.clear();

    met.say(ann, 66, "again");

    CHECK(met.hear(ann).empty());
    CHECK(met.hear(ben) == words{"text 66 partner again"});
}

TEST_CASE("whoever catches up when the partner leaves is shown the end by the replay") {
    encounter met;
    met.talk.detach(side::two, met.out);
    met.talk.attach(side::two, ben_again, met.out);
    met.say(ann, 1, "a");
    met.leave(side::one);
    CHECK(met.hear(ben_again).empty());

    CHECK(met.catch_up(side::two, 1) == progress::wait);
    met.stored(3);
    CHECK(met.hear(ben_again).empty());
    CHECK(met.catch_up(side::two, 2) == progress::read_on);
    CHECK(met.catch_up(side::two, 3) == progress::over);

    CHECK(met.hear(ben_again) == words{"partner left left"});
    CHECK(met.hear(ann) == words{"partner away", "partner here", "ack 1", "end 3 me left", "idle"});
    CHECK(met.talk.over());
}

TEST_CASE("whoever leaves while catching up is idle after the replay has shown the end") {
    encounter met;
    met.talk.detach(side::two, met.out);
    met.talk.attach(side::two, ben_again, met.out);
    met.leave(side::two);
    CHECK(met.hear(ann).back() == "partner left left");

    met.stored(2);
    CHECK(met.hear(ben_again).empty());
    CHECK(met.catch_up(side::two, 1) == progress::read_on);
    CHECK(met.catch_up(side::two, 2) == progress::over);

    CHECK(met.hear(ben_again) == words{"idle"});
    CHECK(met.talk.over());
}

TEST_CASE("a chat that ends while one side has no connection is over when it is stored") {
    encounter met;
    met.talk.detach(side::two, met.out);

    met.leave(side::one);
    met.stored(2);

    CHECK(met.hear(ben).empty());
    CHECK(met.talk.over());
}

TEST_CASE("a leaver whose connection goes before the commit keeps nothing alive") {
    encounter met;
    met.say(ann, 1, "a");
    met.leave(side::one);
    met.talk.detach(side::one, met.out);
    met.hear(ben);

    met.stored(3);

    CHECK(met.hear(ann).empty());
    CHECK(met.hear(ben).empty());  // is idle already: nothing of away or here
    CHECK(met.talk.over());
}

TEST_CASE("a restored chat starts with both away, and says so to whoever comes first") {
    chat restored{encounter::opened(), {}};
    effects out;

    restored.attach(side::one, ann, out);
    CHECK(restored.catch_up(side::one, 1, out) == progress::live);
    CHECK(hear(out, ann) == words{"partner away"});

    restored.attach(side::two, ben, out);
    CHECK(hear(out, ann) == words{"partner here"});
    CHECK(restored.catch_up(side::two, 1, out) == progress::live);
    CHECK(hear(out, ben) == words{"partner here"});
}

TEST_CASE(
    "who claims to hold a text of their own that is not stored yet gets its ack all the same") {
    encounter met;
    met.say(ann, 1, "a");
    met.say(ann, 2, "b");
    met.talk.attach(side::one, ann_again, met.out);
    CHECK(met.catch_up(side::one, 2) == progress::wait);
    met.say(ann_again, 1, "a");
    met.stored(2);
    met.stored(3);
    met.out.clear();

    CHECK(met.catch_up(side::one, 3) == progress::live);

    CHECK(met.hear(ann_again) == words{"ack 1 dup", "partner here"});
}
