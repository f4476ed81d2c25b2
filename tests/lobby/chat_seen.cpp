// How far each side has seen, and who types: what is told and what is stored.
#include "server/lobby/chat.hpp"
#include "tests/lobby/encounter.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using progress = chat::progress;
namespace server = protocol::server;

namespace {

using seqs = std::vector<std::uint64_t>;

seqs seen_told(const effects& out, session_id to) {
    seqs all;
    for (const auto& told : messages<server::seen>(out, to)) {
        CHECK(told.pair == "ann+ben");
        all.push_back(told.seq);
    }
    return all;
}

}  // namespace

// ---- seen ----

TEST_CASE("what is seen is told to the partner and to nobody else") {
    encounter met;
    met.say(ann, 1, "a");
    met.out.clear();

    CHECK(met.see(side::two, 2));

    CHECK(seen_told(met.out, ann) == seqs{2});
    CHECK(met.out.size() == 1);
    CHECK(met.talk.described_to(side::one).partner_seen == 2);
}

TEST_CASE("seen is clamped to the newest event") {
    encounter met;
    met.say(ann, 1, "a");
    met.out.clear();

    met.see(side::two, 1'000'000);
    met.see(side::two, 2'000'000);

    CHECK(seen_told(met.out, ann) == seqs{2});
    CHECK(met.talk.described_to(side::one).partner_seen == 2);
}

TEST_CASE("seen never moves back, and the same again is nothing new") {
    encounter met;
    met.say(ann, 1, "a");
    met.say(ann, 2, "b");
    met.see(side::two, 3);
    met.out.clear();

    CHECK_FALSE(met.see(side::two, 2));
    CHECK_FALSE(met.see(side::two, 3));
    CHECK_FALSE(met.see(side::two, 0));

    CHECK(met.out.empty());
    CHECK(met.talk.described_to(side::one).partner_seen == 3);
}

TEST_CASE("the two sides see for themselves") {
    encounter met;
    met.say(ann, 1, "a");
    met.see(side::two, 2);
    met.out.clear();

    met.see(side::one, 1);

    CHECK(seen_told(met.out, ben) == seqs{1});
    CHECK(met.talk.described_to(side::two).partner_seen == 1);
    CHECK(met.talk.described_to(side::one).partner_seen == 2);
}

TEST_CASE("what was seen is stored once, as far as it has come") {
    encounter met;
    met.say(ann, 1, "a");
    met.say(ann, 2, "b");
    CHECK(met.see(side::two, 2));
    CHECK_FALSE(met.see(side::two, 3));  // is to be stored already
    CHECK_FALSE(met.see(side::one, 1));
    met.out.clear();

    met.talk.keep_seen(met.out);
    met.talk.keep_seen(met.out);

    const auto notes = take<note_seen>(met.out);
    REQUIRE(notes.size() == 2);
    CHECK(notes[0].pair == pair_id{5});
    CHECK(notes[0].who == side::one);
    CHECK(notes[0].seq == 1);
    CHECK(notes[1].who == side::two);
    CHECK(notes[1].seq == 3);
    met.say(ann, 3, "c");
    CHECK(met.see(side::two, 4));
}

TEST_CASE("what the store knows to be seen is not stored again") {
    auto opened = encounter::opened();
    opened.last_seq = 9;
    opened.seats[0].seen = 7;
    opened.seats[1].seen = 9;
    encounter met{std::move(opened)};

    CHECK_FALSE(met.see(side::one, 7));
    CHECK_FALSE(met.see(side::two, 9));
    met.talk.keep_seen(met.out);
    met.leave(side::one);

    CHECK(take<note_seen>(met.out).empty());
}

TEST_CASE("what was seen is stored before the end of the chat") {
    encounter met;
    met.say(ann, 1, "a");
    met.see(side::two, 2);
    met.out.clear();

    met.leave(side::two);

    const auto noted = std::ranges::find_if(
        met.out, [](const effect& one) { return std::holds_alternative<note_seen>(one); });
    const auto ended = std::ranges::find_if(
        met.out, [](const effect& one) { return std::holds_alternative<end_chat>(one); });
    REQUIRE(noted != met.out.end());
    CHECK(noted < ended);
}

TEST_CASE("who has no connection is told by the next welcome how far the partner has seen") {
    encounter met;
    met.say(ann, 1, "a");
    met.stored(2);
    met.talk.detach(side::one, met.out);
    met.out.clear();

    met.see(side::two, 2);

    CHECK(met.out.empty());
    met.talk.attach(side::one, ann_again, met.out);
    CHECK(met.talk.described_to(side::one).partner_seen == 2);
    CHECK(met.catch_up(side::one, 2) == progress::live);
    CHECK(met.hear(ann_again) == words{"partner here"});
}

TEST_CASE("what the partner sees while somebody catches up is told when they are live") {
    encounter met;
    met.say(ann, 1, "a");
    met.stored(2);
    met.come_back(side::one, ann_again);
    met.see(side::two, 1);
    met.see(side::two, 2);
    CHECK(met.out.empty());

    CHECK(met.catch_up(side::one, 2) == progress::live);

    CHECK(seen_told(met.out, ann_again) == seqs{2});
    CHECK(met.hear(ann_again) == words{"partner here", "seen"});
}

TEST_CASE("who catches up may say what they have seen") {
    encounter met;
    met.say(ann, 1, "a");
    met.stored(2);
    met.come_back(side::two, ben_again);

    CHECK(met.see(side::two, 2));

    CHECK(seen_told(met.out, ann) == seqs{2});
}

// ---- typing ----

TEST_CASE("typing is passed on as it is, and only to the partner") {
    encounter met;

    met.talk.typing(side::one, true, met.out);
    met.talk.typing(side::one, false, met.out);

    const auto heard = messages<server::typing>(met.out, ben);
    REQUIRE(heard.size() == 2);
    CHECK(heard[0].pair == "ann+ben");
    CHECK(heard[0].on);
    CHECK_FALSE(heard[1].on);
    CHECK(met.out.size() == 2);
}

TEST_CASE("typing is lost on whoever catches up or has no connection") {
    encounter met;
    met.talk.detach(side::two, met.out);
    met.out.clear();
    met.talk.typing(side::one, true, met.out);
    met.talk.attach(side::two, ben_again, met.out);
    met.hear(ann);
    met.talk.typing(side::one, true, met.out);
    CHECK(met.out.empty());

    CHECK(met.catch_up(side::two, 1) == progress::live);

    CHECK(met.hear(ben_again) == words{"partner here"});
}
