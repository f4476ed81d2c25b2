// The part of a chat in which something is said, seen or taken back.
#include "protocol/limits.hpp"
#include "server/lobby/chat.hpp"

#include <algorithm>
#include <utility>

namespace onechat::lobby {

namespace server = protocol::server;

// The order of checks is the contract's: first what the cid says, then the limits.
void chat::say(side from, const caller& by, protocol::client::say said, const terms& on, moment now,
               effects& out) {
    seat& mine = at(from);
    if (const auto* known = mine.accepted.find(said.cid)) {
        say_again(from, by, said, *known, out);
        return;
    }
    const auto waits = std::ranges::find(mine.held, said.cid, &held_text::cid);
    if (waits != mine.held.end()) {
        say_again(*waits, by, said, out);
        return;
    }
    if (said.cid <= (mine.held.empty() ? mine.accepted.last_cid() : mine.held.back().cid)) {
        refuse(by, said.cid, {protocol::refusal::cid_stale}, out);
        return;
    }
    const std::uint64_t digest = digest_of(said.text);
    if (crowded(mine, digest, now)) {
        refuse(by, said.cid, {protocol::refusal::in_flight_full}, out);
        return;
    }
    if (const auto why = closed_to(mine, on, now)) {
        refuse(by, said.cid, *why, out);
        return;
    }
    held_text text{
        .cid = said.cid, .digest = digest, .shown = std::move(said.text), .by = by, .again = {}};
    if (on.judge != nullptr && !pass_moderation(from, text, on, now, out)) {
        return;
    }
    mine.has_spoken = true;
    if (text.waits || !mine.held.empty()) {
        mine.held.push_back(std::move(text));
    } else {
        accept(from, std::move(text), now, out);
    }
}

// From here on it has its seq, and the partner sees it.
void chat::accept(side from, held_text&& text, moment now, effects& out) {
    seat& mine = at(from);
    event what = next_event(from, protocol::event_kind::text, now);
    what.text = std::move(text.shown);
    what.cid = text.cid;
    if (text.masked) {
        what.said = text.digest;
    }
    mine.accepted.accept({text.cid, what.seq, what.at, text.digest});
    mine.recallable.said(what.seq, now.steady);
    ++mine.unacked;
    mine.unanswered = 0;
    at(other(from)).unanswered = what.seq;
    show(other(from), what, out);
    out.push_back(keep{pair_, what, text.flagged, text.doubted, text.review, text.label});
    tail_.push_back({std::move(what), text.by, std::move(text.again)});
}

// Whether there is no room in flight, or the client has not gone back to the first text refused for
// that. When nothing is in flight and nothing came for a while, it will not go back any more.
bool chat::crowded(seat& sender, std::uint64_t digest, moment now) {
    constexpr std::chrono::seconds given_up_after{1};
    const auto owed = std::ranges::count_if(sender.owed, [](const tell& answer) {
        return std::holds_alternative<server::ack>(answer.what);
    });
    const auto in_flight = sender.unacked + sender.held.size();
    const bool full = in_flight + static_cast<std::size_t>(owed) >= protocol::limits::in_flight_max;
    const bool given_up = in_flight == 0 && now.steady - sender.crowded_at >= given_up_after;
    if (!full && (!sender.crowded_out || *sender.crowded_out == digest || given_up)) {
        sender.crowded_out.reset();
        return false;
    }
    sender.crowded_out = sender.crowded_out.value_or(digest);
    sender.crowded_at = now.steady;
    return true;
}

// After a refusal with `retry_ms` the texts already on their way are refused for that long as well,
// so that the client can say them again in order. Who said too much is asked to wait until a whole
// burst is there again: whoever says dozens of texts after a resume would otherwise get one through
// at a time, and be closed for all the refusals between.
std::optional<gate> chat::closed_to(seat& sender, const terms& on, moment now) {
    using std::chrono::milliseconds;
    auto why = on.closed;
    if (now.steady < sender.refused_until) {
        const auto rest = std::chrono::ceil<milliseconds>(sender.refused_until - now.steady);
        if (!why || why->retry_ms <= rest.count()) {
            return gate{sender.refused_for, rest.count()};
        }
    }
    if (!why && on.texts_said != nullptr && on.texts_said->take(on.texts, now.steady)) {
        ++*on.limited;
        why =
            gate{protocol::refusal::rate_limited, on.texts_said->until_rested(now.steady).count()};
    }
    if (why) {
        close_to(sender, *why, now);
    }
    return why;
}

void chat::close_to(seat& sender, gate why, moment now) {
    sender.refused_for = why.code;
    sender.refused_until = now.steady + std::chrono::milliseconds{why.retry_ms};
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
    // Retention may have cut the text: nobody can tell any more that this is another.
    const bool differs = known.digest != 0 && known.digest != digest_of(said.text);
    if (differs) {
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
    if (std::ranges::find(mine.owed, known.seq, place_of) != mine.owed.end()) {
        mine.owed.push_back(ack_of(what, by, true));
        return;
    }
    out.push_back(ack_of(what, by, true));
}

std::optional<std::uint32_t> chat::take_absence(side of) {
    seat& mine = at(of);
    const bool waits = mine.away && mine.unanswered > mine.seen;
    if (!waits || std::exchange(mine.is_told_of, true)) {
        return std::nullopt;
    }
    return mine.absence;
}

void chat::typing(side from, bool on, effects& out) const {
    if (const seat& theirs = at(other(from)); theirs.live) {
        out.push_back(tell{theirs.session, server::typing{name_, on}, {}});
    }
}

bool chat::see(side viewer, std::uint64_t seq, effects& out) {
    seat& mine = at(viewer);
    seq = std::min(seq, last_seq_);
    if (seq <= mine.seen) {
        return false;
    }
    const bool kept_before =
        seats_[0].seen == seats_[0].seen_kept && seats_[1].seen == seats_[1].seen_kept;
    mine.seen = seq;
    if (const seat& theirs = at(other(viewer)); theirs.live) {
        out.push_back(tell{theirs.session, server::seen{name_, seq}, {}});
    }
    return kept_before;
}

void chat::keep_seen(effects& out) {
    for (const side of : {side::one, side::two}) {
        seat& mine = at(of);
        if (std::exchange(mine.seen_kept, mine.seen) != mine.seen) {
            out.push_back(note_seen{pair_, of, mine.seen});
        }
    }
}

bool chat::recall(side from, const caller& by, std::uint64_t seq, moment now, effects& out) {
    seat& mine = at(from);
    if (!mine.recallable.take(seq, now.steady)) {
        return false;
    }
    const auto unstored =
        std::ranges::find_if(tail_, [&](const pending& one) { return one.what.seq == seq; });
    if (unstored != tail_.end()) {
        unstored->what.text.clear();  // the row is on its way; whoever resumes must not be shown it
        unstored->what.gone = protocol::gone_reason::recall;
    }
    event what = next_event(from, protocol::event_kind::recall, now);
    what.ref = seq;
    ++mine.recalling;
    show(other(from), what, out);
    out.push_back(keep{pair_, what});
    tail_.push_back({std::move(what), by, {}});
    return true;
}

void chat::stored(std::uint64_t seq, effects& out) {
    durable_seq_ = std::max(durable_seq_, seq);
    while (!tail_.empty() && tail_.front().what.seq <= seq) {
        const pending next = std::move(tail_.front());
        tail_.pop_front();
        settle(next, out);
    }
    if (ended_) {
        take_leave(side::one, out);
        take_leave(side::two, out);
    }
}

void chat::settle(const pending& stored, effects& out) {
    if (stored.what.kind == protocol::event_kind::recall) {
        settle_recall(stored, out);
        return;
    }
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

void chat::settle_recall(const pending& stored, effects& out) {
    const side from = stored.what.from;
    if (from == side::system) {
        return;  // told already, to both
    }
    seat& sender = at(from);
    --sender.recalling;
    if (stored.by.session != sender.session) {
        return;  // a newer connection is shown it by the replay
    }
    tell answer{sender.session, shown_to(from, stored.what, name_), stored.by.rid};
    if (!sender.live) {
        sender.owed.push_back(std::move(answer));
        return;
    }
    out.push_back(std::move(answer));
    show_tail(from, stored.what.seq, out);
}

}  // namespace onechat::lobby
