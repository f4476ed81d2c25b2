// A text is taken back: who is shown it, when, and what is left of the text.
#include "server/lobby/chat.hpp"
#include "tests/lobby/encounter.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using namespace std::chrono_literals;
using progress = chat::progress;
namespace server = protocol::server;

namespace {

using seqs = std::vector<std::uint64_t>;

// Restored at the moment of an encounter: Ann has said one text, so long ago by the wall clock.
opened_chat restored(std::chrono::milliseconds ago) {
    auto opened = encounter::opened();
    opened.last_seq = 2;
    opened.seats[0].accepted = {{1, 2, 60'000 - ago.count(), digest_of("before")}};
    return opened;
}

}  // namespace

// ---- who is shown it ----

TEST_CASE("a recall of a stored text is shown to the partner at once, to the asker when stored") {
    encounter met;
    met.say(ann, 1, "oops");
    met.stored(2);
    met.out.clear();

    CHECK(met.recall_by({ann, 41}, 2));

    CHECK(met.hear(ann).empty());
    const auto shown = messages<server::event>(met.out, ben);
    REQUIRE(shown.size() == 1);
    CHECK(shown[0].kind == protocol::event_kind::recall);
    CHECK(shown[0].from == protocol::sender::partner);
    CHECK(shown[0].seq == 3);
    CHECK(shown[0].ref == 2);
    const auto kept = take<keep>(met.out);
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].what.kind == protocol::event_kind::recall);
    CHECK(kept[0].what.from == side::one);
    CHECK(kept[0].what.seq == 3);
    CHECK(kept[0].what.ref == 2);
    CHECK(kept[0].what.text.empty());
    met.out.clear();

    met.stored(3);

    REQUIRE(met.out.size() == 1);
    CHECK(std::get<tell>(met.out[0]).rid == 41);
    const auto answer = messages<server::event>(met.out, ann);
    REQUIRE(answer.size() == 1);
    CHECK(answer[0].from == protocol::sender::me);
    CHECK(answer[0].seq == 3);
    CHECK(answer[0].ref == 2);
    CHECK(answer[0].at == 60'000);
}

TEST_CASE("a recall of an unstored text follows its ack, and the row keeps what was said") {
    encounter met;
    met.say(ann, 1, "oops");

    CHECK(met.recall(ann, 2));

    CHECK(met.hear(ben) == words{"text 2 partner oops", "recall 3 partner"});
    const auto kept = take<keep>(met.out);
    REQUIRE(kept.size() == 2);
    CHECK(kept[0].what.text == "oops");  // sealed by the store, for a report
    CHECK_FALSE(kept[0].what.gone);
    CHECK(kept[1].what.ref == 2);
    met.stored(3);
    CHECK(met.hear(ann) == words{"ack 1", "recall 3 me"});
    CHECK(met.hear(ben).empty());
}

TEST_CASE("a text taken back and said again with its number is acked and not shown again") {
    encounter met;
    met.say(ann, 1, "oops");
    met.recall(ann, 2);
    met.say(ann, 1, "oops");
    met.say(ann, 1, "other");
    met.stored(3);
    met.say(ann, 1, "oops");

    CHECK(met.hear(ann) ==
          words{"nack 1 cid_conflict", "ack 1", "ack 1 dup", "recall 3 me", "ack 1 dup"});
    CHECK(met.hear(ben) == words{"text 2 partner oops", "recall 3 partner"});
    CHECK(met.talk.last_seq() == 3);
}

// ---- what can be taken back ----

TEST_CASE("a text is recalled only once") {
    encounter met;
    met.say(ann, 1, "oops");

    CHECK(met.recall(ann, 2));
    CHECK_FALSE(met.recall(ann, 2));
    met.stored(3);
    CHECK_FALSE(met.recall(ann, 2));

    CHECK(met.talk.last_seq() == 3);
}

TEST_CASE("the partner's texts, the start, a recall and unknown numbers are not recalled") {
    encounter met;
    met.say(ann, 1, "a");
    met.say(ben, 1, "b");
    met.recall(ann, 2);
    met.stored(4);
    met.out.clear();

    for (const std::uint64_t seq : seqs{0, 1, 3, 4, 5, 1'000'000}) {
        INFO("seq " << seq);
        CHECK_FALSE(met.recall(ann, seq));
    }
    CHECK(met.out.empty());
    CHECK(met.talk.last_seq() == 4);
}

TEST_CASE("a recall comes at most two minutes after the text by the clock that only goes on") {
    encounter met;
    met.say(ann, 1, "a");
    met.say(ann, 2, "b");

    met.now.steady += 2min;
    CHECK(met.recall(ann, 2));
    met.now.steady += 1ms;
    CHECK_FALSE(met.recall(ann, 3));
}

TEST_CASE("the wall clock neither hastens nor delays a recall") {
    encounter met;
    met.say(ann, 1, "a");
    met.say(ann, 2, "b");

    met.now.unix_ms += 3'600'000;  // it jumps
    CHECK(met.recall(ann, 2));
    met.now.unix_ms -= 2 * 3'600'000;
    met.now.steady += 2min + 1ms;
    CHECK_FALSE(met.recall(ann, 3));
}

TEST_CASE("a text of before a restart is recalled while it is young by the time it was said") {
    encounter young{restored(119s)};
    CHECK(young.recall(ann, 2));
    CHECK(young.hear(ben) == words{"recall 3 partner"});

    encounter old{restored(120s + 1ms)};
    CHECK_FALSE(old.recall(ann, 2));

    encounter ageing{restored(119s)};
    ageing.now.steady += 1s + 1ms;
    CHECK_FALSE(ageing.recall(ann, 2));
}

TEST_CASE("a restored text from the future counts as just said") {
    encounter met{restored(-1h)};  // the wall clock was set back

    met.now.steady += 2min;

    CHECK(met.recall(ann, 2));
}

TEST_CASE("a restored text is not recalled by the partner") {
    encounter met{restored(1s)};

    CHECK_FALSE(met.recall(ben, 2));
}

// ---- somebody catching up ----

TEST_CASE("who catches up is shown an unstored text that was taken back as gone, without it") {
    encounter met;
    met.come_back(side::two, ben_again);
    met.say(ann, 1, "oops");
    met.recall(ann, 2);

    CHECK(met.catch_up(side::two, 1) == progress::live);

    const auto shown = messages<server::event>(met.out, ben_again);
    REQUIRE(shown.size() == 2);
    CHECK(shown[0].seq == 2);
    CHECK(shown[0].gone == protocol::gone_reason::recall);
    CHECK_FALSE(shown[0].text);
    CHECK(shown[1].kind == protocol::event_kind::recall);
    CHECK(shown[1].seq == 3);
    CHECK(shown[1].ref == 2);
}

TEST_CASE("a recall by an older connection is shown to the new one by the replay") {
    encounter met;
    met.say(ann, 1, "oops");
    met.stored(2);
    met.recall(ann, 2);
    met.come_back(side::one, ann_again);

    CHECK(met.catch_up(side::one, 2) == progress::wait);
    met.stored(3);
    CHECK(met.catch_up(side::one, 2) == progress::read_on);
    CHECK(met.talk.owed_acks(side::one, 3).empty());  // so it is shown, as from `me`
    CHECK(met.catch_up(side::one, 3) == progress::live);

    CHECK(met.hear(ann).empty());
    CHECK(met.hear(ann_again) == words{"partner here"});
}

TEST_CASE("a recall asked while catching up and stored meanwhile is answered in its place") {
    encounter met;
    met.say(ann, 1, "oops");
    met.stored(2);
    met.come_back(side::one, ann_again);
    met.recall_by({ann_again, 6}, 2);
    met.say(ben, 1, "b");
    met.stored(4);
    CHECK(met.hear(ann_again).empty());

    CHECK(met.catch_up(side::one, 2) == progress::read_on);
    const auto due = met.talk.owed_acks(side::one, 3);
    CHECK(met.talk.owed_acks(side::one, 4).empty());
    CHECK(met.catch_up(side::one, 4) == progress::live);

    REQUIRE(due.size() == 1);
    CHECK(spoken(due[0].what) == "recall 3 me");
    CHECK(due[0].rid == 6);
    CHECK(met.hear(ann_again) == words{"partner here"});
}

TEST_CASE("a recall whose answer is owed takes no room from the texts in flight") {
    encounter met;
    met.say(ann, 1, "oops");
    met.stored(2);
    met.come_back(side::one, ann_again);
    met.recall(ann_again, 2);
    met.stored(3);

    for (std::uint64_t cid = 2; cid <= 66; ++cid) {
        met.say(ann_again, cid, "x");
    }

    CHECK(met.hear(ann_again) == words{"nack 66 in_flight_full"});
}

TEST_CASE("a recall asked while catching up and stored after going live is answered directly") {
    encounter met;
    met.say(ann, 1, "oops");
    met.stored(2);
    met.come_back(side::one, ann_again);
    met.recall(ann_again, 2);
    met.say(ben, 1, "b");

    CHECK(met.catch_up(side::one, 2) == progress::live);
    CHECK(met.hear(ann_again) == words{"partner here"});
    met.stored(4);

    CHECK(met.hear(ann_again) == words{"recall 3 me", "text 4 partner b"});
}

// ---- order ----

TEST_CASE("what the partner does does not overtake a recall that is not stored yet") {
    encounter met;
    met.say(ann, 1, "oops");
    met.say(ann, 2, "and again");
    met.stored(3);
    met.out.clear();

    met.recall(ann, 2);        // 4
    met.say(ben, 1, "b");      // 5
    met.recall(ann, 3);        // 6
    met.say(ben, 2, "c");      // 7
    met.recall(ben, 7);        // 8
    met.say(ann, 3, "mine");   // 9
    met.say(ben, 3, "later");  // 10
    CHECK(met.hear(ann).empty());
    CHECK(met.hear(ben) == words{"recall 4 partner", "recall 6 partner"});

    met.stored(4);
    CHECK(met.hear(ann) == words{"recall 4 me", "text 5 partner b"});
    met.stored(9);
    CHECK(met.hear(ann) == words{"recall 6 me", "text 7 partner recall", "recall 8 partner",
                                 "text 10 partner later", "ack 3"});
    met.say(ben, 4, "now");
    CHECK(met.hear(ann) == words{"text 11 partner now"});
    met.stored(11);
    CHECK(met.hear(ann).empty());
    CHECK(met.hear(ben) ==
          words{"ack 1", "ack 2", "recall 8 me", "text 9 partner mine", "ack 3", "ack 4"});
}

TEST_CASE("a text held back by a recall and taken back meanwhile is shown as gone") {
    encounter met;
    met.say(ann, 1, "oops");
    met.stored(2);
    met.recall(ann, 2);
    met.say(ben, 1, "never read");
    met.recall(ben, 4);
    met.out.clear();

    met.stored(3);

    const auto shown = messages<server::event>(met.out, ann);
    REQUIRE(shown.size() == 3);
    CHECK(shown[1].seq == 4);
    CHECK_FALSE(shown[1].text);
    CHECK(shown[1].gone == protocol::gone_reason::recall);
}

TEST_CASE("who loses the connection while a recall holds things back is shown them on return") {
    encounter met;
    met.say(ann, 1, "oops");
    met.stored(2);
    met.recall(ann, 2);
    met.say(ben, 1, "b");
    met.come_back(side::one, ann_again);
    met.say(ben, 2, "c");

    CHECK(met.catch_up(side::one, 2) == progress::wait);
    met.stored(3);
    CHECK(met.catch_up(side::one, 3) == progress::live);
    met.stored(5);

    CHECK(met.hear(ann_again) == words{"text 4 partner b", "text 5 partner c", "partner here"});
}

TEST_CASE("who claims to hold an unstored recall waits for it all the same") {
    encounter met;
    met.say(ann, 1, "oops");
    met.stored(2);
    met.recall(ann, 2);
    met.say(ben, 1, "b");
    met.come_back(side::one, ann_again);

    CHECK(met.catch_up(side::one, 4) == progress::wait);
    met.stored(3);
    CHECK(met.catch_up(side::one, 4) == progress::live);
    met.stored(4);

    CHECK(met.hear(ann_again) == words{"partner here"});
}

// ---- the end ----

TEST_CASE("a recall is told before the end, to whoever leaves") {
    encounter met;
    met.say(ann, 1, "oops");
    met.stored(2);
    met.recall(ann, 2);
    met.leave(side::one);
    CHECK(met.hear(ben) == words{"text 2 partner oops", "recall 3 partner", "end 4 partner left",
                                 "partner left left"});

    met.stored(4);

    CHECK(met.hear(ann) == words{"ack 1", "recall 3 me", "end 4 me left", "idle"});
    CHECK(met.talk.over());
}

TEST_CASE("a recall is told before the end, to whoever is left") {
    encounter met;
    met.say(ann, 1, "oops");
    met.stored(2);
    met.recall(ann, 2);
    met.say(ben, 1, "last word");
    met.leave(side::two);
    met.out.clear();

    met.stored(3);

    CHECK(met.hear(ann) == words{"recall 3 me", "text 4 partner last word", "end 5 partner left",
                                 "partner left left"});
    met.stored(5);
    CHECK(met.hear(ben) == words{"ack 1", "end 5 me left", "idle"});
    CHECK(met.talk.over());
}

TEST_CASE("a recall whose asker goes keeps nothing of an ended chat alive") {
    encounter met;
    met.say(ann, 1, "oops");
    met.recall(ann, 2);
    met.leave(side::two);
    met.talk.detach(side::one, met.out);
    met.hear(ann);

    met.stored(4);

    CHECK(met.hear(ann).empty());
    CHECK(met.talk.over());
}
