// What moderation does to a chat: texts that are held, masked, refused, or taken away afterwards.
#include "protocol/limits.hpp"
#include "tests/lobby/encounter.hpp"
#include "tests/support/canned_moderator.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
using namespace std::chrono_literals;

namespace {

// Texts of Ann and Ben are looked at before anybody sees them, unless the test says otherwise.
struct watched : encounter {
    explicit watched(ruling::look when = ruling::look::before) {
        judge.otherwise = canned_moderator::looked_at(when);
        on.judge = &judge;
        on.looks = &looks;
    }
    // The looks that are asked for, in order.
    std::vector<ask_review> asked() { return take<ask_review>(out); }
    // Ann or Ben says it, and nobody sees it.
    review_id hold(session_id by, std::uint64_t cid, std::string text) {
        say(by, cid, std::move(text));
        return asked().at(0).review;
    }
    bool judged(review_id review, const opinion& is, std::optional<gate> closed = {},
                std::optional<gate> unjudged = {}) {
        return talk.judged(review, is, closed, unjudged, now, out);
    }

    canned_moderator judge;
    reviews looks{1500ms};
};

constexpr gate busy{protocol::refusal::platform_busy, 2000};
constexpr gate disk_full{protocol::refusal::store_unavailable, 1000};

}  // namespace

// ---- at once ----

TEST_CASE("a rejected text is told so and reaches nobody, and its cid counts as refused") {
    watched met{ruling::look::none};
    met.judge.rulings["bad"] = canned_moderator::rejected();

    met.say(ann, 1, "bad");

    CHECK(met.hear(ann) == words{"nack 1 blocked_text"});
    CHECK(met.out.empty());
    met.say(ann, 2, "good");
    CHECK(met.hear(ben) == words{"text 2 partner good"});
    met.say(ann, 1, "bad");
    CHECK(met.hear(ann) == words{"nack 1 cid_stale"});
}

TEST_CASE("a masked text is shown and stored masked") {
    watched met{ruling::look::none};
    met.judge.rulings["call 13800138000"] = canned_moderator::masked("call ***");

    met.say(ann, 1, "call 13800138000");

    CHECK(met.hear(ben) == words{"text 2 partner call ***"});
    const auto kept = take<keep>(met.out);
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].what.text == "call ***");
    CHECK(kept[0].what.said == digest_of("call 13800138000"));
}

TEST_CASE("a masked text said again is a repeat, and its masked form is not") {
    watched met{ruling::look::none};
    met.judge.rulings["call 13800138000"] = canned_moderator::masked("call ***");
    met.say(ann, 1, "call 13800138000");
    met.stored(2);
    met.out.clear();

    met.say(ann, 1, "call 13800138000");
    met.say(ann, 1, "call ***");

    CHECK(met.hear(ann) == words{"ack 1 dup", "nack 1 cid_conflict"});
}

TEST_CASE("a flagged text is stored with its flag") {
    watched met{ruling::look::none};
    met.judge.otherwise.flagged = true;

    met.say(ann, 1, "hm");

    CHECK(take<keep>(met.out).at(0).flagged);
}

TEST_CASE("moderation is asked after the cid and the limits") {
    watched met{ruling::look::none};
    met.say(ann, 5, "one");
    met.stored(2);
    met.say(ann, 5, "one");
    met.say(ann, 4, "older");
    met.on.closed = gate{protocol::refusal::rate_limited, 500};
    met.say(ann, 6, "more");

    CHECK(met.judge.asked == words{"one"});
}

TEST_CASE("the first text of each side in a chat is judged as such, a refused one not counted") {
    watched met{ruling::look::none};
    met.judge.rulings["bad"] = canned_moderator::rejected();

    met.say(ann, 1, "bad");
    met.say(ann, 2, "a");
    met.say(ann, 3, "b");
    met.say(ben, 1, "c");

    CHECK(met.judge.was_first == std::vector<bool>{true, true, false, true});
}

TEST_CASE("while nobody can judge, texts are refused and may be said again in their order") {
    watched met{ruling::look::none};
    met.judge.rulings["a"] = canned_moderator::busy();

    met.say(ann, 1, "a");
    met.say(ann, 2, "b");

    CHECK(met.hear(ann) == words{"nack 1 platform_busy", "nack 2 platform_busy"});
    CHECK(met.judge.asked == words{"a"});
    met.now.steady += 2s;
    met.judge.rulings.clear();
    met.say(ann, 3, "a");
    CHECK(met.hear(ben) == words{"text 2 partner a"});
}

// ---- held ----

TEST_CASE("a held text reaches nobody before the opinion, and then has its seq") {
    watched met;

    const auto review = met.hold(ann, 1, "hi");

    CHECK(met.out.empty());
    CHECK(met.talk.last_seq() == 1);
    CHECK(met.judged(review, passes));
    CHECK(met.hear(ben) == words{"text 2 partner hi"});
    CHECK(take<keep>(met.out).at(0).review == review_id::none);
    met.stored(2);
    CHECK(met.hear(ann) == words{"ack 1"});
}

TEST_CASE("what is looked at is what was said, what passes is what may be shown") {
    watched met;
    auto both = canned_moderator::masked("call ***");
    both.outside = ruling::look::before;
    met.judge.rulings["call 138"] = both;

    met.say(ann, 1, "call 138");

    const auto asked = met.asked();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].words == "call 138");
    CHECK(asked[0].held);
    CHECK(asked[0].user == user_id{1});
    met.judged(asked[0].review, passes);
    CHECK(met.hear(ben) == words{"text 2 partner call ***"});
}

TEST_CASE("later texts of the same sender queue behind a held one, the partner's flow") {
    watched met;
    const auto review = met.hold(ann, 1, "one");
    met.judge.otherwise = {};

    met.say(ann, 2, "two");
    met.say(ben, 1, "mine");

    CHECK(met.hear(ben).empty());
    CHECK(met.hear(ann) == words{"text 2 partner mine"});
    met.judged(review, passes);
    CHECK(met.hear(ben) == words{"text 3 partner one", "text 4 partner two"});
}

TEST_CASE("of two held texts the later one waits for the earlier, whichever is judged first") {
    watched met;
    const auto one = met.hold(ann, 1, "one");
    const auto two = met.hold(ann, 2, "two");

    met.judged(two, passes);
    CHECK(met.hear(ben).empty());
    met.judged(one, passes);

    CHECK(met.hear(ben) == words{"text 2 partner one", "text 3 partner two"});
}

TEST_CASE("a held text that is rejected is refused alone") {
    watched met;
    const auto one = met.hold(ann, 1, "one");
    const auto two = met.hold(ann, 2, "two");
    const auto three = met.hold(ann, 3, "three");

    met.judged(two, rejects);
    CHECK(met.hear(ann) == words{"nack 2 blocked_text"});
    met.judged(three, passes);
    met.judged(one, passes);

    CHECK(met.hear(ben) == words{"text 2 partner one", "text 3 partner three"});
    met.say(ann, 2, "two");
    CHECK(met.hear(ann) == words{"nack 2 cid_stale"});
}

TEST_CASE("without an opinion a held text passes or is refused, as the operator wants it") {
    watched met;
    const auto one = met.hold(ann, 1, "one");
    met.judged(one, fails);
    CHECK(met.hear(ben) == words{"text 2 partner one"});
    CHECK(take<keep>(met.out).at(0).review == one);  // the opinion may still come

    const auto two = met.hold(ann, 2, "two");
    met.say(ann, 3, "three");
    const auto three = met.asked().at(0).review;
    met.judged(two, fails, {}, busy);

    CHECK(met.hear(ann) == words{"nack 2 platform_busy", "nack 3 platform_busy"});
    CHECK_FALSE(met.judged(three, passes));
    met.say(ann, 4, "two");
    CHECK(met.hear(ann) == words{"nack 4 platform_busy"});  // before retry_ms
}

TEST_CASE("a doubt from outside is stored with the text") {
    watched met;
    const auto review = met.hold(ann, 1, "hm");

    met.judged(review, {opinion::decision::pass, true});

    CHECK(take<keep>(met.out).at(0).doubted);
}

TEST_CASE("while the store takes nothing a text that passes is refused before it is seen") {
    watched met;
    const auto one = met.hold(ann, 1, "one");
    met.say(ann, 2, "two");
    met.asked();

    met.judged(one, passes, disk_full);

    CHECK(met.hear(ben).empty());
    CHECK(met.hear(ann) == words{"nack 1 store_unavailable", "nack 2 store_unavailable"});
    CHECK(met.talk.last_seq() == 1);
}

TEST_CASE("held texts count as in flight") {
    watched met;
    for (std::uint64_t cid = 1; cid <= protocol::limits::in_flight_max; ++cid) {
        met.hold(ann, cid, "text");
    }
    CHECK(met.hear(ann).empty());

    met.say(ann, 65, "one more");

    CHECK(met.hear(ann) == words{"nack 65 in_flight_full"});
    CHECK(met.asked().empty());
}

TEST_CASE("a held text said again is answered when it is stored, each time it was said") {
    watched met;
    const auto review = met.hold(ann, 1, "hi");

    met.say(ann, 1, "hi");
    met.say(ann, 1, "other");
    CHECK(met.asked().empty());
    CHECK(met.hear(ann) == words{"nack 1 cid_conflict"});
    met.judged(review, passes);
    met.stored(2);

    CHECK(met.hear(ann) == words{"ack 1", "ack 1 dup"});
}

TEST_CASE("a held text said again is refused each time it was said") {
    watched met;
    const auto review = met.hold(ann, 1, "hi");
    met.say(ann, 1, "hi");

    met.judged(review, rejects);

    CHECK(met.hear(ann) == words{"nack 1 blocked_text", "nack 1 blocked_text"});
}

TEST_CASE("a cid below that of a held text is stale") {
    watched met;
    met.hold(ann, 5, "five");

    met.say(ann, 4, "four");

    CHECK(met.hear(ann) == words{"nack 4 cid_stale"});
}

TEST_CASE("a held text can't be recalled, having no seq yet") {
    watched met;
    const auto review = met.hold(ann, 1, "hi");

    CHECK_FALSE(met.recall(ann, 2));
    met.judged(review, passes);
    CHECK(met.recall(ann, 2));
}

TEST_CASE("typing passes a held text") {
    watched met;
    met.hold(ann, 1, "hi");

    met.talk.typing(side::one, true, met.out);

    CHECK(met.hear(ben) == words{"typing"});
}

TEST_CASE("when the chat ends, held texts of both sides are refused before the end") {
    watched met;
    const auto one = met.hold(ann, 1, "a");
    met.hold(ben, 1, "b");

    met.leave(side::one);

    CHECK(met.hear(ben) == words{"nack 1 not_paired", "end 2 partner left", "partner left left"});
    CHECK(met.hear(ann) == words{"nack 1 not_paired"});
    CHECK_FALSE(met.judged(one, passes));
    met.stored(2);
    CHECK(met.hear(ann) == words{"end 2 me left", "idle"});
}

// ---- connections ----

TEST_CASE("a text held for a lost connection is released all the same") {
    watched met;
    const auto review = met.hold(ann, 1, "hi");
    met.talk.detach(side::one, met.out);
    met.hear(ben);

    met.judged(review, passes);

    CHECK(met.hear(ben) == words{"text 2 partner hi"});
}

TEST_CASE("a new connection is live only when texts held for the older one have their place") {
    watched met;
    const auto review = met.hold(ann, 1, "hi");
    met.come_back(side::one, ann_again);

    CHECK(met.catch_up(side::one, 1) == chat::progress::wait);
    met.judged(review, passes);
    CHECK(met.catch_up(side::one, 1) == chat::progress::wait);
    met.stored(2);

    CHECK(met.catch_up(side::one, 1) == chat::progress::read_on);
    CHECK(met.catch_up(side::one, 2) == chat::progress::live);
    CHECK(met.hear(ann).empty());  // the ack was for a connection that is gone
}

TEST_CASE("a new connection that says a held text again gets its answer and needs no event") {
    watched met;
    const auto review = met.hold(ann, 1, "hi");
    met.come_back(side::one, ann_again);
    met.say(ann_again, 1, "hi");

    CHECK(met.catch_up(side::one, 1) == chat::progress::live);
    met.judged(review, passes);
    met.stored(2);

    CHECK(met.hear(ann_again) == words{"partner here", "ack 1 dup"});
}

TEST_CASE("what is refused to a connection that is gone is told to nobody") {
    watched met;
    const auto review = met.hold(ann, 1, "hi");
    met.come_back(side::one, ann_again);

    met.judged(review, rejects);

    CHECK(met.out.empty());
    CHECK(met.catch_up(side::one, 1) == chat::progress::live);
}

// ---- afterwards ----

TEST_CASE("a text that is looked at afterwards is shown at once, and known by its look") {
    watched met{ruling::look::after};

    met.say(ann, 1, "hi");

    CHECK(met.hear(ben) == words{"text 2 partner hi"});
    const auto asked = met.asked();
    REQUIRE(asked.size() == 1);
    CHECK_FALSE(asked[0].held);
    CHECK(take<keep>(met.out).at(0).review == asked[0].review);
    CHECK(met.looks.waiting_count() == 0);
}

TEST_CASE("a text that is removed is told to both as taken back by nobody") {
    encounter met;
    met.say(ann, 1, "bad");
    met.stored(2);
    met.out.clear();

    met.talk.remove(2, met.now, met.out);

    CHECK(met.hear(ann) == words{"recall 3 system removed"});
    CHECK(met.hear(ben) == words{"recall 3 system removed"});
    const auto kept = take<keep>(met.out);
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].what.ref == 2);
    CHECK(kept[0].what.gone == protocol::gone_reason::removed);
    met.stored(3);
    CHECK(met.out.empty());
}

TEST_CASE("a text that was removed can't be recalled any more") {
    encounter met;
    met.say(ann, 1, "bad");
    met.stored(2);

    met.talk.remove(2, met.now, met.out);

    CHECK_FALSE(met.recall(ann, 2));
}

TEST_CASE("a removal comes behind a recall of one's own that is on its way") {
    encounter met;
    met.say(ann, 1, "one");
    met.say(ann, 2, "two");
    met.stored(3);
    met.out.clear();
    REQUIRE(met.recall(ann, 3));

    met.talk.remove(2, met.now, met.out);

    CHECK(met.hear(ben) == words{"recall 4 partner", "recall 5 system removed"});
    CHECK(met.hear(ann).empty());
    met.stored(4);
    CHECK(met.hear(ann) == words{"recall 4 me", "recall 5 system removed"});
}

TEST_CASE("who resumes is shown a removal that is not stored yet") {
    encounter met;
    met.say(ann, 1, "bad");
    met.stored(2);
    met.come_back(side::two, ben_again);

    met.talk.remove(2, met.now, met.out);

    CHECK(met.hear(ben_again).empty());
    CHECK(met.catch_up(side::two, 2) == chat::progress::live);
    CHECK(met.hear(ben_again) == words{"recall 3 system removed", "partner here"});
}
