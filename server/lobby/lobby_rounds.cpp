// The part of the lobby that time drives: rounds of matching, deadlines, news for those who wait.
#include "server/lobby/lobby.hpp"
#include "server/lobby/matcher.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat::lobby {

namespace server = protocol::server;

void lobby::tick(moment now, effects& out) {
    assert_owner();
    partings_.forget(now.steady);
    expire(now, out);
    judge_overdue(now, out);
    send_nudges(now, out);
    keep_seen(now, out);
    forget_rested(now);
    if (now.steady >= next_round_) {
        next_round_ = now.steady + options_.match_round;
        match(now, out);
        send_waiting_updates(now, out);
    }
}

// ---- rounds ----

void lobby::match(moment now, effects& out) {
    std::erase(line_, nullptr);
    std::vector<candidate> waiting;
    std::vector<person*> who;
    for (std::size_t place = 0; place < line_.size(); ++place) {
        person& one = *line_[place];
        one.waits->place = place;
        if (!eligible(one)) {
            continue;
        }
        const auto waited = now.steady - one.waits->since.steady;
        candidate stands;
        stands.user = one.who.user;
        stands.topics = one.waits->topics;
        stands.any_topic = waited >= options_.any_topic_after;
        stands.recent_partner = waited >= options_.rematch_after;
        stands.person = &one.who.person;
        stands.blocked = one.who.blocked;
        waiting.push_back(stands);
        who.push_back(&one);
    }
    if (store_ == store_state::open) {
        for (const auto& [one, two] : match_round(waiting, partings_, random_)) {
            engage(*who[one], *who[two], out);
        }
    }
    count_waiting();
}

void lobby::engage(person& one, person& two, effects& out) {
    const match_id match{++last_match_};
    person& low = one.who.user < two.who.user ? one : two;
    person& high = &low == &one ? two : one;
    engagement met;
    met.users = {low.who.user, high.who.user};
    std::vector<topic_id> shared;
    std::ranges::copy_if(one.waits->topics, std::back_inserter(shared), [&](topic_id topic) {
        return std::ranges::find(two.waits->topics, topic) != two.waits->topics.end();
    });
    if (!shared.empty()) {
        met.topic = shared[random_.below(shared.size())];
    }
    for (person* who : {&one, &two}) {
        who->waits->engaged = match;
        who->opening = true;
    }
    auto looks = draw_appearances(random_);
    out.push_back(
        open_chat{match, met.users, {std::move(looks.first), std::move(looks.second)}, met.topic});
    engagements_.emplace(match, std::move(met));
}

void lobby::count_waiting() {
    eligible_count_ = 0;
    std::ranges::fill(topic_counts_, 0);
    for (const person* who : line_) {
        if (who == nullptr || !eligible(*who)) {
            continue;
        }
        ++eligible_count_;
        for (const topic_id topic : who->waits->topics) {
            ++topic_counts_[static_cast<std::size_t>(topic)];
        }
    }
}

std::size_t lobby::waiting_count(topic_id topic) const {
    return topic_counts_[static_cast<std::size_t>(topic)];
}

// ---- news for those who wait ----

std::uint32_t lobby::tier(const ticket& of, moment now) const {
    const auto waited = now.steady - of.since.steady;
    if (waited < options_.any_topic_after) {
        return 0;
    }
    return waited < options_.rematch_after ? 1 : 2;
}

void lobby::tell_waiting(const caller& by, moment now, effects& out) {
    person& who = of(by.session);
    assert(who.waits);
    tell_waiting(who, by.rid, now, out);
}

void lobby::tell_waiting(person& who, const request_number& rid, moment now, effects& out) {
    ticket& of = *who.waits;
    const std::size_t me = eligible(who) ? 1 : 0;
    of.told_at = now.steady;
    of.told_tier = tier(of, now);
    of.told_pool = pool_size_of(eligible_count_ > me ? eligible_count_ - me : 0);
    server::waiting told;
    told.since = of.since.unix_ms;
    told.waited_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.steady - of.since.steady).count();
    told.tier = of.told_tier;
    told.pool = of.told_pool;
    out.push_back(tell{who.session, std::move(told), rid});
}

void lobby::send_waiting_updates(moment now, effects& out) {
    for (person* who : line_) {
        if (who == nullptr || !eligible(*who) ||
            who->waits->told_at + options_.waiting_update_time > now.steady) {
            continue;
        }
        const ticket& of = *who->waits;
        if (of.told_tier != tier(of, now) || of.told_pool != pool_size_of(eligible_count_ - 1)) {
            tell_waiting(*who, {}, now, out);
        }
    }
}

// ---- what was seen ----

// Not stored at once: people say `seen` as often as they say something, and a crash may forget the
// last second of it.
void lobby::keep_seen(moment now, effects& out) {
    if (now.steady < next_keeping_ || store_ == store_state::closed) {
        return;
    }
    next_keeping_ = now.steady + options_.seen_kept_after;
    for (const pair_id pair : unkept_seen_) {
        if (const auto found = chats_.find(pair); found != chats_.end()) {
            found->second->keep_seen(out);
        }
    }
    unkept_seen_.clear();
}

void lobby::forget_rested(moment now) {
    constexpr std::chrono::seconds pause{1};
    if (now.steady >= next_forgetting_) {
        next_forgetting_ = now.steady + pause;
        std::erase_if(tired_, [&](const auto& one) { return one.second.rested(now.steady); });
    }
}

// ---- deadlines ----

// The time of a seat or a ticket without a socket is over.
void lobby::expire(moment now, effects& out) {
    while (!deadlines_.empty() && deadlines_.begin()->first <= now.steady) {
        person& who = *present(deadlines_.begin()->second);
        set_deadline(who, std::nullopt);
        if (who.talking != nullptr) {
            chat& ending = *who.talking;
            part(ending, {.why = protocol::end_reason::timeout}, now, out);
            drop_if_over(ending);
        } else {
            give_up(who);
            forget_if_gone(who);
        }
    }
}

}  // namespace onechat::lobby
