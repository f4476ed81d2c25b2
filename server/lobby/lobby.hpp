// Who is here, who waits, who talks with whom, and what follows from each thing that happens.
// Events come in as calls, with their moment; what shall be done comes out as effects. Not the
// network, not the store, not the protocol's text: no clock, no I/O. Loop thread.
//
// The rules are those of protocol.md, "Matching" and "Delivery". Where to look: who is paired
// (`match`), what happens when my partner leaves (`part`), when a socket is lost (`vanish`).
#pragma once

#include "protocol/client_messages.hpp"
#include "protocol/limits.hpp"
#include "server/lobby/chat.hpp"
#include "server/lobby/effect.hpp"
#include "server/lobby/ids.hpp"
#include "server/lobby/moderation.hpp"
#include "server/lobby/partings.hpp"
#include "server/lobby/random_source.hpp"
#include "server/lobby/reviews.hpp"
#include "server/lobby/skip_limit.hpp"
#include "server/lobby/ticket.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace onechat::lobby {

struct lobby_options {
    std::chrono::milliseconds match_round = protocol::limits::match_round;  // 0: at once
    std::chrono::milliseconds any_topic_after = protocol::limits::any_topic_after;
    std::chrono::milliseconds rematch_after = protocol::limits::rematch_after;
    std::chrono::milliseconds parted_time = protocol::limits::parted_time;
    std::chrono::milliseconds away_time = protocol::limits::away_time;
    std::chrono::milliseconds ticket_kept_time = protocol::limits::ticket_kept_time;
    std::chrono::milliseconds waiting_update_time = protocol::limits::waiting_update_time;
    std::chrono::milliseconds seen_kept_after{1000};  // what was seen is stored this often
    std::vector<std::string> topics;                  // wire ids; a topic_id is a position here
    std::optional<rate> texts;                        // of one user; none: as many as they like
    std::optional<rate> finds;                        // likewise, `next` included
    std::optional<skip_rule> skips;                   // none: leave as quickly as they like
    // `find`s and `cancel`s that wait for the end of the old chat to be told, or for a nickname.
    std::size_t asks_max = 8;
    // How long words wait for an opinion from outside, and whether they pass without one.
    std::chrono::milliseconds held_time = protocol::limits::held_time;
    bool unjudged_pass = true;
    // How long a text waits for somebody without a connection before they are nudged, once each
    // time they are gone; 0: never.
    std::chrono::milliseconds nudge_after{0};
    // People held at once: connected, waiting or with a seat. Beyond it `find` hears platform_busy.
    std::size_t people_max = 1'000'000;
};

// Whether the store takes anything new. Endings and reads always go on.
enum class store_state : std::uint8_t {
    open,
    busy,    // its queue fills: no new chats
    closed,  // nothing new is stored: no new chats, no new texts
};

// How often a limit refused, since the start.
struct limited_counts {
    std::uint64_t texts = 0;
    std::uint64_t finds = 0;
    std::uint64_t skips = 0;
    std::uint64_t muted = 0;
};

// What became of words that waited for an opinion without getting one in time.
struct unjudged_counts {
    std::uint64_t passed = 0;
    std::uint64_t refused = 0;
};

// A user who arrives, as identity and store know them.
struct newcomer {
    user_id user{};
    person_key person{};
    std::vector<person_key> blocked;  // sorted
    bool stored = true;  // false: a guest without a row, who can't be matched before `user_stored`
    bool muted = false;  // may talk and leave, but begins no new chat; see set_muted
    bool known_outside = false;  // somebody outside could look at what they say
};

class lobby {
public:
    // Without a moderator all words pass.
    lobby(lobby_options options, random_source& random, moderator* judge = nullptr);

    // ---- a start ----

    // A chat that had not ended: both seats are away with their full time.
    void restore(opened_chat opened, moment now);
    // Oldest first.
    void remember_parting(user_id one, user_id two, std::chrono::steady_clock::time_point when);
    void set_store(store_state state) { store_ = state; }

    // ---- connections ----

    struct arrival {
        protocol::user_state state{};
        session_id replaced = session_id::none;  // an older connection of the same user
    };
    // A verified user connects. A paired one is shown nothing of the chat until `catch_up`.
    arrival arrive(session_id session, newcomer who, effects& out);
    // The socket is gone. Unknown sessions (never welcomed, or replaced) are passed over.
    void vanish(session_id session, moment now, effects& out);

    // The chat a user is in, or null. Valid until the next call that isn't const.
    [[nodiscard]] const chat* talking(user_id user) const;
    // Whether the session is shown the record of a chat that is over: nobody is matched meanwhile,
    // since a rematch would go on in a record whose past is still on its way.
    void set_reading(session_id session, bool reads);
    // A chat of this pair has ended and its end is not on disk yet: what a resume waits for.
    [[nodiscard]] bool settling(pair_id pair) const;
    struct caught_up {
        chat::progress made{};
        std::uint64_t durable_seq = 0;  // how far the store may be read
    };
    // See chat::catch_up. A pair that is not the session's any more is `over`.
    [[nodiscard]] caught_up catch_up(session_id session, pair_id pair, std::uint64_t shown,
                                     moment now, effects& out);
    [[nodiscard]] std::vector<tell> owed_acks(session_id session, pair_id pair, std::uint64_t seq);

    // ---- requests; the session is one that has arrived ----

    void find(const caller& by, wish wanted, moment now, effects& out);
    void cancel(const caller& by, moment now, effects& out);
    void next(const caller& by, wish wanted, const std::optional<std::string>& pair, moment now,
              effects& out);
    // `closed`: why the caller takes no new text just now; repeats of accepted ones are answered.
    void say(const caller& by, protocol::client::say said, moment now, effects& out,
             std::optional<gate> closed = {});
    void typing(session_id session, const protocol::client::typing& said, effects& out);
    void seen(session_id session, const protocol::client::seen& said, effects& out);
    void recall(const caller& by, const protocol::client::recall& said, moment now, effects& out);
    void leave(const caller& by, const std::optional<std::string>& pair, moment now, effects& out);
    void away(session_id session, moment now, effects& out);
    // Any other message than `away` and `ping`.
    void here(session_id session, effects& out);
    void tell_waiting(const caller& by, moment now, effects& out);
    // Leaves the chat or gives up the ticket, and is told nothing of it but the `end`.
    void depart(session_id session, moment now, effects& out);

    // ---- whom nobody shall meet ----

    // Leaves the chat or gives up the ticket, whoever is connected: a ban.
    void expel(user_id user, moment now, effects& out);
    // All that are this person: an erased account and a newer one, say.
    void expel(const person_key& whom, moment now, effects& out);
    // A ticket ends with a word about why; a chat goes on to its end.
    void set_muted(const person_key& whom, bool muted, effects& out);
    // Where a user is connected, if so.
    [[nodiscard]] session_id session_of(user_id user) const;

    // ---- whom one does not want to meet ----

    // Whether the session is still to be told the end of the chat it was in.
    [[nodiscard]] bool is_leaving(session_id session) const;

    // While a block or the clearing of a record is on its way to the store its user is not matched,
    // and a match under way is given up: what is asked for wins. Each hold needs its release.
    void hold(session_id session);
    void release(user_id user);
    void set_block(user_id user, const person_key& whom, bool on);

    // What the other one of this pair called themself in the chat the user is in, or was in last;
    // empty when that was another pair, or nothing.
    [[nodiscard]] std::string nickname_met(user_id user, std::string_view pair) const;

    // ---- outcomes of effects ----

    void chat_opened(match_id match, opened_chat opened, const std::vector<event>& recent,
                     moment now, effects& out);
    void chat_not_opened(match_id match);
    void user_stored(user_id user, moment now, effects& out);
    void stored(pair_id pair, std::uint64_t seq, moment now, effects& out);

    // ---- moderation ----

    // For a look that nobody in the lobby waits for.
    [[nodiscard]] review_id next_review() { return reviews_.number(); }

    // What a look from outside brought. False when nobody waits for it any more: what was looked at
    // is shown by now, or no longer wanted.
    bool judged(review_id review, const opinion& is, moment now, effects& out);

    enum class removal : std::uint8_t {
        done,     // its chat is live: told to both, and on its way to the store
        asleep,   // there is no such chat: the store does it
        not_now,  // the text or a chat of this author is on its way to the store: ask again later
    };
    // Takes away a text that people have seen.
    [[nodiscard]] removal remove(pair_id pair, std::uint64_t seq, user_id author, moment now,
                                 effects& out);
    // Takes a nickname away from its owner, as far as they still use it.
    void remove_nickname(user_id user, std::string_view nickname);

    // ---- time ----

    // Does what is due: rounds, deadlines, `waiting` updates. Call at least once per round.
    void tick(moment now, effects& out);

    // ---- figures ----

    [[nodiscard]] std::size_t waiting_count() const { return eligible_count_; }  // as of a round
    [[nodiscard]] std::size_t waiting_count(topic_id topic) const;
    [[nodiscard]] std::size_t people_count() const { return people_.size(); }
    [[nodiscard]] std::size_t chat_count() const { return chats_.size(); }
    [[nodiscard]] const limited_counts& limited() const { return limited_; }
    [[nodiscard]] const unjudged_counts& unjudged() const { return unjudged_; }
    [[nodiscard]] std::size_t held_count() const { return reviews_.waiting_count(); }

private:
    using time_point = std::chrono::steady_clock::time_point;

    // A `find`, or without a wish a `cancel`, that waits for the end of the old chat to be told or
    // for an opinion of a nickname: `is_unsure` when its own is still to be looked at.
    struct search {
        std::optional<wish> wanted;
        request_number rid;
        bool is_unsure = false;
    };
    // What somebody has used of their limits.
    struct usage {
        rate_limit texts;
        rate_limit finds;
        skip_limit skips;
        [[nodiscard]] bool rested(time_point now) const {
            return texts.rested(now) && finds.rested(now) && skips.rested(now);
        }
    };
    // What a text waits before it is said again when the store takes none.
    static constexpr std::int64_t text_retry_ms = 1000;
    static constexpr std::size_t met_max = 4;
    struct acquaintance {
        std::string pair;
        std::string nickname;
    };
    struct person {
        newcomer who;
        bool known = false;  // false: restored, and not here since
        session_id session = session_id::none;
        bool away = false;
        chat* talking = nullptr;
        side seat = side::one;
        chat* leaving = nullptr;  // ended, and this person isn't told of it yet
        side left_seat = side::one;
        std::unique_ptr<ticket> waits;
        bool opening = false;    // an open_chat with this person is under way
        bool reading = false;    // is shown the record of an earlier chat
        std::uint32_t held = 0;  // see hold()
        usage used;
        std::vector<acquaintance> met;       // who had a nickname, the newest last; at most met_max
        std::vector<search> asks_next;       // came while leaving or naming
        review_id naming = review_id::none;  // of the nickname of the first of asks_next
        std::string good_nickname;           // the one that passed last
        std::optional<time_point> deadline;  // of the seat or the ticket, while there is no socket
    };
    struct engagement {
        std::array<user_id, 2> users{};  // ascending
        std::optional<topic_id> topic;
    };

    void assert_owner() const;
    [[nodiscard]] person& of(session_id session);
    [[nodiscard]] person* present(user_id user);
    [[nodiscard]] static bool eligible(const person& who);

    // Refuses one `find` or `next` too many.
    [[nodiscard]] bool asks_too_often(person& who, const caller& by, moment now, effects& out);
    // Refuses who can't begin to search just now.
    [[nodiscard]] bool turned_away(const person& who, const caller& by, effects& out);
    // Why nobody can, if so.
    [[nodiscard]] std::optional<protocol::refusal> closed_to_newcomers() const;
    void refuse_muted(const caller& by, effects& out);
    [[nodiscard]] std::vector<user_id> users_of(const person_key& whom) const;
    void note_skip(const chat& ending, side by, moment now);
    void enlist(person& who, wish wanted, const request_number& rid, moment now, effects& out);
    enum class naming : std::uint8_t { good, unsure, refused };
    [[nodiscard]] naming screen(person& who, wish& wanted, const caller& by, moment now,
                                effects& out);
    void await(chat& in, side whom, moment now);
    void send_nudges(moment now, effects& out);
    void settle_nickname(person& who, const opinion& is, moment now, effects& out);
    void judge_overdue(moment now, effects& out);
    void cancel_ticket(person& who, const caller& by, effects& out);
    void step_out(person& who);
    void give_up(person& who);
    void refuse(const caller& by, protocol::refusal code, std::string_view text, effects& out,
                std::optional<std::chrono::milliseconds> retry = {}) const;
    void tell_waiting(person& who, const request_number& rid, moment now, effects& out);
    [[nodiscard]] std::uint32_t tier(const ticket& of, moment now) const;

    void match(moment now, effects& out);
    void count_waiting();
    void engage(person& one, person& two, effects& out);
    void seat(person& who, chat& in, side at, const std::vector<event>& recent, effects& out);
    void send_waiting_updates(moment now, effects& out);
    void keep_seen(moment now, effects& out);

    void part(chat& ending, chat::leaving how, moment now, effects& out);
    void ask_next(person& who, search asked, effects& out);
    void see_off(person& who, moment now, effects& out);
    void do_asked(person& who, moment now, effects& out);
    static void forget_asked(person& who);
    void stop_leaving(person& who, effects& out);
    [[nodiscard]] static chat* chat_of(const person& who, pair_id pair);
    void set_deadline(person& who, std::optional<time_point> when);
    void expire(moment now, effects& out);
    void forget_if_gone(const person& who);
    void forget_rested(moment now);
    void drop_if_over(const chat& ended);

    lobby_options options_;
    random_source& random_;
    moderator* judge_;
    reviews reviews_;
    store_state store_ = store_state::open;
    std::thread::id owner_ = std::this_thread::get_id();

    std::unordered_map<user_id, person> people_;  // connected, waiting, or with a seat
    // Looked up for every text: flat, since each step from node to node is a wait for memory.
    boost::unordered_flat_map<session_id, person*> sessions_;
    boost::unordered_flat_map<pair_id, std::unique_ptr<chat>> chats_;
    std::unordered_map<match_id, engagement> engagements_;
    std::set<std::pair<time_point, user_id>> deadlines_;
    std::vector<person*>
        line_;  // tickets in the order of waiting; gaps are null until the next round
    std::vector<std::size_t> topic_counts_;
    std::size_t eligible_count_ = 0;
    partings partings_;
    time_point next_round_{};
    std::vector<pair_id> unkept_seen_;  // chats in which something was seen that is not stored yet
    time_point next_keeping_{};
    // Of people who have gone before they had rested: a new connection does not begin anew. As many
    // as people_max.
    std::unordered_map<user_id, usage> tired_;
    time_point next_forgetting_{};
    limited_counts limited_;
    unjudged_counts unjudged_;
    struct absence {
        time_point due;
        pair_id pair{};
        side who = side::one;
        std::uint32_t number = 0;
    };
    std::deque<absence> absences_;  // in order, since all wait as long
    std::uint64_t last_match_ = 0;
};

}  // namespace onechat::lobby
