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

    explicit encounter(lobby::opened_chat from = opened()) : talk{std::move(from)} {
        talk.enter(lobby::side::one, ann);
        talk.enter(lobby::side::two, ben);
    }

    void say(lobby::session_id by, std::uint64_t cid, std::string text) {
        say_by({by, {}}, cid, std::move(text));
    }
    void say_by(const lobby::caller& by, std::uint64_t cid, std::string text) {
        const bool anns = by.session == ann || by.session == ann_again;
        protocol::client::say said;
        said.cid = cid;
        said.text = std::move(text);
        talk.say(anns ? lobby::side::one : lobby::side::two, by, said, closed, now, out);
    }
    void stored(std::uint64_t seq) { talk.stored(seq, out); }
    void leave(lobby::side by, bool idle_due = true) {
        talk.end({.by = by, .why = protocol::end_reason::left, .idle_due = idle_due}, now, out);
    }
    lobby::chat::progress catch_up(lobby::side of, std::uint64_t shown) {
        return talk.catch_up(of, shown, out);
    }
    words hear(lobby::session_id who) { return test::hear(out, who); }

    lobby::chat talk;
    lobby::effects out;
    lobby::moment now{lobby::moment{}.steady + std::chrono::hours{1}, 60'000};
    std::optional<lobby::gate> closed;
};

}  // namespace onechat::test
