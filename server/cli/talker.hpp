// A person's side of the protocol: what the server says and what the person types go in, what to
// send and what to show comes out, as values. It keeps the contract that a good client keeps:
// numbers texts and says them again, resumes, comes back after a close, waits when told to. Not the
// connection, the terminal or the clock: no I/O, time is an argument. Main thread.
#pragma once

#include "protocol/codec.hpp"
#include "server/cli/action.hpp"
#include "server/cli/held_events.hpp"
#include "server/cli/outgoing.hpp"
#include "server/cli/transcript.hpp"
#include "server/lobby/random_source.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::cli {

struct talker_options {
    std::vector<std::string> topics{};
    std::optional<std::string> nickname{};
    transcript::calendar calendar = local_time;
};

class talker {
public:
    using time_point = std::chrono::steady_clock::time_point;

    talker(talker_options options, lobby::random_source& random);

    // ---- the connection ----
    void start(actions& out) { out.push_back(dial{}); }
    void opened(time_point now, actions& out);
    void connect_failed(const std::string& sentence, time_point now, actions& out);
    void heard(const protocol::answer& said, time_point now, actions& out);
    void closed(time_point now, actions& out);

    // ---- the person ----
    // Whether lines are taken now: not before the first welcome, not when too many texts wait.
    [[nodiscard]] bool wants_lines() const;
    // One line without its end. REQUIRES: wants_lines().
    void typed(std::string_view line, time_point now, actions& out);
    // Ctrl-D: texts on their way are said first, as far as the server lets them.
    void input_ended(time_point now, actions& out);
    // /quit and Ctrl-C: leaves politely, but within 2 s.
    void leave_and_quit(time_point now, actions& out);

    // ---- time ----
    void tick(time_point now, actions& out);
    [[nodiscard]] std::optional<time_point> wake(time_point now) const;

private:
    // How long we wait for any ack, once the input has ended.
    static constexpr std::chrono::seconds last_texts_max{10};

    struct hearing;
    enum class link { none, greeting, welcomed };
    enum class parting { none, leave, next };

    struct conversation {
        conversation(const protocol::server::matched& met, std::uint64_t held_to);

        std::string pair;
        std::string name;  // safe to print
        held_events held;
        outgoing texts;
        parting parts = parting::none;
        bool partner_away = false;
    };

    // What the server says.
    void welcomed(const protocol::server::welcome& said, time_point now, actions& out);
    void answered_held(const protocol::server::held_answer& said, actions& out);
    void resume(const protocol::server::matched& said, time_point now, actions& out);
    void waiting(const protocol::server::waiting& said, bool is_answer, actions& out);
    void matched(const protocol::server::matched& said, actions& out);
    void idle(bool is_answer, time_point now, actions& out);
    void happened(const protocol::server::event& said, actions& out);
    void acked(const protocol::server::ack& said, time_point now);
    void nacked(const protocol::server::nack& said, time_point now, actions& out);
    void partner_is(const protocol::server::partner& said, time_point now, actions& out);
    void refused(const protocol::server::error& said, bool is_answer, time_point now, actions& out);
    void refused_search(const protocol::server::error& said, actions& out);

    // What the person says.
    void command(std::string_view line, time_point now, actions& out);
    void say(std::string text, actions& out);
    void leave(time_point now, actions& out);
    void search(time_point now, actions& out);
    void search_for(std::string_view topics, time_point now, actions& out);
    void list_topics(actions& out) const;

    void greet(time_point now, actions& out);
    void ask(time_point now, actions& out);
    void pump(time_point now, actions& out);
    void begin(const protocol::server::matched& said, std::uint64_t held_to, actions& out);
    void put_aside(actions& out);
    void chat_over(std::optional<conversation>& which, actions& out);
    void hint(actions& out) const;
    void come_back(time_point now, actions& out);
    void end_if_all_is_said(time_point now, actions& out);
    void finish(int status, std::string sentence, actions& out);
    void send(protocol::client_message what, time_point now, actions& out);
    void request(protocol::client_message what, time_point now, actions& out);
    [[nodiscard]] std::optional<conversation>* talk_of(std::string_view pair);

    talker_options options_;
    lobby::random_source& random_;
    transcript transcript_;

    link link_ = link::none;
    unsigned attempts_ = 0;  // since the last welcome
    bool opened_once_ = false;
    bool welcomed_once_ = false;
    bool outage_told_ = false;
    std::optional<protocol::server::bye> bye_;
    std::optional<time_point> dial_at_;
    time_point last_said_{};

    std::optional<std::string> token_;
    std::int64_t epoch_ = 0;
    std::chrono::milliseconds heartbeat_{};
    std::vector<protocol::server::topic_info> topics_;

    protocol::user_state state_ = protocol::user_state::idle;  // as the server last said
    bool searches_ = true;                                     // what the person wants
    bool search_told_ = false;                                 // shown as waiting
    bool topics_changed_ = false;                              // since the last find
    std::optional<conversation> current_;
    std::optional<conversation> former_;  // over, but its last events are still to come

    std::int64_t last_rid_ = 0;  // of the newest hello, find, next, leave or cancel
    bool answer_due_ = false;
    std::optional<time_point> ask_again_at_;
    bool slowed_told_ = false;

    std::optional<time_point> end_by_;   // the input has ended, the last texts are being said
    std::optional<time_point> quit_by_;  // we have said that we leave
    bool finished_ = false;
};

}  // namespace onechat::cli
