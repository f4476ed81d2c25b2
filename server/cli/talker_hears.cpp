// What the server says to a talker.
#include "server/cli/talker.hpp"

#include <algorithm>
#include <utility>

namespace onechat::cli {

namespace client = protocol::client;
namespace server = protocol::server;
using protocol::refusal;
using protocol::user_state;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds retry_default{1000};
constexpr milliseconds heartbeat_min{1000};  // whatever a server asks for

milliseconds wait_of(const std::optional<std::int64_t>& retry_ms) {
    return retry_ms ? milliseconds{*retry_ms} : retry_default;
}

std::string in_seconds(milliseconds time) {
    return std::to_string(std::max<std::int64_t>(1, (time.count() + 999) / 1000)) + " s";
}

std::string why_not_sent(refusal code) {
    switch (code) {
        case refusal::not_paired:
            return "the chat is over";
        case refusal::blocked_text:
            return "the server does not let this text through";
        case refusal::too_long:
            return "too long";
        default:
            return std::string{protocol::name_of(code)};
    }
}

// Sooner or later the same text gets through.
bool passes(const server::nack& said) {
    return said.retry_ms || said.code == refusal::rate_limited ||
           said.code == refusal::store_unavailable || said.code == refusal::in_flight_full ||
           said.code == refusal::cid_stale;
}

bool passes(refusal code) {
    return code == refusal::rate_limited || code == refusal::store_unavailable ||
           code == refusal::platform_busy;
}

}  // namespace

struct talker::hearing {
    talker& who;
    bool is_answer;  // to the newest request
    time_point now;
    actions& out;

    void operator()(const server::welcome& said) const { who.welcomed(said, now, out); }
    void operator()(const server::waiting& said) const { who.waiting(said, is_answer, out); }
    void operator()(const server::matched& said) const { who.matched(said, out); }
    void operator()(const server::idle&) const { who.idle(is_answer, now, out); }
    void operator()(const server::event& said) const { who.happened(said, out); }
    void operator()(const server::ack& said) const { who.acked(said, now); }
    void operator()(const server::nack& said) const { who.nacked(said, now, out); }
    void operator()(const server::partner& said) const { who.partner_is(said, now, out); }
    void operator()(const server::error& said) const { who.refused(said, is_answer, now, out); }
    void operator()(const server::bye& said) const { who.bye_ = said; }
    // Answers to what we never ask, and what a terminal does not show.
    template <class Other>
    void operator()(const Other&) const {}
};

void talker::heard(const protocol::answer& said, time_point now, actions& out) {
    if (finished_) {
        return;
    }
    const bool is_answer = said.rid && *said.rid == last_rid_;
    std::visit(hearing{*this, is_answer, now, out}, said.message);
    if (!finished_) {
        pump(now, out);
        end_if_all_is_said(now, out);
    }
}

void talker::welcomed(const server::welcome& said, time_point now, actions& out) {
    link_ = link::welcomed;
    attempts_ = 0;
    answer_due_ = false;
    token_ = said.token;
    heartbeat_ = std::max(heartbeat_min, milliseconds{said.heartbeat_ms});
    topics_ = said.topics;
    if (!std::exchange(welcomed_once_, true)) {
        note(out, "connected; /help lists the commands");
    } else if (std::exchange(outage_told_, false)) {
        note(out, "connected again");
    }
    if (said.held) {
        answered_held(*said.held, out);
    }
    epoch_ = said.epoch;
    if (said.pair) {
        resume(*said.pair, now, out);
    } else {
        put_aside(out);
    }
    state_ = said.state;
    if (former_ && said.held && said.held->pair == former_->pair && said.held->keep == 0) {
        note(out, "the chat is over");
        chat_over(former_, out);  // nothing of it follows
    }
    // A ticket that still lies in the pool needs nothing.
    if (!(state_ == user_state::waiting && searches_ && !topics_changed_)) {
        ask(now, out);
    }
}

void talker::answered_held(const server::held_answer& said, actions& out) {
    auto* const of = talk_of(said.pair);
    if (of == nullptr) {
        return;
    }
    held_events& held = (*of)->held;
    if (said.keep < held.whole_to() && said.keep != 0) {
        note(out, "the server lost the last " + std::to_string(held.whole_to() - said.keep) +
                      "; they may be said again");
    }
    held.keep_to(said.keep);
    if (said.gap.value_or(false)) {
        held.skip_to_next();
        note(out, "more was said than can be shown; here is the end of it");
    }
}

void talker::resume(const server::matched& said, time_point now, actions& out) {
    if (current_ && current_->pair == said.pair) {
        for (client::say& text : current_->texts.again(said.last_cid)) {
            send(std::move(text), now, out);
        }
        return;
    }
    const bool has_recent = said.recent && !said.recent->empty();
    begin(said, has_recent ? said.recent->back().seq : 0, out);
    if (!has_recent) {
        current_->held.skip_to_next();
    }
}

void talker::waiting(const server::waiting& said, bool is_answer, actions& out) {
    state_ = user_state::waiting;
    answer_due_ = answer_due_ && !is_answer;
    if (searches_ && !quit_by_ && !std::exchange(search_told_, true)) {
        note(out, "looking for somebody (waiting: " + std::string{protocol::name_of(said.pool)} +
                      "); /leave stops");
    }
}

void talker::matched(const server::matched& said, actions& out) {
    begin(said, said.last_seq, out);
}

void talker::begin(const server::matched& said, std::uint64_t held_to, actions& out) {
    put_aside(out);
    if (former_ && former_->pair == said.pair) {
        chat_over(former_, out);
    }
    for (std::string& line : transcript_.past(said)) {
        tell(out, tone::past, std::move(line));
    }
    std::string sentence = "you talk with " + name_of(said.partner);
    if (said.partner.nickname && !said.partner.nickname->empty()) {
        sentence += " (" + visible(said.partner.alias) + ")";
    }
    if (said.topic) {
        const auto topic = std::ranges::find(topics_, *said.topic, &server::topic_info::id);
        sentence += ", topic: " + visible(topic == topics_.end() ? *said.topic : topic->title);
    }
    note(out, sentence);
    for (std::string& line : transcript_.so_far(said)) {
        tell(out, tone::said, std::move(line));
    }
    // A `cancel` that crossed this means `leave`, also when it was lost with a connection.
    const bool unwanted =
        !searches_ && (state_ == user_state::waiting || !said.resumed.value_or(false));
    state_ = user_state::paired;
    answer_due_ = false;
    searches_ = search_told_ = false;
    current_.emplace(said, held_to);
    current_->parts = unwanted ? parting::leave : parting::none;
}

void talker::idle(bool is_answer, time_point now, actions& out) {
    state_ = user_state::idle;
    answer_due_ = answer_due_ && !is_answer;
    if (current_) {
        note(out, "you left");
        chat_over(current_, out);
    }
    if (quit_by_) {
        finish(0, {}, out);
    } else if (searches_ && !answer_due_) {
        ask(now, out);
    } else if (std::exchange(search_told_, false)) {
        note(out, "no longer looking");
        hint(out);
    }
}

void talker::happened(const server::event& said, actions& out) {
    auto* const where = talk_of(said.pair);
    if (where == nullptr || !(*where)->held.take(said.seq)) {
        return;
    }
    conversation& talk = **where;
    // One's own text comes back when its ack got lost with a connection.
    const bool typed_here = said.from == protocol::sender::me && said.cid &&
                            said.kind == protocol::event_kind::text && talk.texts.stored(*said.cid);
    if (!typed_here) {
        const bool is_text = said.kind == protocol::event_kind::text;
        tell(out, is_text ? tone::said : tone::notice, transcript_.line(said, talk.name));
    }
    if (said.kind == protocol::event_kind::end) {
        const bool is_current = where == &current_;
        chat_over(*where, out);
        if (is_current && state_ == user_state::paired) {
            state_ = user_state::idle;
        }
    }
}

void talker::acked(const server::ack& said, time_point now) {
    auto* const where = talk_of(said.pair);
    if (where == nullptr) {
        return;
    }
    static_cast<void>((*where)->held.take(said.seq));
    static_cast<void>((*where)->texts.stored(said.cid));
    slowed_told_ = false;
    if (end_by_) {
        end_by_ = now + last_texts_max;
    }
}

void talker::nacked(const server::nack& said, time_point now, actions& out) {
    auto* const where = said.pair ? talk_of(*said.pair) : current_ ? &current_ : nullptr;
    if (where == nullptr) {
        return;
    }
    outgoing& texts = (*where)->texts;
    if (!passes(said)) {
        if (const auto text = texts.refused(said.cid)) {
            not_sent(out, *text, why_not_sent(said.code));
        }
        return;
    }
    const bool at_once = said.code == refusal::cid_stale && !said.retry_ms;
    const milliseconds wait = at_once ? milliseconds{0} : wait_of(said.retry_ms);
    texts.postponed(said.cid, now + wait);
    if (!at_once && !std::exchange(slowed_told_, true)) {
        note(out, "not sent yet, the server says to wait; trying again in " + in_seconds(wait));
    }
}

void talker::partner_is(const server::partner& said, time_point now, actions& out) {
    if (said.state == protocol::partner_state::left) {
        if (current_ && current_->pair == said.pair) {
            note(out, current_->name + " left");
            chat_over(current_, out);
        }
        if (current_ || state_ == user_state::waiting) {
            return;  // of a chat before this one
        }
        state_ = user_state::idle;
        if (quit_by_) {
            finish(0, {}, out);
        } else if (searches_ && !answer_due_) {
            ask(now, out);
        }
        return;
    }
    if (!current_ || current_->pair != said.pair) {
        return;
    }
    const bool away = said.state == protocol::partner_state::away;
    if (std::exchange(current_->partner_away, away) != away) {
        note(out, current_->name +
                      (away ? " is away; what you say arrives when they are back" : " is back"));
    }
}

void talker::refused(const server::error& said, bool is_answer, time_point now, actions& out) {
    const bool is_over = said.code == refusal::not_paired || said.code == refusal::not_waiting;
    if (!is_answer) {
        if (!is_over) {
            refuse(out, "refused: " + visible(said.text));
        }
        return;
    }
    answer_due_ = false;
    if (quit_by_) {
        finish(0, {}, out);
    } else if (passes(said.code)) {
        const milliseconds wait = wait_of(said.retry_ms);
        ask_again_at_ = now + wait;
        note(out, "the server says to wait; trying again in " + in_seconds(wait));
    } else if (link_ == link::greeting) {
        finish(1, "The server does not let a guest in: " + visible(said.text), out);
    } else if (said.code == refusal::not_paired) {
        if (current_) {
            put_aside(out);  // its end is on the way
        }
        state_ = user_state::idle;
        ask(now, out);
    } else if (said.code != refusal::not_waiting && said.code != refusal::already_paired) {
        refused_search(said, out);
    } else if (!current_) {
        state_ = user_state::idle;
        hint(out);
    }
}

void talker::refused_search(const server::error& said, actions& out) {
    searches_ = search_told_ = false;
    if (current_) {
        current_->parts = parting::none;
    }
    if (said.code == refusal::unknown_topic) {
        options_.topics.clear();
        refuse(out, "no such topic; /topics lists them");
    } else {
        refuse(out, "refused: " + visible(said.text));
    }
    if (!current_) {
        hint(out);
    }
}

}  // namespace onechat::cli
