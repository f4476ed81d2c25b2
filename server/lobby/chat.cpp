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
    mine.crowded_out.reset();
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
               one.what.seq > shown && !awaited_by(one, mine.session);
    });
    if (foreign || (ended_ && durable_seq_ < end_.seq)) {
        return progress::wait;
    }
    // Acks of texts that the client said it holds already, and that no replay comes by.
    for (tell& ack : std::exchange(mine.owed, {})) {
        out.push_back(std::move(ack));
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
    mine.live = true;
    tell_partner_state(of, out);
    return progress::live;
}

std::vector<tell> chat::owed_acks(side of, std::uint64_t seq) {
    auto& owed = at(of).owed;
    const auto due = std::stable_partition(owed.begin(), owed.end(), [&](const tell& one) {
        return std::get<server::ack>(one.what).seq != seq;
    });
    std::vector<tell> acks{std::make_move_iterator(due), std::make_move_iterator(owed.end())};
    owed.erase(due, owed.end());
    return acks;
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
    const std::uint64_t digest = digest_of(said.text);
    if (crowded(mine, digest, now)) {
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
    mine.accepted.accept({said.cid, what.seq, what.at, digest});
    ++mine.unacked;
    if (const seat& theirs = at(other(from)); theirs.live) {
        out.push_back(tell{theirs.session, shown_to(other(from), what, name_), {}});
    }
    out.push_back(keep{pair_, what});
    tail_.push_back({std::move(what), by, {}});
}

// Whether there is no room in flight, or the client has not gone back to the first text refused for
// that. When nothing is in flight and nothing came for a while, it will not go back any more.
bool chat::crowded(seat& sender, std::uint64_t digest, moment now) {
    constexpr std::chrono::seconds given_up_after{1};
    const bool full = sender.unacked + sender.owed.size() >= protocol::limits::in_flight_max;
    const bool given_up = sender.unacked == 0 && now.steady - sender.crowded_at >= given_up_after;
    if (!full && (!sender.crowded_out || *sender.crowded_out == digest || given_up)) {
        sender.crowded_out.reset();
        return false;
    }
    sender.crowded_out = sender.crowded_out.value_or(digest);
    sender.crowded_at = now.steady;
    return true;
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

bool chat::answer_repeat(side from, const caller& by, const protocol::client::say& said,
                         effects& out) {
    const auto* known = at(from).accepted.find(said.cid);
    if (known == nullptr) {
        return false;
    }
    say_again(from, by, said, *known, out);
    return true;
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
        // Answered when it is on disk, each time it was said.
        if (unstored->again.size() == protocol::limits::in_flight_max) {
            refuse(by, said.cid, {protocol::refusal::in_flight_full}, out);
        } else {
            unstored->again.push_back(by);
        }
        return;
    }
    seat& mine = at(from);
    event what;
    what.seq = known.seq;
    what.at = known.at;
    what.cid = known.cid;
    if (std::ranges::any_of(mine.owed, [&](const tell& one) {
            return std::get<server::ack>(one.what).seq == known.seq;
        })) {
        mine.owed.push_back(ack_of(what, by, true));
        return;
    }
    out.push_back(ack_of(what, by, true));
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
    const auto answer = [&](const caller& by, bool dup) {
        if (by.session != sender.session) {
            return;  // a newer connection is shown the text as an event
        }
        if (sender.live) {
            out.push_back(ack_of(stored.what, by, dup));
        } else {
            sender.owed.push_back(ack_of(stored.what, by, dup));
        }
    };
    answer(stored.by, false);
    for (const caller& by : stored.again) {
        answer(by, true);
    }
}

bool chat::awaited_by(const pending& one, session_id session) {
    return one.by.session == session ||
           std::ranges::find(one.again, session, &caller::session) != one.again.end();
}

// ---- leaving ----

void chat::end(leaving how, moment now, effects& out) {
    assert(!ended_);
    ended_ = true;
    how_ = how;
    end_ = next_event(how.by, protocol::event_kind::end, now);
    end_.reason = how.why;
    tail_.push_back({end_, {}, {}});

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
