// What is said of texts in the lobby: which pair is meant, whether the store takes it, and when
// what was seen is stored.
#include "server/lobby/lobby.hpp"
#include "tests/lobby/stage.hpp"
#include "tests/support/catch.hpp"

using namespace onechat;
using namespace onechat::lobby;
using namespace onechat::test;
namespace server = protocol::server;

namespace {

// Restored as user 1 and user 2 left it: user 1 has said text 39 a moment ago.
opened_chat before_the_restart(const stage& here) {
    opened_chat opened;
    opened.pair = pair_id{7};
    opened.name = "old";
    opened.last_seq = 40;
    opened.seats[0].user = user_id{1};
    opened.seats[0].accepted = {{3, 39, here.now.unix_ms - 1000, digest_of("before")}};
    opened.seats[1].user = user_id{2};
    opened.seats[1].seen = 39;
    return opened;
}

std::vector<std::uint64_t> noted(stage& here) {
    std::vector<std::uint64_t> seqs;
    for (const auto& note : take<note_seen>(here.out)) {
        seqs.push_back(note.seq);
    }
    return seqs;
}

using seqs = std::vector<std::uint64_t>;

}  // namespace

// ---- recall ----

TEST_CASE("a recall with or without the pair's name is answered after the commit, with its rid") {
    stage here;
    here.pair_up(1, 2);
    here.say(1, 1, "a");
    here.say(1, 2, "b");
    here.commit();
    here.out.clear();

    here.recall(1, 2);
    here.hall.recall({session_of(1), 19}, {3, "pair1"}, here.now, here.out);
    CHECK(here.hear(2) == words{"recall 4 partner", "recall 5 partner"});
    CHECK(here.hear(1).empty());
    here.commit();

    CHECK(std::get<tell>(here.out.back()).rid == 19);
    CHECK(here.hear(1) == words{"recall 4 me", "recall 5 me"});
}

TEST_CASE("a recall outside the chat it names is refused, and the chat is left as it is") {
    stage here;
    here.pair_up(1, 2);
    here.say(1, 1, "a");
    here.commit();
    here.out.clear();

    here.hall.recall({session_of(1), 5}, {2, "pair0"}, here.now, here.out);
    CHECK(std::get<tell>(here.out.back()).rid == 5);
    CHECK(here.hear(1) == words{"error not_paired"});
    CHECK(here.out.empty());

    here.leave(1);
    here.recall(1, 2);
    here.commit();
    here.recall(1, 2, "pair1");
    CHECK(here.hear(1) == words{"error not_paired", "end 3 me left", "idle", "error not_paired"});
}

TEST_CASE("what cannot be recalled is too late, whatever the reason") {
    stage here;
    here.pair_up(1, 2);
    here.say(1, 1, "a");
    here.say(2, 1, "b");
    here.commit();
    here.out.clear();

    here.recall(1, 3);   // the partner's
    here.recall(1, 1);   // the start
    here.recall(1, 99);  // nothing yet
    here.recall(1, 2);
    here.recall(1, 2);  // gone already
    here.wait(2min + 1ms);
    here.recall(2, 3);  // too old

    CHECK(here.hear(1) == words(4, "error too_late"));
    CHECK(here.hear(2) == words{"recall 4 partner", "error too_late"});
}

TEST_CASE("on a full disk a recall is refused before the partner is shown it") {
    stage here;
    here.pair_up(1, 2);
    here.say(1, 1, "a");
    here.commit();
    here.out.clear();
    here.hall.set_store(store_state::closed);

    here.recall(1, 2);

    const auto errors = messages<server::error>(here.out, session_of(1));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].retry_ms == 1000);
    CHECK(here.hear(1) == words{"error store_unavailable"});
    CHECK(here.out.empty());
    here.hall.set_store(store_state::open);
    here.recall(1, 2);
    CHECK(here.hear(2) == words{"recall 3 partner"});
}

TEST_CASE("a text of before a restart is recalled after it") {
    stage here;
    here.hall.restore(before_the_restart(here), here.now);
    here.come(1);
    REQUIRE(here.hall.catch_up(session_of(1), pair_id{7}, 40, here.now, here.out).made ==
            chat::progress::live);
    here.out.clear();

    here.recall(1, 39);
    const auto kept = take<keep>(here.out);
    REQUIRE(kept.size() == 1);
    CHECK(kept[0].what.ref == 39);
    here.hall.stored(pair_id{7}, 41, here.now, here.out);

    CHECK(here.hear(1) == words{"recall 41 me"});
}

TEST_CASE("a text of the last chat is recalled in the next one of the same pair") {
    stage here;
    here.pair_up(1, 2);
    here.say(1, 1, "a");
    here.leave(1);
    const auto marks = take<end_chat>(here.out).at(0).marks;
    here.hall.stored(pair_id{1}, 3, here.now, here.out);
    here.find(1);
    here.find(2);
    here.pass(9s);
    const auto asked = take<open_chat>(here.out).at(0);
    auto opened = here.describe(asked);
    opened.last_seq = 4;
    opened.seats[0].accepted = marks[0];
    here.hall.chat_opened(asked.match, opened, {}, here.now, here.out);
    here.out.clear();

    here.recall(1, 2);

    CHECK(here.hear(2) == words{"recall 5 partner"});
}

// ---- seen ----

TEST_CASE("seen is ignored for another pair, when idle and after the end") {
    stage here;
    here.come(3);
    here.seen(3, 1);
    here.seen(3, 1, "pair1");
    here.pair_up(1, 2);

    here.seen(1, 1, "pair0");
    here.pass(2s);
    CHECK(here.out.empty());

    here.seen(1, 1, "pair1");
    CHECK(here.hear(2) == words{"seen"});
    here.leave(1);
    here.hear(2);
    here.seen(1, 2);
    here.seen(2, 2, "pair1");
    CHECK(here.hear(1).empty());
    CHECK(here.hear(2).empty());
}

TEST_CASE("what is seen is stored at most once a second, and not at once") {
    stage here;
    here.pair_up(1, 2);
    for (std::uint64_t cid = 1; cid <= 20; ++cid) {
        here.say(1, cid, "x");
    }
    here.pass(1s);
    here.out.clear();

    std::vector<moment> when;
    seqs stored;
    for (int n = 0; n < 50; ++n) {
        if (n < 20) {
            here.seen(2, 2 + static_cast<std::uint64_t>(n));
        }
        here.pass(100ms);
        for (const std::uint64_t seq : noted(here)) {
            when.push_back(here.now);
            stored.push_back(seq);
        }
    }

    REQUIRE(stored.size() >= 2);
    CHECK(stored.size() <= 3);
    CHECK(stored.back() == 21);
    CHECK(std::ranges::is_sorted(stored));
    for (std::size_t n = 1; n < when.size(); ++n) {
        CHECK(when[n].steady - when[n - 1].steady >= 1s);
    }
}

TEST_CASE("what many pairs have seen is stored in one go, each once") {
    stage here;
    here.pair_up(1, 2);
    here.wait(1s);
    here.pair_up(3, 4);
    here.pass(1s);
    for (const int user : {1, 2, 3, 4}) {
        here.seen(user, 1);
        here.seen(user, 1);
    }

    here.pass(1s);

    CHECK(noted(here) == seqs{1, 1, 1, 1});
}

TEST_CASE("the last thing seen is stored when the chat ends within the second, and only then") {
    stage here;
    here.pair_up(1, 2);
    here.pass(1s);
    here.seen(2, 1);

    here.leave(1);
    CHECK(noted(here) == seqs{1});
    here.commit();
    here.pass(3s);

    CHECK(noted(here).empty());
}

TEST_CASE("what the store knew to be seen at a start is not stored again") {
    stage here;
    here.hall.restore(before_the_restart(here), here.now);
    here.come(2);

    here.seen(2, 39);
    here.pass(2s);
    CHECK(noted(here).empty());

    here.seen(2, 40);
    here.pass(2s);
    CHECK(noted(here) == seqs{40});
}

TEST_CASE("while nothing is stored what is seen is told and waits") {
    stage here;
    here.pair_up(1, 2);
    here.pass(1s);
    here.hall.set_store(store_state::closed);

    here.seen(2, 1);
    here.pass(5s);
    CHECK(here.hear(1) == words{"seen"});
    CHECK(noted(here).empty());

    here.hall.set_store(store_state::open);
    here.pass(1s);
    CHECK(noted(here) == seqs{1});
}

// ---- typing ----

TEST_CASE("typing reaches the partner, and is ignored for another pair and when idle") {
    stage here;
    here.come(3);
    here.pair_up(1, 2);

    here.typing(3, true);
    here.typing(1, true, "pair0");
    CHECK(here.out.empty());

    here.typing(1, true);
    here.typing(1, false, "pair1");
    CHECK(here.hear(2) == words{"typing", "typing"});
    CHECK(here.out.empty());
}

// ---- what people called themselves ----

TEST_CASE("the nickname of whom one met is known in the chat and after it, for that pair alone") {
    stage here;
    for (const int user : {1, 2}) {
        here.come(user);
    }
    wish named;
    named.nickname = "小本";
    here.find(1);
    here.hall.find({session_of(2), {}}, named, here.now, here.out);
    here.tick();
    here.open_chats();
    const auto called = [&](int user, std::string_view pair) {
        return here.hall.nickname_met(user_id{user}, pair);
    };

    CHECK(called(1, "pair1") == "小本");
    CHECK(called(2, "pair1").empty());  // user 1 gave none
    CHECK(called(1, "pair2").empty());
    CHECK(called(9, "pair1").empty());
    here.leave(1);
    CHECK(called(1, "pair1") == "小本");
    here.commit();
    CHECK(called(1, "pair1") == "小本");
    CHECK(called(1, "pair2").empty());
    CHECK(called(2, "pair1").empty());
}

TEST_CASE("the nicknames of those met last are known after another chat was left") {
    stage here;
    wish named;
    named.nickname = "owl";
    for (const int user : {1, 2, 3}) {
        here.come(user);
    }
    here.find(1);
    here.hall.find({session_of(2), {}}, named, here.now, here.out);
    here.tick();
    here.open_chats();
    here.next(1);
    here.commit();
    here.find(3);
    here.pass(200ms);
    here.open_chats();
    REQUIRE(here.hall.talking(user_id{1}) != nullptr);

    CHECK(here.hall.nickname_met(user_id{1}, "pair1") == "owl");
    CHECK(here.hall.nickname_met(user_id{1}, "pair2").empty());
    here.leave(3);

    CHECK(here.hall.nickname_met(user_id{1}, "pair1") == "owl");
    CHECK(here.hall.nickname_met(user_id{1}, "pair2").empty());
}
