#include "server/lobby/chat.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat::lobby {

namespace server = protocol::server;

chat::chat(opened_chat opened)
    : pair_{opened.pair},
      chat_{opened.chat},
      name_{std::move(opened.name)},
      last_seq_{opened.last_seq},
      durable_seq_{opened.last_seq},
      last_at_{opened.last_at},
      met_{opened.met},
      topic_{std::move(opened.topic)} {
    for (std::size_t n = 0; n < seats_.size(); ++n) {
        seats_[n].user = opened.seats[n].user;
        seats_[n].look = std::move(opened.seats[n].look);
        seats_[n].seen = opened.seats[n].seen;
        for (const auto& mark : opened.seats[n].accepted) {
            seats_[n].accepted.accept(mark);
        }
    }
}

void chat::introduce(side of, std::optional<std::string> nickname,
                     std::optional<std::string> avatar) {
    at(of).nickname = std::move(nickname);
    if (avatar) {
        at(of).look.avatar = *std::move(avatar);
    }
}

server::matched chat::described_to(side viewer) const {
    const seat& mine = at(viewer);
    const seat& theirs = at(other(viewer));
    server::matched told;
    told.pair = name_;
    told.partner = {theirs.look.alias, theirs.look.avatar, theirs.nickname};
    told.topic = topic_;
    told.met = met_;
    told.last_seq = last_seq_;
    told.last_cid = mine.accepted.last_cid();
    told.partner_seen = theirs.seen;
    return told;
}

// ---- connections ----

void chat::enter(side of, session_id session) {
    seat& mine = at(of);
    mine.session = session;
    mine.live = true;
    mine.away = false;
}

void chat::attach(side of, session_id session, effects& out) {
    seat& mine = at(of);
    mine.session = session;
    mine.live = false;
    // What the older connection was refused it can't say again.
    mine.crowded = false;
    mine.refused_until = {};
    mine.owed.clear();
    set_away(of, false, out);
}

void chat::detach(side of, effects& out) {
    seat& mine = at(of);
    mine.session = session_id::none;
    mine.live = false;
    mine.owed.clear();
    set_away(of, true, out);
    if (ended_) {
        take_leave(of, out);
    }
}

void chat::set_away(side of, bool away, effects& out) {
    if (std::exchange(at(of).away, away) != away && at(other(of)).live && !ended_) {
        tell_partner_state(other(of), out);
    }
}

chat::progress chat::catch_up(side of, std::uint64_t shown, effects& out) {
    seat& mine = at(of);
    if (shown < durable_seq_) {
        return progress::read_on;
    }
    const bool foreign = std::ranges::any_of(tail_, [&](const pending& one) {
        return one.what.from == of && one.what.kind == protocol::event_kind::text &&
               one.what.seq > shown && one.by.session != mine.session;
    });
    if (foreign || (ended_ && durable_seq_ < end_.seq)) {
        return progress::wait;
    }
    if (ended_) {
        dismiss(of, out);
        return progress::over;
    }
    for (const pending& one : tail_) {
        if (one.what.from != of && one.what.seq > shown) {
            out.push_back(tell{mine.session, shown_to(of, one.what, name_), {}});
        }
    }
    assert(mine.owed.empty());
    mine.live = true;
    tell_partner_state(of, out);
    return progress::live;
}

std::optional<tell> chat::owed_ack(side of, std::uint64_t seq) {
    auto& owed = at(of).owed;
    const auto found = std::ranges::find_if(
        owed, [&](const tell& one) { return std::get<server::ack>(one.what).seq == seq; });
    if (found == owed.end()) {
        return std::nullopt;
    }
    std::optional<tell> due{std::move(*found)};
    owed.erase(found);
    at(of).crowded = false;
    return due;
}

// ---- talking ----

// The order of checks is the contract's: first what the cid says, then the limits.
void chat::say(side from, const caller& by, const protocol::client::say& said,
               const std::optional<gate>& closed, moment now, effects& out) {
    seat& mine = at(from);
    if (const auto* known = mine.accepted.find(said.cid)) {
        say_again(from, by, said, *known, out);
        return;
    }
    if (said.cid <= mine.accepted.last_cid()) {
        refuse(by, said.cid, {protocol::refusal::cid_stale}, out);
        return;
    }
    if (mine.crowded || mine.unacked + mine.owed.size() >= protocol::limits::in_flight_max) {
        mine.crowded = true;
        refuse(by, said.cid, {protocol::refusal::in_flight_full}, out);
        return;
    }
    if (const auto why = closed_to(mine, closed, now)) {
        refuse(by, said.cid, *why, out);
        return;
    }

    event what = next_event(from, protocol::event_kind::text, now);
    what.text = said.text;
    what.cid = said.cid;
    mine.accepted.accept({said.cid, what.seq, what.at, digest_of(said.text)});
    ++mine.unacked;
    if (const seat& theirs = at(other(from)); theirs.live) {
        out.push_back(tell{theirs.session, shown_to(other(from), what, name_), {}});
    }
    out.push_back(keep{pair_, what});
    tail_.push_back({std::move(what), by, false});
}

// After a refusal with `retry_ms` the texts already on their way are refused for that long as well,
// so that the client can say them again in order.
std::optional<gate> chat::closed_to(seat& sender, const std::optional<gate>& closed,
                                    moment now) const {
    using std::chrono::milliseconds;
    if (closed) {
        sender.refused_for = closed->code;
        sender.refused_until = now.steady + milliseconds{closed->retry_ms};
        return closed;
    }
    if (now.steady >= sender.refused_until) {
        return std::nullopt;
    }
    const auto rest = std::chrono::ceil<milliseconds>(sender.refused_until - now.steady);
    return gate{sender.refused_for, rest.count()};
}

void chat::say_again(side from, const caller& by, const protocol::client::say& said,
                     const accepted_texts::mark& known, effects& out) {
    if (known.digest != digest_of(said.text)) {
        refuse(by, said.cid, {protocol::refusal::cid_conflict}, out);
        return;
    }
    const auto unstored =
        std::ranges::find_if(tail_, [&](const pending& one) { return one.what.seq == known.seq; });
    if (unstored != tail_.end()) {
        unstored->by = by;  // answered when it is on disk, over the connection that asked last
        unstored->dup = true;
        return;
    }
    for (tell& owed : at(from).owed) {
        if (auto& ack = std::get<server::ack>(owed.what); ack.seq == known.seq) {
            ack.dup = true;
            return;
        }
    }
    server::ack again;
    again.pair = name_;
    again.cid = known.cid;
    again.seq = known.seq;
    again.at = known.at;
    again.dup = true;
    out.push_back(tell{by.session, std::move(again), by.rid});
}

void chat::stored(std::uint64_t seq, effects& out) {
    durable_seq_ = std::max(durable_seq_, seq);
    while (!tail_.empty() && tail_.front().what.seq <= seq) {
        settle(tail_.front(), out);
        tail_.pop_front();
    }
    if (ended_) {
        take_leave(side::one, out);
        take_leave(side::two, out);
    }
}

void chat::settle(const pending& stored, effects& out) {
    if (stored.what.kind != protocol::event_kind::text) {
        return;
    }
    seat& sender = at(stored.what.from);
    --sender.unacked;
    sender.crowded = false;
    if (stored.by.session != sender.session) {
        return;  // a newer connection is shown it as an event
    }
    if (sender.live) {
        out.push_back(ack_of(stored));
    } else {
        sender.owed.push_back(ack_of(stored));
    }
}

// ---- leaving ----

void chat::end(leaving how, moment now, effects& out) {
    assert(!ended_);
    ended_ = true;
    how_ = how;
    end_ = next_event(how.by, protocol::event_kind::end, now);
    end_.reason = how.why;
    tail_.push_back({end_, {}, false});

    end_chat ending{pair_, chat_, end_, {}};
    for (std::size_t n = 0; n < seats_.size(); ++n) {
        ending.marks[n] = seats_[n].accepted.marks();
    }
    out.push_back(std::move(ending));
    take_leave(side::one, out);
    take_leave(side::two, out);
}

void chat::take_leave(side of, effects& out) {
    seat& mine = at(of);
    if (mine.dismissed || catching_up(of) || mine.unacked > 0 ||
        (of == how_.by && how_.when_stored && durable_seq_ < end_.seq)) {
        return;
    }
    if (mine.live) {
        out.push_back(tell{mine.session, shown_to(of, end_, name_), {}});
    }
    dismiss(of, out);
}

void chat::dismiss(side of, effects& out) {
    seat& mine = at(of);
    mine.dismissed = true;
    if (mine.session == session_id::none) {
        return;
    }
    if (of != how_.by) {
        out.push_back(tell{
            mine.session, server::partner{name_, protocol::partner_state::left, end_.reason}, {}});
    } else if (how_.idle_due) {
        out.push_back(tell{mine.session, server::idle{}, how_.rid});
    }
}

// ---- small parts ----

void chat::refuse(const caller& by, std::uint64_t cid, gate why, effects& out) const {
    server::nack refused;
    refused.pair = name_;
    refused.cid = cid;
    refused.code = why.code;
    if (why.retry_ms > 0) {
        refused.retry_ms = why.retry_ms;
    }
    out.push_back(tell{by.session, std::move(refused), by.rid});
}

void chat::tell_partner_state(side viewer, effects& out) const {
    server::partner told;
    told.pair = name_;
    told.state =
        at(other(viewer)).away ? protocol::partner_state::away : protocol::partner_state::here;
    out.push_back(tell{at(viewer).session, std::move(told), {}});
}

event chat::next_event(side from, protocol::event_kind kind, moment now) {
    last_at_ = std::max(last_at_, now.unix_ms);
    event what;
    what.seq = ++last_seq_;
    what.at = last_at_;
    what.from = from;
    what.kind = kind;
    return what;
}

tell chat::ack_of(const pending& of) const {
    server::ack stored;
    stored.pair = name_;
    stored.cid = of.what.cid;
    stored.seq = of.what.seq;
    stored.at = of.what.at;
    if (of.dup) {
        stored.dup = true;
    }
    return {of.by.session, std::move(stored), of.by.rid};
}

}  // namespace onechat::lobby
