#include "server/lobby/chat.hpp"

#include "protocol/limits.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat::lobby {

namespace server = protocol::server;

chat::chat(opened_chat opened, moment now)
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
        seats_[n].seen_kept = opened.seats[n].seen;
        for (const auto& mark : opened.seats[n].accepted) {
            const auto ago =
                std::chrono::milliseconds{std::max<std::int64_t>(0, now.unix_ms - mark.at)};
            seats_[n].recallable.said(mark.seq, now.steady - ago);
            seats_[n].accepted.accept(mark);
            seats_[1 - n].unanswered = std::max(seats_[1 - n].unanswered, mark.seq);
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
    mine.unanswered = 0;  // an older chat's
}

void chat::attach(side of, session_id session, effects& out) {
    seat& mine = at(of);
    mine.session = session;
    mine.live = false;
    // What the older connection was refused it can't say again.
    mine.crowded_out.reset();
    mine.refused_until = {};
    mine.owed.clear();
    mine.seen_told = at(other(of)).seen;
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
    seat& mine = at(of);
    if (std::exchange(mine.away, away) == away) {
        return;
    }
    mine.absence += away ? 1 : 0;
    mine.is_told_of = false;
    if (at(other(of)).live && !ended_) {
        tell_partner_state(other(of), out);
    }
}

chat::progress chat::catch_up(side of, std::uint64_t shown, effects& out) {
    seat& mine = at(of);
    if (shown < durable_seq_) {
        return progress::read_on;
    }
    // A text of an older connection is an event to this one, in its place.
    const bool held = std::ranges::any_of(
        mine.held, [&](const held_text& one) { return !awaited_by(one, mine.session); });
    const bool foreign =
        held || std::ranges::any_of(tail_, [&](const pending& one) {
            return one.what.from == of && !awaited_by(one, mine.session) &&
                   (one.what.kind == protocol::event_kind::recall ||
                    (one.what.kind == protocol::event_kind::text && one.what.seq > shown));
        });
    if (foreign || (ended_ && durable_seq_ < end_.seq)) {
        return progress::wait;
    }
    // Acks of texts that the client said it holds already, and that no replay comes by.
    for (tell& answer : std::exchange(mine.owed, {})) {
        out.push_back(std::move(answer));
    }
    if (ended_) {
        dismiss(of, out);
        return progress::over;
    }
    mine.live = true;
    show_tail(of, shown, out);
    tell_partner_state(of, out);
    if (const auto seen = at(other(of)).seen; seen > mine.seen_told) {
        out.push_back(tell{mine.session, server::seen{name_, seen}, {}});
    }
    return progress::live;
}

std::vector<tell> chat::owed_acks(side of, std::uint64_t seq) {
    auto& owed = at(of).owed;
    const auto due = std::stable_partition(owed.begin(), owed.end(),
                                           [&](const tell& one) { return place_of(one) != seq; });
    std::vector<tell> acks{std::make_move_iterator(due), std::make_move_iterator(owed.end())};
    owed.erase(due, owed.end());
    return acks;
}

// ---- leaving ----

void chat::end(leaving how, moment now, effects& out) {
    assert(!ended_);
    for (seat& sender : seats_) {
        refuse_held(sender, sender.held.begin(), sender.held.end(), {protocol::refusal::not_paired},
                    out);
        sender.held.clear();
    }
    ended_ = true;
    how_ = how;
    end_ = next_event(how.by, protocol::event_kind::end, now);
    end_.reason = how.why;
    tail_.push_back({end_, {}, {}});

    keep_seen(out);
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
    if (mine.dismissed || catching_up(of) || mine.unacked + mine.recalling > 0 ||
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

// Nothing overtakes a recall of the viewer's own, which they are told when it is stored.
void chat::show(side viewer, const event& what, effects& out) const {
    if (const seat& theirs = at(viewer); theirs.live && theirs.recalling == 0) {
        out.push_back(tell{theirs.session, shown_to(viewer, what, name_), {}});
    }
}

// What the other side did of late, up to a recall of the viewer's own.
void chat::show_tail(side viewer, std::uint64_t after, effects& out) const {
    for (const pending& one : tail_) {
        if (one.what.from == viewer && one.what.kind == protocol::event_kind::recall) {
            return;
        }
        if (one.what.from != viewer && one.what.seq > after &&
            one.what.kind != protocol::event_kind::end) {
            out.push_back(tell{at(viewer).session, shown_to(viewer, one.what, name_), {}});
        }
    }
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

std::uint64_t chat::place_of(const tell& owed) {
    const auto* ack = std::get_if<server::ack>(&owed.what);
    return ack != nullptr ? ack->seq : std::get<server::event>(owed.what).seq;
}

tell chat::ack_of(const event& of, const caller& by, bool dup) const {
    server::ack stored;
    stored.pair = name_;
    stored.cid = of.cid;
    stored.seq = of.seq;
    stored.at = of.at;
    if (dup) {
        stored.dup = true;
    }
    return {by.session, std::move(stored), by.rid};
}

}  // namespace onechat::lobby
