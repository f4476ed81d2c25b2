#include "server/lobby/chat.hpp"

#include "protocol/limits.hpp"
#include "tests/lobby/encounter.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;

namespace {

constexpr std::uint64_t in_flight_max = protocol::limits::in_flight_max;

std::vector<accepted_texts::mark> marks_up_to(std::uint64_t last) {
    std::vector<accepted_texts::mark> marks;
    for (std::uint64_t cid = 1; cid <= last; ++cid) {
        marks.push_back({cid, cid + 1, 50'000, digest_of("old")});
    }
    return marks;
}

}  // namespace

// ---- talking ----

TEST_CASE("a text reaches the partner at once and the store after, with the same seq") {
    encounter met;

    met.say(ann, 1, "hi");

    REQUIRE(met.out.size() == 2);
    CHECK(std::holds_alternative<tell>(met.out[0]));
    CHECK(std::holds_alternative<keep>(met.out[1]));
    CHECK(met.hear(ben) == words{"text 2 partner hi"});
    const auto kept = take<keep>(met.out);
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].pair == pair_id{5});
    CHECK(kept[0].what.seq == 2);
    CHECK(kept[0].what.from == side::one);
    CHECK(kept[0].what.cid == 1);
    CHECK(kept[0].what.text == "hi");
}

TEST_CASE("texts of both sides are numbered densely in the order of saying") {
    encounter met;

    met.say(ann, 1, "a");
    met.say(ben, 7, "b");
    met.say(ann, 3, "c");

    CHECK(met.hear(ben) == words{"text 2 partner a", "text 4 partner c"});
    CHECK(met.hear(ann) == words{"text 3 partner b"});
    CHECK(met.talk.last_seq() == 4);
}

TEST_CASE("an ack comes after the commit and not before") {
    encounter met;
    met.say_by({ann, 77}, 1, "hi");
    CHECK(met.hear(ann).empty());

    met.stored(2);

    const auto acks = messages<protocol::server::ack>(met.out, ann);
    REQUIRE(acks.size() == 1);
    CHECK(acks[0].pair == "ann+ben");
    CHECK(acks[0].cid == 1);
    CHECK(acks[0].seq == 2);
    CHECK(acks[0].at == 60'000);
    CHECK_FALSE(acks[0].dup);
    CHECK(std::get<tell>(met.out.back()).rid == 77);
    CHECK(met.hear(ben) == words{"text 2 partner hi"});
}

TEST_CASE("one commit of many texts acks each, in order") {
    encounter met;
    met.say(ann, 1, "a");
    met.say(ann, 2, "b");
    met.say(ann, 5, "c");

    met.stored(3);
    CHECK(met.hear(ann) == words{"ack 1", "ack 2"});

    met.stored(4);
    CHECK(met.hear(ann) == words{"ack 5"});
}

TEST_CASE("the time of an event is never less than that of the one before") {
    encounter met;
    met.now.unix_ms = 40'000;  // the wall clock was set back
    met.say(ann, 1, "a");
    met.now.unix_ms = 55'000;
    met.say(ben, 1, "b");
    met.now.unix_ms = 54'000;
    met.leave(side::one);

    const auto kept = take<keep>(met.out);
    CHECK(kept[0].what.at == 50'000);
    CHECK(kept[1].what.at == 55'000);
    CHECK(take<end_chat>(met.out)[0].end.at == 55'000);
}

// ---- saying again ----

TEST_CASE("a stored text said again is acked as a repeat, and neither shown nor stored again") {
    encounter met;
    met.say(ann, 1, "hi");
    met.stored(2);
    met.out.clear();

    met.say_by({ann, 8}, 1, "hi");

    const auto acks = messages<protocol::server::ack>(met.out, ann);
    REQUIRE(acks.size() == 1);
    CHECK(acks[0].seq == 2);
    CHECK(acks[0].at == 60'000);
    CHECK(acks[0].dup == true);
    CHECK(std::get<tell>(met.out[0]).rid == 8);
    CHECK(met.out.size() == 1);
    CHECK(met.talk.last_seq() == 2);
}

TEST_CASE("a text said again before its commit is acked each time it was said, after the commit") {
    encounter met;
    met.say(ann, 1, "hi");
    met.say_by({ann, 8}, 1, "hi");
    CHECK(met.hear(ann).empty());

    met.stored(2);

    CHECK(std::get<tell>(met.out.back()).rid == 8);
    CHECK(met.hear(ann) == words{"ack 1", "ack 1 dup"});
    CHECK(met.hear(ben) == words{"text 2 partner hi"});
    CHECK(take<keep>(met.out).size() == 1);
}

TEST_CASE("a known number with another text is a conflict, stored or not") {
    encounter met;
    met.say(ann, 1, "hi");
    met.say(ann, 1, "ho");
    CHECK(met.hear(ann) == words{"nack 1 cid_conflict"});

    met.stored(2);
    met.say(ann, 1, "ho");

    CHECK(met.hear(ann) == words{"ack 1", "nack 1 cid_conflict"});
    CHECK(met.talk.last_seq() == 2);
}

TEST_CASE("a number below an accepted one that was never accepted is stale") {
    encounter met;
    met.say(ann, 5, "hi");

    met.say(ann, 4, "late");

    CHECK(met.hear(ann) == words{"nack 4 cid_stale"});
}

TEST_CASE("below the last 64 accepted texts a repeat is stale, among them it is acked") {
    auto opened = encounter::opened();
    opened.last_seq = 66;
    opened.seats[0].accepted = marks_up_to(64);
    encounter met{std::move(opened)};
    met.say(ann, 65, "new");

    met.say(ann, 1, "old");
    met.say(ann, 2, "old");

    CHECK(met.hear(ann) == words{"nack 1 cid_stale", "ack 2 dup"});
}

TEST_CASE("the numbers of the two sides are told apart") {
    encounter met;
    met.say(ann, 9, "a");

    met.say(ben, 9, "other");
    met.say(ben, 10, "b");

    CHECK(met.hear(ben) == words{"text 2 partner a"});
    CHECK(met.talk.last_seq() == 4);
}

// ---- limits ----

TEST_CASE("the 65th unacked text is refused, and every new one until an ack makes room") {
    encounter met;
    for (std::uint64_t cid = 1; cid <= in_flight_max; ++cid) {
        met.say(ann, cid, "x");
    }
    CHECK(met.hear(ann).empty());
    met.say(ann, 65, "too many");
    met.say(ann, 66, "and the next");
    CHECK(met.hear(ann) == words{"nack 65 in_flight_full", "nack 66 in_flight_full"});

    met.stored(2);
    met.say(ann, 67, "too many");

    CHECK(met.hear(ann) == words{"ack 1"});
    CHECK(met.talk.last_seq() == 66);
    met.say(ann, 68, "full again");
    CHECK(met.hear(ann) == words{"nack 68 in_flight_full"});
}

TEST_CASE("a full flight of one side does not hinder the other, nor repeats") {
    encounter met;
    for (std::uint64_t cid = 1; cid <= in_flight_max + 1; ++cid) {
        met.say(ann, cid, "x");
    }
    met.out.clear();

    met.say(ben, 1, "hi");
    met.say(ann, 3, "x");

    CHECK(met.hear(ann) == words{"text 66 partner hi"});
    met.stored(4);
    CHECK(met.hear(ann) == words{"ack 1", "ack 2", "ack 3", "ack 3 dup"});
}

TEST_CASE("a closed gate refuses new texts with its code and passes repeats") {
    encounter met;
    met.say(ann, 1, "hi");
    met.stored(2);
    met.out.clear();
    met.on.closed = gate{protocol::refusal::store_unavailable, 700};

    met.say(ann, 1, "hi");
    met.say(ann, 2, "new");

    const auto nacks = messages<protocol::server::nack>(met.out, ann);
    REQUIRE(nacks.size() == 1);
    CHECK(nacks[0].retry_ms == 700);
    CHECK(met.hear(ann) == words{"ack 1 dup", "nack 2 store_unavailable"});
    CHECK(met.hear(ben).empty());
    CHECK(take<keep>(met.out).empty());
}

TEST_CASE("the number is checked before the gate") {
    encounter met;
    met.say(ann, 5, "hi");
    met.on.closed = gate{protocol::refusal::store_unavailable, 700};

    met.say(ann, 5, "other");
    met.say(ann, 4, "late");

    CHECK(met.hear(ann) == words{"nack 5 cid_conflict", "nack 4 cid_stale"});
}

// ---- leaving ----

TEST_CASE("the partner of one who leaves is told at once, the leaver when it is stored") {
    encounter met;

    met.leave(side::one);

    CHECK(met.hear(ben) == words{"end 2 partner left", "partner left left"});
    CHECK(met.hear(ann).empty());
    CHECK_FALSE(met.talk.over());

    met.stored(2);

    CHECK(met.hear(ann) == words{"end 2 me left", "idle"});
    CHECK(met.hear(ben).empty());
    CHECK(met.talk.over());
}

TEST_CASE("a leaver who goes on to the next hears the end and no idle") {
    encounter met;

    met.leave(side::two, false);
    met.stored(2);

    CHECK(met.hear(ben) == words{"end 2 me left"});
    CHECK(met.talk.over());
}

TEST_CASE("a timeout is nobody's: both hear an end from the system and partner left") {
    encounter met;

    met.talk.end({.why = protocol::end_reason::timeout}, met.now, met.out);

    CHECK(met.hear(ann) == words{"end 2 system timeout", "partner left timeout"});
    CHECK(met.hear(ben) == words{"end 2 system timeout", "partner left timeout"});
    met.stored(2);
    CHECK(met.talk.over());
}

TEST_CASE("whoever leaves while nothing can be stored is idle at once") {
    encounter met;

    met.talk.end({.by = side::one,
                  .why = protocol::end_reason::left,
                  .idle_due = true,
                  .when_stored = false},
                 met.now, met.out);

    CHECK(met.hear(ann) == words{"end 2 me left", "idle"});
    CHECK(met.hear(ben) == words{"end 2 partner left", "partner left left"});
    CHECK_FALSE(met.talk.over());
    met.stored(2);
    CHECK(met.hear(ann).empty());
    CHECK(met.talk.over());
}

TEST_CASE("every ack of a chat precedes its end, on both sides") {
    encounter met;
    met.say(ann, 1, "a");
    met.say(ben, 1, "b");
    met.out.clear();

    met.leave(side::one);
    CHECK(met.hear(ann).empty());
    CHECK(met.hear(ben).empty());

    met.stored(2);
    CHECK(met.hear(ann) == words{"ack 1"});
    CHECK(met.hear(ben).empty());

    met.stored(3);
    CHECK(met.hear(ben) == words{"ack 1", "end 4 partner left", "partner left left"});
    CHECK(met.hear(ann).empty());

    met.stored(4);
    CHECK(met.hear(ann) == words{"end 4 me left", "idle"});
}

TEST_CASE("one commit of texts and end says all in order") {
    encounter met;
    met.say(ann, 1, "a");
    met.say(ben, 1, "b");
    met.leave(side::two);
    met.out.clear();

    met.stored(4);

    CHECK(met.hear(ann) == words{"ack 1", "end 4 partner left", "partner left left"});
    CHECK(met.hear(ben) == words{"ack 1", "end 4 me left", "idle"});
}

TEST_CASE("the end is stored with what may still be said again") {
    encounter met;
    met.say(ann, 3, "a");
    met.say(ben, 8, "b");

    met.leave(side::two);

    const auto ends = take<end_chat>(met.out);
    REQUIRE(ends.size() == 1);
    CHECK(ends[0].chat == chat_id{9});
    CHECK(ends[0].end.seq == 4);
    CHECK(ends[0].end.from == side::two);
    REQUIRE(ends[0].marks[0].size() == 1);
    CHECK(ends[0].marks[0][0].cid == 3);
    CHECK(ends[0].marks[0][0].digest == digest_of("a"));
    REQUIRE(ends[0].marks[1].size() == 1);
    CHECK(ends[0].marks[1][0].seq == 3);
}

// ---- how a chat is described ----

TEST_CASE("each side is shown the other's look and its own last number") {
    auto opened = encounter::opened();
    opened.met = 3;
    opened.topic = "music";
    opened.last_seq = 70;
    opened.seats[0].accepted = marks_up_to(9);
    opened.seats[1].seen = 44;
    encounter met{std::move(opened)};
    met.talk.introduce(side::two, "小本", "owl");

    const auto to_ann = met.talk.described_to(side::one);
    const auto to_ben = met.talk.described_to(side::two);

    CHECK(to_ann.pair == "ann+ben");
    CHECK(to_ann.partner == protocol::server::partner_info{"雨", "owl", "小本"});
    CHECK(to_ann.topic == "music");
    CHECK(to_ann.met == 3);
    CHECK(to_ann.last_seq == 70);
    CHECK(to_ann.last_cid == 9);
    CHECK(to_ann.partner_seen == 44);
    CHECK(to_ben.partner == protocol::server::partner_info{"云", "fox", {}});
    CHECK(to_ben.last_cid == 0);
    CHECK(to_ben.partner_seen == 0);
}

TEST_CASE("after a full flight a text already on its way does not overtake the refused one") {
    encounter met;
    for (std::uint64_t cid = 1; cid <= protocol::limits::in_flight_max; ++cid) {
        met.say(ann, cid, "x");
    }
    met.say(ann, 65, "refused first");
    met.stored(2);
    met.hear(ann);
    met.hear(ben);

    met.say(ann, 66, "on its way");
    met.say(ann, 67, "refused first");

    CHECK(met.hear(ann) == words{"nack 66 in_flight_full"});
    CHECK(met.hear(ben) == words{"text 66 partner refused first"});
}

TEST_CASE("who gives the refused text up is heard again when nothing is in flight") {
    encounter met;
    for (std::uint64_t cid = 1; cid <= protocol::limits::in_flight_max; ++cid) {
        met.say(ann, cid, "x");
    }
    met.say(ann, 65, "given up");
    met.stored(65);
    met.hear(ann);
    met.hear(ben);

    met.now.steady += std::chrono::seconds{1};
    met.say(ann, 66, "something else");

    CHECK(met.hear(ben) == words{"text 66 partner something else"});
}

TEST_CASE("a repeat that comes when the chat has just ended is told what became of its text") {
    encounter met;
    met.say(ann, 1, "a");
    met.leave(side::two);

    CHECK(met.talk.answer_repeat(side::one, {ann, 7}, {.cid = 1, .text = "a"}, met.out));
    CHECK_FALSE(met.talk.answer_repeat(side::one, {ann, 8}, {.cid = 2, .text = "b"}, met.out));
}
