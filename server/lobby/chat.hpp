// One encounter of a pair while it lives: gives each event its seq, passes texts on, remembers what
// is not yet on disk, and takes leave of both sides in order. Not who may meet (matcher), not who
// is connected (lobby tells it). Loop thread.
//
// The promises kept here are those of protocol.md, "Delivery": a text is shown once and in order,
// an `ack` follows the commit, every `ack` of a chat precedes its `end`, and whoever resumes is
// shown what the store has, then the tail, and only then what is new.
#pragma once

#include "protocol/client_messages.hpp"
#include "server/lobby/effect.hpp"
#include "server/lobby/rate_limit.hpp"
#include "server/lobby/recallable_texts.hpp"
#include "server/lobby/reviews.hpp"

#include <algorithm>
#include <deque>
#include <string>

namespace onechat::lobby {

// A pair's chat as the store opened or restored it.
struct opened_chat {
    struct seat {
        user_id user{};
        appearance look;
        std::uint64_t seen = 0;
        std::vector<accepted_texts::mark> accepted;  // oldest first
    };
    pair_id pair{};
    chat_id chat{};
    std::string name;  // the pair's id on the wire
    std::uint64_t last_seq = 0;
    std::int64_t last_at = 0;
    std::uint32_t met = 0;
    std::array<seat, 2> seats;
    std::optional<std::string> topic;
};

// Why new texts are refused for the time being.
struct gate {
    protocol::refusal code{};
    std::int64_t retry_ms = 0;
};

// On what terms a new text is accepted; a repeat of an accepted one passes all of them.
struct terms {
    std::optional<gate> closed;        // nothing new is accepted just now
    rate_limit* texts_said = nullptr;  // the sender's; null: as many as they like
    rate texts;                        // what texts_said may reach
    std::uint64_t* limited = nullptr;  // with texts_said: counts how often it refused
    moderator* judge = nullptr;        // null: every text passes
    reviews* looks = nullptr;          // with judge
    bool known_outside = false;        // with judge: see utterance
};

class chat {
public:
    chat(opened_chat opened, moment now);

    [[nodiscard]] pair_id pair() const { return pair_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] user_id user(side of) const { return seats_[index(of)].user; }
    [[nodiscard]] side side_of(user_id user) const {
        return user == this->user(side::one) ? side::one : side::two;
    }
    [[nodiscard]] std::uint64_t last_seq() const { return last_seq_; }
    [[nodiscard]] std::uint64_t durable_seq() const { return durable_seq_; }
    [[nodiscard]] bool ended() const { return ended_; }
    [[nodiscard]] const std::optional<std::string>& nickname(side of) const {
        return at(of).nickname;
    }

    // What a person shows for this chat only; never stored.
    void introduce(side of, std::optional<std::string> nickname, std::optional<std::string> avatar);

    // It begins now, and was not found at a start.
    void begin(moment now) { began_ = now.steady; }
    [[nodiscard]] const std::optional<std::chrono::steady_clock::time_point>& began() const {
        return began_;
    }

    // The body of `matched` and of `welcome.pair` as one side is told it, without `recent`.
    [[nodiscard]] protocol::server::matched described_to(side viewer) const;

    // ---- connections ----

    // A chat just opened: both sides are told of it by `matched` and are live at once.
    void enter(side of, session_id session);

    // A new connection takes the seat. It is shown nothing until `catch_up` says that it is live.
    void attach(side of, session_id session, effects& out);
    void detach(side of, effects& out);
    void set_away(side of, bool away, effects& out);

    // The answer to a session that has been shown everything up to `shown`.
    enum class progress : std::uint8_t {
        live,     // from now on; the tail and the partner's state have been told
        read_on,  // the store has more, up to durable_seq
        wait,     // until the next `stored`: texts of an older connection, or the end, are on their
                  // way
        over,     // the chat has ended, and this side has been told
    };
    [[nodiscard]] progress catch_up(side of, std::uint64_t shown, effects& out);

    // The answers to what the catching-up connection itself said or took back, due in place of the
    // event.
    [[nodiscard]] std::vector<tell> owed_acks(side of, std::uint64_t seq);

    // ---- talking ----

    void say(side from, const caller& by, protocol::client::say said, const terms& on, moment now,
             effects& out);

    // What a look from outside brought for a text that is held. `is` decides; `closed` is why the
    // text can't be accepted now even if it passes, `unjudged` why it isn't without an opinion
    // (none: then it passes). What was said behind a refused text that may be said again is refused
    // like it, so that the order stays. False when there is no such text any more.
    bool judged(review_id review, const opinion& is, const std::optional<gate>& closed,
                const std::optional<gate>& unjudged, moment now, effects& out);

    // Takes away a text that is on disk, for both sides: moderation or an operator wants it so.
    void remove(std::uint64_t seq, moment now, effects& out);

    // Also for a chat that has ended: answers a text that was accepted before, and only that.
    [[nodiscard]] bool answer_repeat(side from, const caller& by, const protocol::client::say& said,
                                     effects& out);

    void typing(side from, bool on, effects& out) const;

    // Moves forward only, and not beyond the last event. True when there is something to store now
    // and was not before: `keep_seen` does it.
    [[nodiscard]] bool see(side viewer, std::uint64_t seq, effects& out);
    void keep_seen(effects& out);

    // Takes a text back. The partner is shown it at once, who asked when it is stored: what the
    // partner does meanwhile is shown to them after it, in order. False when it is no text of this
    // side, too old or gone already.
    [[nodiscard]] bool recall(side from, const caller& by, std::uint64_t seq, moment now,
                              effects& out);

    // Everything up to `seq` is on disk.
    void stored(std::uint64_t seq, effects& out);

    // ---- leaving ----

    // How a chat ends: by one side, or by nobody (timeout).
    struct leaving {
        side by = side::system;
        protocol::end_reason why{};
        bool idle_due = false;  // who left is told `idle`
        request_number rid{};
        // Who left is told when the end is stored. Not while the store takes nothing: people may
        // leave all the same, and whoever finds the chat again after a crash leaves it again.
        bool when_stored = true;
    };
    // The partner is told at once, and each side after the acks of its texts.
    void end(leaving how, moment now, effects& out);

    // Whether this side has been told everything there was to tell of the ended chat.
    [[nodiscard]] bool dismissed(side of) const { return at(of).dismissed; }
    [[nodiscard]] bool catching_up(side of) const {
        return at(of).session != session_id::none && !at(of).live;
    }

    // Somebody is absent while they are away, with a connection or without. The number of the
    // absence in which a text that they have not seen waits for this side, told once for each.
    [[nodiscard]] std::optional<std::uint32_t> take_absence(side of);
    [[nodiscard]] bool is_absent(side of, std::uint32_t absence) const {
        return !ended_ && at(of).away && at(of).absence == absence;
    }

    [[nodiscard]] bool stored_whole() const { return durable_seq_ == last_seq_; }

    // Nobody awaits anything of this chat any more.
    [[nodiscard]] bool over() const {
        return ended_ && stored_whole() && dismissed(side::one) && dismissed(side::two);
    }

private:
    // A text that nobody but its sender knows of: it waits for an opinion, or for those before it.
    struct held_text {
        std::uint64_t cid = 0;
        std::uint64_t digest = 0;  // of what was said
        std::string shown;
        bool masked = false;
        bool flagged = false;
        bool doubted = false;
        std::uint32_t label = 0;             // of the doubt
        bool waits = false;                  // for `review`
        review_id review = review_id::none;  // without an opinion yet
        caller by;
        std::vector<caller> again;  // who said it again since
    };
    struct seat {
        user_id user{};
        appearance look;
        std::optional<std::string> nickname;
        accepted_texts accepted;
        std::deque<held_text> held;    // in the order of saying; counted with what is in flight
        bool has_spoken = false;       // in this chat
        std::uint32_t absence = 1;     // counts the times away
        bool is_told_of = false;       // take_absence has told of this one
        std::uint64_t unanswered = 0;  // the partner's newest text of this chat, until one's own
        recallable_texts recallable;
        std::uint64_t seen = 0;
        std::uint64_t seen_kept = 0;  // as the store knows it, or soon will
        std::uint64_t seen_told = 0;  // of the partner's, when the connection came
        session_id session = session_id::none;
        bool live = false;  // is told things as they happen
        bool away = true;   // as the partner knows it
        // The digest of the first text refused with in_flight_full. Nothing new is accepted before
        // it is said again and there is room, or a text already on its way would overtake it.
        std::optional<std::uint64_t> crowded_out;
        std::chrono::steady_clock::time_point crowded_at{};     // the last such refusal
        std::chrono::steady_clock::time_point refused_until{};  // with refused_for
        protocol::refusal refused_for{};
        std::uint32_t unacked = 0;
        std::uint32_t recalling = 0;  // recalls that are not stored yet
        std::vector<tell> owed;       // answers that wait for the replay to reach their place
        bool dismissed = false;
    };
    struct pending {
        event what;
        caller by;                  // who awaits the ack
        std::vector<caller> again;  // who said it again since
    };

    [[nodiscard]] seat& at(side of) { return seats_[index(of)]; }
    [[nodiscard]] const seat& at(side of) const { return seats_[index(of)]; }

    void say_again(side from, const caller& by, const protocol::client::say& said,
                   const accepted_texts::mark& known, effects& out);
    void say_again(held_text& waits, const caller& by, const protocol::client::say& said,
                   effects& out) const;
    // Whether the text goes on, with what was judged noted in it; it was refused otherwise.
    [[nodiscard]] bool pass_moderation(side from, held_text& text, const terms& on, moment now,
                                       effects& out);
    void accept(side from, held_text&& text, moment now, effects& out);
    void release(side from, const std::optional<gate>& closed, moment now, effects& out);
    void refuse_held(seat& sender, std::deque<held_text>::iterator from,
                     std::deque<held_text>::iterator to, gate why, effects& out) const;
    void refuse_held_from(seat& sender, std::deque<held_text>::iterator from, gate why, moment now,
                          effects& out) const;
    [[nodiscard]] static std::optional<gate> closed_to(seat& sender, const terms& on, moment now);
    static void close_to(seat& sender, gate why, moment now);
    void refuse(const caller& by, std::uint64_t cid, gate why, effects& out) const;
    void tell_partner_state(side viewer, effects& out) const;
    void show(side viewer, const event& what, effects& out) const;
    void show_tail(side viewer, std::uint64_t after, effects& out) const;
    void settle(const pending& stored, effects& out);
    void settle_recall(const pending& stored, effects& out);
    void take_leave(side of, effects& out);
    void dismiss(side of, effects& out);
    [[nodiscard]] event next_event(side from, protocol::event_kind kind, moment now);
    [[nodiscard]] static std::uint64_t place_of(const tell& owed);
    [[nodiscard]] tell ack_of(const event& of, const caller& by, bool dup) const;
    [[nodiscard]] static bool crowded(seat& sender, std::uint64_t digest, moment now);
    template <class Said>
    [[nodiscard]] static bool awaited_by(const Said& one, session_id session);

    pair_id pair_{};
    chat_id chat_{};
    std::string name_;
    std::uint64_t last_seq_ = 0;
    std::uint64_t durable_seq_ = 0;
    std::int64_t last_at_ = 0;
    std::uint32_t met_ = 0;
    std::optional<std::string> topic_;
    std::array<seat, 2> seats_;
    // Given a seq, not yet on disk: at most 64 texts a side, recalls of what can be recalled,
    // removals of what is on disk, and the end.
    std::deque<pending> tail_;

    bool ended_ = false;
    std::optional<std::chrono::steady_clock::time_point> began_;
    event end_;
    leaving how_;
};

template <class Said>
bool chat::awaited_by(const Said& one, session_id session) {
    return one.by.session == session ||
           std::ranges::find(one.again, session, &caller::session) != one.again.end();
}

}  // namespace onechat::lobby
