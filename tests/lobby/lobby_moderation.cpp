// Moderation where the lobby decides: how long words wait, searches with a nickname, what is taken
// away.
#include "tests/lobby/stage.hpp"
#include "tests/support/canned_moderator.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;

namespace {

struct watched_stage {
    explicit watched_stage(bool unjudged_pass = true) : scene{options(unjudged_pass), &judge} {}
    static lobby_options options(bool unjudged_pass) {
        auto made = stage_options();
        made.unjudged_pass = unjudged_pass;
        return made;
    }
    void hold_all() { judge.otherwise = canned_moderator::looked_at(ruling::look::before); }
    review_id asked() { return take<ask_review>(scene.out).at(0).review; }
    bool judged(review_id review, const opinion& is) {
        return scene.hall.judged(review, is, scene.now, scene.out);
    }
    void search(int user, std::string nickname, request_number rid = {}) {
        wish wanted;
        wanted.nickname = std::move(nickname);
        scene.hall.find({session_of(user), rid}, std::move(wanted), scene.now, scene.out);
    }
    [[nodiscard]] bool asks_nothing() { return take<ask_review>(scene.out).empty(); }

    canned_moderator judge;
    stage scene;
};

using removal = onechat::lobby::lobby::removal;

constexpr pair_id first_pair{1};

}  // namespace

// ---- texts ----

TEST_CASE("a text waits for an opinion for 1.5 seconds, and passes then") {
    watched_stage w;
    w.scene.pair_up(1, 2);
    w.hold_all();
    w.scene.say(1, 1, "hi");
    const auto review = w.asked();

    w.scene.pass(1400ms);
    CHECK(w.scene.hear(2).empty());
    w.scene.pass(100ms);

    CHECK(w.scene.hear(2) == words{"text 2 partner hi"});
    CHECK(w.scene.hall.unjudged().passed == 1);
    CHECK_FALSE(w.judged(review, rejects));  // too late: it has been seen
}

TEST_CASE("where nothing passes unjudged a text is refused after 1.5 seconds") {
    watched_stage w{false};
    w.scene.pair_up(1, 2);
    w.hold_all();
    w.scene.say(1, 1, "hi");

    w.scene.pass(1500ms);

    CHECK(w.scene.hear(1) == words{"nack 1 platform_busy"});
    CHECK(w.scene.hear(2).empty());
    CHECK(w.scene.hall.unjudged().refused == 1);
}

TEST_CASE("a text that waits does not outlive its chat, and its opinion is nobody's") {
    watched_stage w;
    w.scene.pair_up(1, 2);
    w.hold_all();
    w.scene.say(1, 1, "hi");
    const auto review = w.asked();

    w.scene.leave(2);

    CHECK(w.scene.hear(1) == words{"nack 1 not_paired", "end 2 partner left", "partner left left"});
    CHECK_FALSE(w.judged(review, passes));
    w.scene.commit();
    w.scene.pass(2s);
    CHECK(w.scene.hall.unjudged().passed == 0);
    CHECK(w.scene.hall.held_count() == 0);
}

TEST_CASE("a text that waits when its sender skips is refused before the end") {
    watched_stage w;
    w.scene.pair_up(1, 2);
    w.hold_all();
    w.scene.say(1, 1, "hi");

    w.scene.next(1);
    w.scene.commit();

    CHECK(w.scene.hear(1) == words{"nack 1 not_paired", "waiting 0 0", "end 2 me left"});
}

// ---- nicknames ----

TEST_CASE("a search with a bad nickname is refused, and no ticket is made") {
    watched_stage w;
    w.judge.rulings["vx123"] = canned_moderator::rejected();
    w.scene.come(1);

    w.search(1, "vx123", 7);

    const auto told = messages<protocol::server::error>(w.scene.out, session_of(1));
    REQUIRE(told.size() == 1);
    CHECK(told[0].code == protocol::refusal::blocked_text);
    CHECK(told[0].field == "nickname");
    w.scene.cancel(1);
    CHECK(w.scene.hear(1).back() == "error not_waiting");
}

TEST_CASE("who skips with a bad nickname stays in the chat") {
    watched_stage w;
    w.scene.pair_up(1, 2);
    w.judge.rulings["vx123"] = canned_moderator::rejected();

    w.scene.hall.next({session_of(1), {}}, {.topics = {}, .nickname = "vx123", .avatar = {}},
                      std::nullopt, w.scene.now, w.scene.out);

    CHECK(w.scene.hear(1) == words{"error blocked_text"});
    CHECK(w.scene.hall.talking(user_id{1}) != nullptr);
}

TEST_CASE("a masked nickname is what the partner sees") {
    watched_stage w;
    w.judge.rulings["bad"] = canned_moderator::masked("***");
    w.scene.come(1);
    w.scene.come(2);
    w.search(1, "bad");
    w.scene.find(2);
    w.scene.tick();

    w.scene.open_chats();

    CHECK(messages<protocol::server::matched>(w.scene.out, session_of(2)).at(0).partner.nickname ==
          "***");
}

TEST_CASE("a held nickname delays the ticket until it passes") {
    watched_stage w;
    w.hold_all();
    w.scene.come(1);

    w.search(1, "Ann");
    const auto review = w.asked();
    CHECK(w.scene.hear(1).empty());
    w.judged(review, passes);

    CHECK(w.scene.hear(1) == words{"waiting 0 0"});
}

TEST_CASE("a held nickname that is rejected refuses the search") {
    watched_stage w;
    w.hold_all();
    w.scene.come(1);
    w.search(1, "Ann", 7);

    w.judged(w.asked(), rejects);

    CHECK(std::get<tell>(w.scene.out.back()).rid == 7);
    CHECK(w.scene.hear(1) == words{"error blocked_text"});
    w.scene.pass(2s);
    CHECK(w.scene.hear(1).empty());
}

TEST_CASE("without an opinion in time a nickname passes or refuses the search, by configuration") {
    for (const bool pass : {true, false}) {
        watched_stage w{pass};
        w.hold_all();
        w.scene.come(1);
        w.search(1, "Ann");

        w.scene.pass(1500ms);

        CHECK(w.scene.hear(1) == words{pass ? "waiting 0 0" : "error platform_busy"});
    }
}

TEST_CASE("a nickname that has passed is not looked at again") {
    watched_stage w;
    w.hold_all();
    w.scene.come(1);
    w.search(1, "Ann");
    w.judged(w.asked(), passes);

    w.search(1, "Ann");

    CHECK(w.asks_nothing());
    w.search(1, "Anna");
    CHECK_FALSE(w.asks_nothing());
}

TEST_CASE("what is asked while a nickname is looked at is done after it, in order") {
    watched_stage w;
    w.hold_all();
    w.scene.come(1);
    w.search(1, "Ann");
    w.scene.cancel(1);
    w.scene.find(1);
    CHECK(w.scene.hear(1).empty());

    w.judged(w.asked(), passes);

    CHECK(w.scene.hear(1) == words{"waiting 0 0", "idle", "waiting 0 0"});
}

TEST_CASE("searches that wait behind a nickname are bounded") {
    watched_stage w;
    w.hold_all();
    w.scene.come(1);
    for (int n = 0; n < 8; ++n) {
        w.search(1, "Ann" + std::to_string(n));
    }
    CHECK(w.scene.hear(1).empty());

    w.search(1, "one more");

    CHECK(w.scene.hear(1) == words{"error rate_limited"});
}

TEST_CASE("who waits already is not matched while a new nickname is looked at") {
    watched_stage w;
    w.scene.come(1);
    w.scene.come(2);
    w.scene.find(1);
    w.scene.find(2);
    w.scene.tick();  // engaged
    w.hold_all();

    w.search(1, "Ann");
    const auto review = w.asked();
    w.scene.open_chats();

    CHECK(take<void_chat>(w.scene.out).size() == 1);
    CHECK(w.scene.hall.talking(user_id{1}) == nullptr);
    w.judged(review, passes);
    w.scene.pass(200ms);
    w.scene.open_chats();
    CHECK(w.scene.hall.talking(user_id{1}) != nullptr);
}

TEST_CASE("a nickname that waits goes with its connection") {
    watched_stage w;
    w.hold_all();
    w.scene.come(1);
    w.search(1, "Ann");
    const auto review = w.asked();

    w.scene.come(1, 1);

    CHECK_FALSE(w.judged(review, passes));
    CHECK(w.scene.hear(1, 1).empty());
    w.scene.go(1, 1);
    w.scene.pass(2s);
    CHECK(w.scene.hall.people_count() == 0);
}

TEST_CASE("who leaves with a nickname to be looked at leaves at once and waits when it passes") {
    watched_stage w;
    w.scene.pair_up(1, 2);
    w.hold_all();

    w.scene.hall.next({session_of(1), {}}, {.topics = {}, .nickname = "Ann", .avatar = {}},
                      std::nullopt, w.scene.now, w.scene.out);
    CHECK(w.scene.hear(2) == words{"end 2 partner left", "partner left left"});
    w.judged(w.asked(), passes);

    CHECK(w.scene.hear(1) == words{"waiting 0 0"});
}

TEST_CASE("a nickname that was found bad afterwards is taken away from ticket and chat") {
    watched_stage w;
    w.judge.rulings["Ann"] = canned_moderator::looked_at(ruling::look::after);
    w.scene.come(1);
    w.scene.come(2);
    w.search(1, "Ann");
    CHECK_FALSE(w.asks_nothing());
    w.scene.find(2);
    w.scene.tick();

    w.scene.hall.remove_nickname(user_id{1}, "Ann");
    w.scene.open_chats();

    CHECK_FALSE(
        messages<protocol::server::matched>(w.scene.out, session_of(2)).at(0).partner.nickname);
    w.scene.hall.remove_nickname(user_id{3}, "whoever");
}

// ---- removals ----

TEST_CASE("a text of a live chat is removed there, once it is on disk") {
    stage scene;
    scene.pair_up(1, 2);
    scene.say(1, 1, "bad");

    CHECK(scene.hall.remove(first_pair, 2, user_id{1}, scene.now, scene.out) == removal::not_now);
    scene.commit();
    scene.hear(1);
    scene.hear(2);

    CHECK(scene.hall.remove(first_pair, 2, user_id{1}, scene.now, scene.out) == removal::done);
    CHECK(scene.hear(1) == words{"recall 3 system removed"});
    CHECK(scene.hear(2) == words{"recall 3 system removed"});
}

TEST_CASE("a text of a chat that is over is left to the store") {
    stage scene;
    scene.pair_up(1, 2);
    scene.say(1, 1, "bad");
    scene.commit();
    scene.leave(1);

    CHECK(scene.hall.remove(first_pair, 2, user_id{1}, scene.now, scene.out) == removal::asleep);
    scene.commit();
    CHECK(scene.hall.remove(first_pair, 2, user_id{1}, scene.now, scene.out) == removal::asleep);
}

TEST_CASE("while a chat of its author is being opened, a removal waits") {
    stage scene;
    scene.pair_up(1, 2);
    scene.say(1, 1, "bad");
    scene.commit();
    scene.leave(1);
    scene.commit();
    scene.wait(31min);
    scene.find(1);
    scene.find(2);
    scene.tick();

    CHECK(scene.hall.remove(first_pair, 2, user_id{1}, scene.now, scene.out) == removal::not_now);
    scene.open_chats();
    CHECK(scene.hall.remove(first_pair, 2, user_id{1}, scene.now, scene.out) == removal::done);
}
