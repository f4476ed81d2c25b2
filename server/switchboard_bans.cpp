// What the operator and enough reports decide about people. A ban works at once, by what the lobby
// does; that it holds is the store's, which refuses a chat with somebody banned whatever happens
// here. Between the two stand hellos whose question the store answered before the commit: they are
// held against what was decided a moment ago.
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace onechat {

namespace {

// A hello is over by then, and a later one asks the store.
constexpr std::chrono::minutes decision_time{1};

constexpr std::chrono::minutes standings_pause{1};

// Wraps what is to be called with one kind of change.
template <class Change>
std::function<void(const storage::change*)> told(outcome<Change> done) {
    return [done = std::move(done)](const storage::change* change) {
        if (done) {
            done(change == nullptr ? nullptr : &std::get<Change>(*change));
        }
    };
}

}  // namespace

std::size_t switchboard::person_hash::operator()(const lobby::person_key& person) const noexcept {
    // A keyed hash already.
    std::size_t hash = 0;
    std::copy_n(person.begin(), sizeof(hash), reinterpret_cast<std::uint8_t*>(&hash));
    return hash;
}

// ---- orders ----

bool switchboard::takes_orders() const {
    return epoch_stored_ && store_.state() != lobby::store_state::closed;
}

std::uint64_t switchboard::note_order(order asked) {
    orders_.emplace(++last_ticket_, std::move(asked));
    return last_ticket_;
}

void switchboard::ban(ban_order asked, outcome<storage::ban_person> done, moment now) {
    now_ = now;
    if (!takes_orders()) {
        done(nullptr);
        return;
    }
    order given{.done = told<storage::ban_person>(std::move(done)), .name = {}};
    if (session* who = find(lobby_.session_of(asked.user));
        who != nullptr && who->at == stage::welcomed) {
        given.sent_off = who->id;
        given.name = who->claims.name;
        depart(*who);
    }
    lobby_.expel(asked.user, now, effects_);  // who is away
    carry_out(effects_);                      // what ends is stored before the ban
    storage::ban_person change;
    change.user = same<storage::user_id>(asked.user);
    change.reason = std::move(asked.reason);
    change.by = std::move(asked.by);
    change.audit = std::move(asked.audit);
    change.at = clock_.at(now);
    change.counted_from = change.at - options_.bans.memory.count();
    if (asked.term) {
        change.terms = {asked.term->count()};
    } else {
        for (const auto term : options_.bans.terms) {
            change.terms.push_back(term.count());
        }
    }
    write(note_order(std::move(given)), std::move(change));
    finish_turn(now);
}

void switchboard::lift_ban(lobby::user_id user, outcome<storage::lift_ban> done, moment now,
                           std::optional<storage::audit_row> audit) {
    now_ = now;
    if (!takes_orders()) {
        done(nullptr);
        return;
    }
    storage::lift_ban change;
    change.user = same<storage::user_id>(user);
    change.at = clock_.at(now);
    change.audit = std::move(audit);
    write(note_order({.done = told<storage::lift_ban>(std::move(done)), .name = {}}),
          std::move(change));
    finish_turn(now);
}

void switchboard::resolve_reports(lobby::user_id user, outcome<storage::resolve_reports> done,
                                  moment now) {
    now_ = now;
    if (!takes_orders()) {
        done(nullptr);
        return;
    }
    storage::resolve_reports change;
    change.user = same<storage::user_id>(user);
    change.at = clock_.at(now);
    write(note_order({.done = told<storage::resolve_reports>(std::move(done)), .name = {}}),
          change);
    finish_turn(now);
}

bool switchboard::settle_order(const storage::write_job& job, bool done) {
    const auto found = orders_.find(job.ticket);
    if (found == orders_.end()) {
        return false;
    }
    const order asked = std::move(found->second);
    orders_.erase(found);
    if (asked.sent_off != session_id::none) {
        departing_.erase(asked.name);
    }
    if (done) {
        std::visit(
            [&](const auto& change) {
                if constexpr (requires { settle(asked, change); }) {
                    settle(asked, change);
                }
            },
            job.what);
    }
    // Nobody else ends whom an order has sent off: it may have come to nothing.
    if (asked.sent_off != session_id::none) {
        condemned_.insert(condemned_.begin(), {asked.sent_off, protocol::close_code::restarting});
    }
    asked.done(done ? &job.what : nullptr);
    return true;
}

void switchboard::settle(const order& asked, const storage::ban_person& change) {
    if (!change.known) {
        return;
    }
    ++counts_.bans;
    next_standings_ = {};
    decide(change.person).banned_until = change.until;
    lobby_.expel(change.person, now_, effects_);
    for (auto& [id, who] : sessions_) {
        const bool theirs = is_present(*who) && who->person == change.person;
        // Who is on the way out by logging out or erasing is told what became of that.
        if (theirs && (who->at == stage::welcomed || id == asked.sent_off)) {
            condemned_.emplace_back(id, protocol::close_code::banned, change.until);
        }
    }
}

void switchboard::settle(const order&, const storage::lift_ban& change) {
    if (change.known) {
        counts_.lifted_bans += change.lifted > 0 ? 1U : 0U;
        next_standings_ = {};
        decide(change.person).banned_until = 0;
    }
}

void switchboard::settle(const order&, const storage::resolve_reports& change) {
    if (change.known) {
        mute(change.person, false);
    }
}

void switchboard::mute(const lobby::person_key& person, bool muted) {
    next_standings_ = {};
    decide(person).muted = muted;
    lobby_.set_muted(person, muted, effects_);
}

// ---- what was decided a moment ago ----

switchboard::recent_decision& switchboard::decide(const lobby::person_key& person) {
    recent_decision& made = decisions_[person];
    made.at = now_.steady;
    return made;
}

bool switchboard::is_banned(session& who, const lobby::person_key& person, storage::unix_ms until) {
    if (const auto found = decisions_.find(person); found != decisions_.end()) {
        until = found->second.banned_until.value_or(until);
    }
    if (until <= clock_.at(now_)) {
        return false;
    }
    hang_up(who, protocol::close_code::banned, std::nullopt, until);
    return true;
}

void switchboard::forget_decisions() {
    std::erase_if(decisions_,
                  [this](const auto& one) { return now_.steady - one.second.at >= decision_time; });
}

// ---- figures ----

// Asked now and then, since a ban also ends by itself and a mute with its report.
void switchboard::count_standings() {
    if (standings_ticket_ != 0 || now_.steady < next_standings_) {
        return;
    }
    storage::read_job job;
    job.ticket = last_ticket_ + 1;
    storage::count_standings question;
    question.now = clock_.at(now_);
    job.what = question;
    if (store_.read(std::move(job))) {
        standings_ticket_ = ++last_ticket_;
        next_standings_ = now_.steady + standings_pause;
    }
}

}  // namespace onechat
