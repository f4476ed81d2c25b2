// A chat of Ann (side one) and Ben (side two), who are both connected, on a clock of its own.
#pragma once

#include "server/lobby/chat.hpp"
#include "tests/lobby/effects.hpp"

#include <utility>

namespace onechat::test {

constexpr lobby::session_id ann{11};
constexpr lobby::session_id ann_again{12};
constexpr lobby::session_id ben{21};
constexpr lobby::session_id ben_again{22};

struct encounter {
    static lobby::opened_chat opened() {
        lobby::opened_chat made;
        made.pair = lobby::pair_id{5};
        made.chat = lobby::chat_id{9};
        made.name = "ann+ben";
        made.last_seq = 1;  // the start
        made.last_at = 50'000;
        made.seats[0].user = lobby::user_id{1};
        made.seats[0].look = {"云", "fox"};
        made.seats[1].user = lobby::user_id{2};
        made.seats[1].look = {"雨", "cat"};
        return made;
    }

    explicit encounter(lobby::opened_chat from = opened()) : talk{std::move(from), now} {
        talk.enter(lobby::side::one, ann);
        talk.enter(lobby::side::two, ben);
    }

    void say(lobby::session_id by, std::uint64_t cid, std::string text) {
        say_by({by, {}}, cid, std::move(text));
    }
    void say_by(const lobby::caller& by, std::uint64_t cid, std::string text) {
        protocol::client::say said;
        said.cid = cid;
        said.text = std::move(text);
        talk.say(side_of(by.session), by, said, on, now, out);
    }
    // Whether it was taken back.
    bool recall(lobby::session_id by, std::uint64_t seq) { return recall_by({by, {}}, seq); }
    bool recall_by(const lobby::caller& by, std::uint64_t seq) {
        return talk.recall(side_of(by.session), by, seq, now, out);
    }
    // Whether there is something to store now that was not before.
    bool see(lobby::side viewer, std::uint64_t seq) { return talk.see(viewer, seq, out); }
    void stored(std::uint64_t seq) { talk.stored(seq, out); }
    void leave(lobby::side by, bool idle_due = true) {
        talk.end({.by = by, .why = protocol::end_reason::left, .idle_due = idle_due}, now, out);
    }
    lobby::chat::progress catch_up(lobby::side of, std::uint64_t shown) {
        return talk.catch_up(of, shown, out);
    }
    words hear(lobby::session_id who) { return test::hear(out, who); }
    static lobby::side side_of(lobby::session_id session) {
        return session == ann || session == ann_again ? lobby::side::one : lobby::side::two;
    }
    // A new connection of somebody; it is shown nothing before it has caught up.
    void come_back(lobby::side who, lobby::session_id session) {
        talk.detach(who, out);
        talk.attach(who, session, out);
        out.clear();
    }

    lobby::moment now{lobby::moment{}.steady + std::chrono::hours{1}, 60'000};
    lobby::chat talk;
    lobby::effects out;
    lobby::terms on;
};

}  // namespace onechat::test
