// The part of a chat that moderation has a say in: texts that are held, released, refused, and
// those that are taken away when people have seen them.
#include "protocol/limits.hpp"
#include "server/lobby/chat.hpp"

#include <algorithm>
#include <utility>

namespace onechat::lobby {

namespace {

// What a client waits when nobody could judge its text: about as long as an outage takes that a
// circuit breaker waits out.
constexpr std::int64_t unjudged_retry_ms = 2000;

}  // namespace

bool chat::pass_moderation(side from, held_text& text, const terms& on, moment now, effects& out) {
    seat& mine = at(from);
    ruling is = on.judge->judge({.session = text.by.session,
                                 .words = text.shown,
                                 .first = !mine.has_spoken,
                                 .known_outside = on.known_outside},
                                now);
    if (is.is == ruling::decision::reject) {
        refuse(text.by, text.cid, {protocol::refusal::blocked_text}, out);
        return false;
    }
    if (is.is == ruling::decision::busy) {
        const gate busy{protocol::refusal::platform_busy, unjudged_retry_ms};
        close_to(mine, busy, now);
        refuse(text.by, text.cid, busy, out);
        return false;
    }
    text.flagged = is.flagged;
    text.waits = is.outside == ruling::look::before;
    if (is.outside != ruling::look::none) {
        text.review =
            text.waits ? on.looks->begin({pair_, mine.user}, now.steady) : on.looks->number();
        out.push_back(ask_review{text.review, utterance::what::text, text.by, mine.user, text.shown,
                                 text.waits});
    }
    if (is.is == ruling::decision::mask) {
        text.masked = true;
        text.shown = std::move(is.shown);
    }
    return true;
}

bool chat::judged(review_id review, const opinion& is, const std::optional<gate>& closed,
                  const std::optional<gate>& unjudged, moment now, effects& out) {
    for (const side from : {side::one, side::two}) {
        auto& held = at(from).held;
        const auto text = std::ranges::find(held, review, &held_text::review);
        if (text == held.end()) {
            continue;
        }
        if (is.is == opinion::decision::reject) {
            refuse_held(at(from), text, text + 1, {protocol::refusal::blocked_text}, out);
            held.erase(text);
        } else if (is.is == opinion::decision::none && unjudged) {
            refuse_held_from(at(from), text, *unjudged, now, out);
        } else {
            text->waits = false;
            text->doubted = is.doubtful;
            text->label = is.label;
            if (is.is == opinion::decision::pass) {
                text->review = review_id::none;  // else the opinion may still come
            }
        }
        release(from, closed, now, out);
        return true;
    }
    return false;
}

// As far as nothing before it waits.
void chat::release(side from, const std::optional<gate>& closed, moment now, effects& out) {
    seat& sender = at(from);
    while (!sender.held.empty() && !sender.held.front().waits) {
        if (closed) {
            refuse_held_from(sender, sender.held.begin(), *closed, now, out);
            return;
        }
        held_text text = std::move(sender.held.front());
        sender.held.pop_front();
        accept(from, std::move(text), now, out);
    }
}

void chat::refuse_held(seat& sender, std::deque<held_text>::iterator from,
                       std::deque<held_text>::iterator to, gate why, effects& out) const {
    for (; from != to; ++from) {
        const auto answer = [&](const caller& by) {
            if (by.session == sender.session) {
                refuse(by, from->cid, why, out);
            }
        };
        answer(from->by);
        std::ranges::for_each(from->again, answer);
    }
}

// It will be said again, and so what was said after it has to be.
void chat::refuse_held_from(seat& sender, std::deque<held_text>::iterator from, gate why,
                            moment now, effects& out) const {
    close_to(sender, why, now);
    refuse_held(sender, from, sender.held.end(), why, out);
    sender.held.erase(from, sender.held.end());
}

void chat::say_again(held_text& waits, const caller& by, const protocol::client::say& said,
                     effects& out) const {
    if (waits.digest != digest_of(said.text)) {
        refuse(by, said.cid, {protocol::refusal::cid_conflict}, out);
    } else if (waits.again.size() == protocol::limits::in_flight_max) {
        refuse(by, said.cid, {protocol::refusal::in_flight_full}, out);
    } else {
        waits.again.push_back(by);
    }
}

void chat::remove(std::uint64_t seq, moment now, effects& out) {
    for (seat& one : seats_) {
        static_cast<void>(one.recallable.take(seq, now.steady));
    }
    event what = next_event(side::system, protocol::event_kind::recall, now);
    what.ref = seq;
    what.gone = protocol::gone_reason::removed;
    show(side::one, what, out);
    show(side::two, what, out);
    out.push_back(keep{pair_, what});
    tail_.push_back({std::move(what), {}, {}});
}

}  // namespace onechat::lobby
