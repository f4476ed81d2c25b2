// The middle of the server: turns what clients say into events of the lobby, and the lobby's
// effects into frames, rows and questions to the store. Not the rules (lobby), the bytes (net) or
// the disk (storage); it knows a connection only as a `peer` and runs without Asio, so that a
// simulation drives the real one. Loop thread.
//
// Its parts: switchboard.cpp (connections and effects), switchboard_hello.cpp (from `hello` to
// `welcome`), switchboard_logins.cpp (those that a platform vouches for), switchboard_requests.cpp
// (what a welcomed client asks), switchboard_records.cpp (the requests that only read),
// switchboard_changes.cpp (those that change what is stored, up to the erasure of an account),
// switchboard_bans.cpp (what the operator and enough reports decide about people),
// switchboard_replay.cpp (what a resuming client missed), switchboard_retention.cpp (what is due
// for its age), switchboard_moderation.cpp (looks from outside, and nudges),
// switchboard_operator.cpp (what an operator asks and orders),
// switchboard_store.cpp (outcomes). What it is given: switchboard_ports.hpp.
#pragma once

#include "protocol/codec.hpp"
#include "server/counts.hpp"
#include "server/keyed_limits.hpp"
#include "server/keys.hpp"
#include "server/lobby/lobby.hpp"
#include "server/moderation_chain.hpp"
#include "server/peer.hpp"
#include "server/platform/account.hpp"
#include "server/platform/identity.hpp"
#include "server/platform/moderator.hpp"
#include "server/platform/notifier.hpp"
#include "server/recent_removals.hpp"
#include "server/retention.hpp"
#include "server/switchboard_ports.hpp"
#include "server/tally.hpp"
#include "server/topics.hpp"
#include "server/trusted_clock.hpp"
#include "storage/reader.hpp"
#include "storage/writer.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace onechat {

class switchboard {
public:
    using moment = lobby::moment;

    switchboard(switchboard_options options, const keys& secrets, lobby::random_source& random,
                store_ports store, start_facts known, moment now);

    // ---- at the start, and on a reload ----

    void connect(outside_ports outside) { outside_ = std::move(outside); }
    // From the next word on.
    void use(std::shared_ptr<const platform::filter> filter) { chain_.use(std::move(filter)); }
    // Before anybody comes.
    void log_in_by(login_port platforms) { platforms_ = std::move(platforms); }

    // ---- connections ----

    void opened(lobby::session_id id, peer& line, const caller& from, moment now);
    void received(lobby::session_id id, std::string_view text, moment now);
    void drained(lobby::session_id id, moment now);
    void closed(lobby::session_id id, moment now);
    // Says `bye` and closes.
    void dismiss(lobby::session_id id, protocol::close_code why, moment now);

    // ---- what the operator decides about people ----

    // At once the person leaves chat, line and every match under way; after the commit they hear
    // `bye 4502`, and so does everybody who comes as them.
    void ban(ban_order order, outcome<storage::ban_person> done, moment now);
    void lift_ban(lobby::user_id user, outcome<storage::lift_ban> done, moment now,
                  std::optional<storage::audit_row> audit = {});
    // Somebody has looked at what was reported: whom it muted is matched again.
    void resolve_reports(lobby::user_id user, outcome<storage::resolve_reports> done, moment now);

    // ---- what the operator asks and orders besides ----

    // Called once, at once or in the turn of the outcome; null when nothing is read, or stored, at
    // present.
    using consulted = std::function<void(storage::question*)>;
    using carried_out = std::function<void(const storage::change*)>;

    void consult(storage::question what, consulted then);
    // For changes that nobody who is connected needs to hear of at once.
    void commission(storage::change what, carried_out then, moment now);
    // As if the user had asked for it: chat and line are left first, connections end with 4504.
    struct erasure_order {
        lobby::user_id user{};
        subject name{};
        storage::audit_row audit;
    };
    void erase(erasure_order asked, carried_out then, moment now);
    // One text, whose author is known. In a live chat both are told at once.
    struct removal_order {
        lobby::pair_id pair{};
        std::uint64_t seq = 0;
        lobby::user_id author{};
        storage::audit_row audit;
    };
    // `then`: whether it was there to be removed; nothing when it can't be done just now.
    void remove(removal_order asked, std::function<void(std::optional<bool>)> then, moment now);
    [[nodiscard]] std::vector<lobby::session_id> sessions_of(lobby::user_id user) const;
    [[nodiscard]] bool has_session(lobby::session_id id) const { return sessions_.contains(id); }

    // ---- outcomes ----

    void written(storage::written batch, moment now);
    void answered(std::vector<storage::read_job> jobs, moment now);
    // Of a login code that was asked for with this ticket.
    void identified(std::uint64_t ticket, platform::identity::answer answer, moment now);

    [[nodiscard]] bool may_look_again(moment now) { return chain_.may_look_again(now); }
    void reviewed(lobby::review_id review, const platform::outside_opinion& is, moment now);
    void notified(lobby::user_id user, platform::platform_name by, platform::notice_outcome outcome,
                  moment now);

    // ---- time ----

    // Call at least once per match round and ten times a second.
    void tick(moment now);

    // Says `bye 4000` to all, with `retry_ms` spread over them; newcomers hear it as well.
    void drain();
    // Whether what somebody outside says may still take away a text that people have seen, or flag
    // a report.
    [[nodiscard]] bool awaits_opinions() const;

    // The store's fate is unknown, or a rule of ours was broken: the process must end with
    // status 70.
    [[nodiscard]] bool failed() const { return failed_; }

    // ---- figures ----

    [[nodiscard]] std::size_t session_count() const { return sessions_.size(); }
    [[nodiscard]] const lobby::lobby& people() const { return lobby_; }
    [[nodiscard]] const counts& counted() const { return counts_; }
    [[nodiscard]] const moderation_chain& moderation() const { return chain_; }
    [[nodiscard]] std::size_t unwritten_count() const { return unwritten_.size(); }
    // Logins that a platform has been asked about and has not answered.
    [[nodiscard]] std::size_t logins_under_way() const { return logins_.size(); }
    // Whether the store takes all that is new, as far as is known here.
    [[nodiscard]] bool stores() const { return epoch_stored_ && unwritten_.empty() && !failed_; }
    // The wall clock has jumped: nothing is deleted for its age until the next start.
    [[nodiscard]] bool clock_jumped() const { return clock_.jumped(); }
    // People, as of a minute ago at most.
    [[nodiscard]] std::uint64_t banned_count() const { return standings_.banned; }
    [[nodiscard]] std::uint64_t muted_count() const { return standings_.muted; }
    // More is too old than a step of retention has cut.
    [[nodiscard]] bool retention_behind() const { return retention_.behind(); }
    // Receipts of erasures whose last byte has gone since this was last asked.
    [[nodiscard]] std::vector<std::string> take_completed() { return retention_.take_completed(); }

private:
    using session_id = lobby::session_id;

    enum class stage : std::uint8_t {
        new_,
        welcomed,
        departing,  // said `logout` or `erase`, which is on its way to the store
        closing,
    };

    // A `hello` on its way to `welcome`; nothing else has changed yet. In greetings_ for as long as
    // it is, so that who looks for one need not look at everybody who is here.
    struct greeting : boost::intrusive::list_base_hook<
                          boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
        session_id whose = session_id::none;
        lobby::request_number rid;
        token_claims claims;
        std::optional<protocol::client::held_position> held;
        std::optional<lobby::user_id> user;  // none: the store has not answered yet
        lobby::person_key person{};
        bool muted = false;
        std::vector<lobby::person_key> blocked;
        // Blocks that this user's older connection set or took back since this hello came in: the
        // store may have been asked before.
        std::vector<storage::block_person> blocks_since;
        std::int64_t tokens_from = 0;
        std::optional<platform::account> account;  // none: a guest
        std::uint64_t login = 0;  // the ticket of the code that a platform looks at; 0: none
        // With a code: whom the platform named.
        std::optional<platform::account> named;
        bool holds_guest = false;  // see unstored_guest
        std::optional<storage::find_keep> kept;
        std::optional<storage::find_events> recent;
    };

    // What a welcomed session is still to be shown of a pair.
    struct replay {
        lobby::pair_id pair{};
        std::string name;
        lobby::side seat = lobby::side::one;
        std::uint64_t shown = 0;
        bool over = false;     // the chat is: shown up to the last end, not to what is live
        bool reading = false;  // a page is asked for
    };

    // An `export` under way: page by page, each when the one before has left.
    struct exporting {
        lobby::request_number rid;
        bool bans_told = false;
        storage::find_own_texts next;
        std::uint64_t awaited = 0;  // the ticket of the page that is asked for
    };

    // An order of the operator on its way to the store.
    struct order {
        std::function<void(const storage::change*)> done;
        session_id sent_off = session_id::none;  // of a ban: whose connection waits for its end
        subject name{};
    };

    // What was decided about a person a moment ago: newer than what the store was asked before.
    struct recent_decision {
        std::optional<storage::unix_ms> banned_until;
        std::optional<bool> muted;
        std::chrono::steady_clock::time_point at;
    };

    struct person_hash {
        std::size_t operator()(const lobby::person_key& person) const noexcept;
    };

    // Who is closed at the end of the turn.
    struct sentence {
        sentence(session_id whose, protocol::close_code code,
                 std::optional<std::int64_t> end = std::nullopt)
            : id{whose}, why{code}, until{end} {}
        session_id id;
        protocol::close_code why;
        std::optional<std::int64_t> until;  // of a ban
    };

    // An answer that comes after the end of the chat that its request left, and what follows it.
    struct parting_word {
        protocol::server_message what;
        lobby::request_number rid;
        std::optional<protocol::close_code> close;
    };

    struct session {
        session_id id = session_id::none;
        peer* line = nullptr;
        address_key from{};
        address_key address{};
        std::uint16_t port = 0;
        bool came = false;  // the login is noted
        stage at = stage::new_;
        lobby::user_id user{};
        lobby::person_key person{};
        token_claims claims;
        std::optional<platform::account> account;  // none: a guest
        std::chrono::steady_clock::time_point opened_at;
        bool holds_guest = false;   // see unstored_guest
        std::uint64_t awaited = 0;  // the ticket of the question this session waits for
        std::uint32_t asked = 0;    // questions and requests under way, those given up included
        std::unique_ptr<greeting> greets;
        std::vector<replay> shows;  // done one after the other
        std::unique_ptr<exporting> exports;
        std::vector<parting_word> parting_words;
        lobby::rate_limit messages;
        tally malformed;
        tally refused;
    };

    // A request that the store answers.
    struct request {
        session_id from = session_id::none;
        lobby::user_id user{};
        subject name{};
        lobby::request_number rid;
        std::string pair;  // as the client named it
        // Of a report whose note is looked at from outside once it is stored: its author there.
        std::optional<platform::account> note_by{};
    };

    // Somebody erased, who is told so when their texts are counted.
    struct farewell {
        session_id to = session_id::none;
        lobby::user_id user{};
        lobby::request_number rid;
        protocol::server::receipt receipt;
        storage::count_texts next;  // counted step by step
        std::uint64_t texts = 0;
    };

    // A look from outside that is under way.
    struct look {
        lobby::user_id author{};
        std::optional<std::string> nickname;
        std::int64_t report = 0;  // whose note it is of; without both it is of a text
        lobby::pair_id pair{};
        std::uint64_t seq = 0;  // of a text, once people see it
    };

    // A text that people have seen and shall see no more.
    struct removal {
        lobby::pair_id pair{};
        std::uint64_t seq = 0;
        lobby::user_id author{};
    };

    // A guest without a row, which is made at the first `find`: later hellos find it here until
    // then.
    struct unstored_guest {
        lobby::user_id user{};
        std::size_t holders = 0;  // sessions and greetings; without any it is forgotten
        bool storing = false;     // the row is on its way
    };

    // What an operator ordered.
    struct errand {
        carried_out then;
        subject erased{};  // who is, if so
    };

    // A code that a platform looks at, until it has answered: also when nobody waits any more.
    struct code_login {
        session_id by = session_id::none;
        address_key from{};
    };

    struct subject_hash {
        std::size_t operator()(const subject& name) const noexcept;
    };

    struct dispatch;

    // switchboard.cpp
    void restore(std::vector<storage::live_pair> open_chats, moment now);
    [[nodiscard]] session* find(session_id id);
    // Whether the lobby knows this session.
    [[nodiscard]] static bool is_present(const session& who) {
        return who.at == stage::welcomed || who.at == stage::departing;
    }
    void send(session& to, const protocol::server_message& what, const lobby::request_number& rid);
    void refuse(session& who, protocol::refusal code, std::string_view text,
                const lobby::request_number& rid, std::optional<std::string> field = {},
                std::optional<std::chrono::milliseconds> retry = {});
    void count_refusal(session& who, protocol::refusal code);
    void hang_up(session& who, protocol::close_code why, std::optional<std::int64_t> retry_ms = {},
                 std::optional<std::int64_t> until = {});
    [[nodiscard]] std::int64_t drain_retry_ms();
    void carry_out(lobby::effects& done);
    void carry_out(lobby::tell&& what);
    void carry_out(lobby::keep&& what);
    void carry_out(lobby::note_seen&& what);
    void carry_out(lobby::open_chat&& what);
    void carry_out(lobby::void_chat&& what);
    void carry_out(lobby::end_chat&& what);
    void carry_out(lobby::ask_review&& what);
    void carry_out(lobby::nudge&& what);
    void finish_turn(moment now);

    // switchboard_requests.cpp
    void refuse_unreadable(session& who, const protocol::reject& why, moment now);
    void refuse_departing(session& who, const protocol::request& said);
    void refuse_early(session& who, const protocol::request& said);
    void refuse_flood(session& who, const protocol::request& said, std::chrono::milliseconds wait,
                      moment now);
    [[nodiscard]] std::optional<lobby::wish> wish_of(
        session& who, const std::optional<std::vector<std::string>>& topics,
        const std::optional<std::string>& nickname, const std::optional<std::string>& avatar,
        const lobby::request_number& rid);
    void make_row(session& who);
    void make_rows();
    void store_guest(const subject& name, unstored_guest& guest);

    [[nodiscard]] bool has_room(session& who, const lobby::request_number& rid);
    std::uint64_t note_request(session& who, const lobby::request_number& rid, std::string pair);
    // The ticket, or none when it was refused.
    std::uint64_t ask_for(session& who, const lobby::request_number& rid, std::string pair,
                          storage::question what);
    [[nodiscard]] session* end_request(const request& done);

    // switchboard_records.cpp
    void list_pairs(session& who, const protocol::client::pairs& said,
                    const lobby::request_number& rid);
    void begin_export(session& who, const lobby::request_number& rid);
    void export_account(session& who, const storage::find_user& found);
    void export_bans(session& who, const storage::find_bans& found);
    void export_more(session& who);
    void export_page(session& who, storage::find_own_texts page);
    void answer_request(const request& asked, storage::read_job&& job);
    [[nodiscard]] static bool is_export(const session& who, const storage::read_job& job);
    void tell(session& to, const request& asked, storage::find_history&& found);
    void tell(session& to, const request& asked, storage::list_pairs&& found);

    // switchboard_changes.cpp
    void clear(session& who, const std::string& pair, const lobby::request_number& rid);
    void block(session& who, const std::string& pair, bool on, const lobby::request_number& rid);
    void report(session& who, const protocol::client::report& said,
                const lobby::request_number& rid);
    void note(session& who, const protocol::client::notify& said, const lobby::request_number& rid);
    void log_out(session& who, const lobby::request_number& rid);
    void erase(session& who, const lobby::request_number& rid);
    [[nodiscard]] bool may_change(session& who, const lobby::request_number& rid);
    void leave_if_current(session& who, const std::string& pair);
    void depart(session& who);
    // True when it was a change that somebody had asked for.
    [[nodiscard]] bool settle_request(const storage::write_job& job, bool done);
    void settle(const request& asked, const storage::clear_pair& change);
    void settle(const request& asked, const storage::block_person& change);
    void settle(const request& asked, const storage::add_report& change);
    void settle(const request& asked, const storage::note_consents& change);
    void settle(const request& asked, const storage::revoke_tokens& change);
    void settle(const request& asked, const storage::erase_user& change);
    void answer(const request& asked, protocol::server_message what,
                std::optional<protocol::close_code> close = {});
    void uncount_report(lobby::user_id by);
    void say_parting_words();
    void forget_replays(session& who, const std::string& pair);
    void refuse_change(const request& asked, storage::pair_change why);
    void turn_away(const subject& name);
    void count_farewells();
    void counted_texts(farewell last, const storage::read_job& job);
    void say_farewell(farewell last);

    // switchboard_retention.cpp
    [[nodiscard]] bool may_delete() const;
    [[nodiscard]] storage::unix_ms sealed_until();
    void delete_due(moment now);
    void settle_purge(storage::purge&& step, bool done);
    void settle_cut(const storage::cut_records& step, bool done);
    void note_login(session& who);
    void note_access(const request& asked, storage::access_action what);
    void note_access(const session& who, storage::access_action what);

    // switchboard_bans.cpp
    [[nodiscard]] bool takes_orders() const;
    std::uint64_t note_order(order asked);
    // True when it was an order.
    [[nodiscard]] bool settle_order(const storage::write_job& job, bool done);
    void settle(const order& asked, const storage::ban_person& change);
    void settle(const order& asked, const storage::lift_ban& change);
    void settle(const order& asked, const storage::resolve_reports& change);
    void mute(const lobby::person_key& person, bool muted);
    recent_decision& decide(const lobby::person_key& person);
    // True when it is so, and the connection ends.
    [[nodiscard]] bool is_banned(session& who, const lobby::person_key& person,
                                 storage::unix_ms until);
    void forget_decisions();
    void count_standings();
    // switchboard_operator.cpp
    void consult_more();
    [[nodiscard]] bool takes_errands();
    std::uint64_t note_errand(carried_out then, const subject& erased);
    // True when it was an operator's.
    [[nodiscard]] bool settle_consultation(storage::read_job& job);
    [[nodiscard]] bool settle_errand(const storage::write_job& job, bool done);
    void send_off_erased(const subject& name, bool erased);

    // switchboard_hello.cpp
    // Refuses one hello, or one new guest, too many.
    [[nodiscard]] bool offers_login(const token_claims& claims) const;
    [[nodiscard]] bool hellos_too_often(session& who, const lobby::request_number& rid);
    [[nodiscard]] bool guests_too_often(session& who, const lobby::request_number& rid);
    void hello(session& who, const protocol::client::hello& said, const lobby::request_number& rid,
               moment now);
    void greet_new_guest(session& who, const lobby::request_number& rid, moment now);
    void greet_holder(session& who, moment now);
    void hold_guest(greeting& greets);
    void release_guest(const subject& name, bool& holds);
    void stop_greeting(session& who);
    void know_user(session& who, const storage::find_user& answer, moment now);
    void prepare_welcome(session& who, moment now);
    void welcome(session& who, moment now);
    void close_latecomers(moment now);

    // switchboard_logins.cpp
    void greet_by_code(session& who, const protocol::client::login_request& login, moment now);
    [[nodiscard]] bool may_log_in(session& who, const lobby::request_number& rid, moment now);
    void refuse_login(session& who, const platform::login_refusal& why);
    void end_login(const code_login& done);
    void find_person(session& who);
    void know_person(session& who, const storage::find_person& found);
    void make_person(session& who);
    [[nodiscard]] bool settle_person(const storage::write_job& job, bool done);

    // switchboard_replay.cpp
    void plan_replay(session& who, const greeting& from, const lobby::chat* current,
                     protocol::server::welcome& told);
    void show_more(session& who, moment now);
    void show_page(session& who, storage::find_events page, moment now);
    void show(session& who, const replay& in, storage::message_row row);
    void go_on(moment now);

    // switchboard_moderation.cpp
    [[nodiscard]] bool is_known_outside(const session& who) const;
    void begin_look(lobby::review_id review, look under_way, platform::words_to_judge asked);
    void look_at_note(const request& asked, const storage::add_report& filed);
    void act_afterwards(const look& at, const platform::outside_opinion& is);
    void flag(lobby::pair_id pair, std::uint64_t seq, storage::flag_source source,
              std::uint32_t label);
    void remove_due();
    void settle_nudge(const storage::take_consent& consent, bool done);

    // switchboard_store.cpp
    void write(std::uint64_t ticket, storage::change what);
    void retry_writes();
    [[nodiscard]] bool ask(session& who, storage::question what);
    void settle(storage::write_job&& job, storage::commit_result result, moment now);
    void settle_event(const storage::change& what, moment now);
    void look_at_store();
    void store_epoch();

    switchboard_options options_;
    const keys& keys_;
    topics topics_;
    store_ports store_;
    outside_ports outside_;
    moderation_chain chain_;
    lobby::lobby lobby_;
    lobby::random_source& random_;
    std::int64_t epoch_;
    bool epoch_stored_;
    bool epoch_asked_ = false;
    std::int64_t last_user_;

    // Each belongs to its session, and leaves this list by ending.
    boost::intrusive::list<greeting, boost::intrusive::constant_time_size<false>> greetings_;
    boost::unordered_flat_map<session_id, std::unique_ptr<session>> sessions_;
    std::unordered_map<subject, unstored_guest, subject_hash> guests_;
    std::unordered_set<subject, subject_hash> due_guests_;  // whose rows are to be made
    std::chrono::steady_clock::time_point next_try_{};      // of what found no room
    std::deque<session_id> latecomers_;                     // in the order of opening
    std::unordered_set<session_id> held_up_;  // replays and hellos that wait for a commit
    std::unordered_map<std::uint64_t, session_id> questions_;  // of greetings and replays
    std::unordered_map<std::uint64_t, request> requests_;
    recent_removals recent_removals_;
    // The newest ticket of the questions, requests and consultations that read.
    std::uint64_t last_read_ = 0;
    std::unordered_map<std::uint64_t, consulted> consultations_;  // which the reader has
    std::deque<std::pair<storage::question, consulted>> waiting_consultations_;
    std::unordered_map<std::uint64_t, errand> errands_;
    std::optional<storage::audit_row> removal_audit_;  // of the removal that is carried out now
    std::uint64_t removal_ticket_ = 0;
    std::uint64_t last_ticket_ = 0;  // of all the above
    // Users whose logout or erasure is on its way to the store: nobody comes in as them meanwhile.
    std::unordered_set<subject, subject_hash> departing_;
    std::deque<farewell> farewells_;  // whose texts are still to be counted
    std::unordered_map<std::uint64_t, farewell> counting_;
    std::unordered_set<session_id> parting_;  // who have parting_words
    keyed_limits<lobby::user_id> reports_;
    keyed_limits<address_key, address_hash> guest_logins_;
    keyed_limits<address_key, address_hash> hellos_;
    lobby::rate_limit guest_logins_total_;
    lobby::rate_limit hellos_total_;
    std::unordered_map<std::uint64_t, order> orders_;
    std::unordered_map<lobby::person_key, recent_decision, person_hash> decisions_;
    storage::count_standings standings_;
    std::uint64_t standings_ticket_ = 0;  // of the question under way
    std::chrono::steady_clock::time_point next_standings_{};
    login_port platforms_;
    std::unordered_map<std::uint64_t, code_login> logins_;
    std::unordered_map<address_key, std::uint32_t, address_hash> logins_from_;
    keyed_limits<address_key, address_hash> login_rates_;
    std::unordered_map<std::uint64_t, session_id> newcomers_;  // whose rows are being made
    retention retention_;
    std::unordered_map<lobby::review_id, look> looks_;
    std::vector<removal> removals_;  // due, and not possible yet
    trusted_clock clock_;
    counts counts_;
    // Changes that the writer had no room for. New texts and chats are refused as long as there are
    // any, so they are no more than one turn brings.
    std::deque<storage::write_job> unwritten_;

    lobby::effects effects_;  // of the current turn; reused
    std::vector<sentence> condemned_;
    std::string frame_;  // reused
    moment now_;         // of the current turn
    bool draining_ = false;
    bool failed_ = false;
};

}  // namespace onechat
