// What an operator asks and orders. Everything is stored before it is answered; who is connected
// meanwhile learns of it as of any other change.
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace onechat {

namespace {

// More than some people at their desks need, and far less than would hold anybody else up.
constexpr std::size_t errands_max = 64;

// An operator's question may look at thousands of rows, and the reader answers in the order in
// which it is asked: a login waits for no more than these.
constexpr std::size_t read_at_once = 2;

}  // namespace

void switchboard::consult(storage::question what, consulted then) {
    if (consultations_.size() + waiting_consultations_.size() >= errands_max) {
        ++counts_.limits.operator_requests;
        then(nullptr);
        return;
    }
    waiting_consultations_.emplace_back(std::move(what), std::move(then));
    consult_more();
}

void switchboard::consult_more() {
    while (consultations_.size() < read_at_once && !waiting_consultations_.empty()) {
        auto [what, then] = std::move(waiting_consultations_.front());
        waiting_consultations_.pop_front();
        storage::read_job job;
        job.ticket = last_ticket_ + 1;
        job.what = std::move(what);
        if (store_.read(std::move(job))) {
            last_read_ = ++last_ticket_;
            consultations_.emplace(last_ticket_, std::move(then));
        } else {
            ++counts_.limits.operator_requests;
            then(nullptr);
        }
    }
}

bool switchboard::settle_consultation(storage::read_job& job) {
    const auto found = consultations_.find(job.ticket);
    if (found == consultations_.end()) {
        return false;
    }
    const auto then = std::move(found->second);
    consultations_.erase(found);
    then(job.ok ? &job.what : nullptr);
    consult_more();
    return true;
}

bool switchboard::takes_errands() {
    if (errands_.size() >= errands_max) {
        ++counts_.limits.operator_requests;
        return false;
    }
    return epoch_stored_ && store_.state() != lobby::store_state::closed;
}

std::uint64_t switchboard::note_errand(carried_out then, const subject& erased) {
    errands_.emplace(++last_ticket_, errand{std::move(then), erased});
    return last_ticket_;
}

void switchboard::commission(storage::change what, carried_out then, moment now) {
    now_ = now;
    if (!takes_errands()) {
        then(nullptr);
        return;
    }
    if (auto* removes = std::get_if<storage::remove_texts>(&what)) {
        removes->epoch = epoch_;
        removes->at = now_.unix_ms;
        removes->sealed_until = sealed_until();
    }
    write(note_errand(std::move(then), {}), std::move(what));
    finish_turn(now);
}

void switchboard::erase(erasure_order asked, carried_out then, moment now) {
    now_ = now;
    if (!takes_errands() || departing_.contains(asked.name)) {
        then(nullptr);
        return;
    }
    for (auto& [id, who] : sessions_) {
        if (who->at == stage::welcomed && who->claims.name == asked.name) {
            depart(*who);
        }
    }
    departing_.insert(asked.name);
    lobby_.expel(asked.user, now, effects_);  // who is away
    carry_out(effects_);                      // what ends is stored before the erasure
    storage::erase_user change;
    change.user = same<storage::user_id>(asked.user);
    change.receipt = random_name();
    change.at = now_.unix_ms;
    change.sealed_until = sealed_until();
    change.audit = std::move(asked.audit);
    write(note_errand(std::move(then), asked.name), std::move(change));
    finish_turn(now);
}

void switchboard::remove(removal_order asked, std::function<void(std::optional<bool>)> then,
                         moment now) {
    now_ = now;
    if (!takes_errands()) {
        then(std::nullopt);
        return;
    }
    if (recent_removals_.has(same<storage::pair_id>(asked.pair), asked.seq)) {
        then(false);  // somebody else's order was a moment earlier, or its author's recall
        return;
    }
    carry_out(effects_);  // what follows is this removal alone
    switch (lobby_.remove(asked.pair, asked.seq, asked.author, now, effects_)) {
        case lobby::lobby::removal::not_now:
            then(std::nullopt);
            return;
        case lobby::lobby::removal::done:
            removal_audit_ = std::move(asked.audit);
            removal_ticket_ = note_errand(
                [then = std::move(then)](const storage::change* done) {
                    then(done == nullptr
                             ? std::nullopt
                             : std::optional{std::get<storage::remove_text>(*done).removed});
                },
                {});
            finish_turn(now);
            return;
        case lobby::lobby::removal::asleep:
            break;
    }
    storage::remove_texts change;
    change.pair = same<storage::pair_id>(asked.pair);
    change.seq = asked.seq;
    change.audit = std::move(asked.audit);
    commission(
        std::move(change),
        [then = std::move(then)](const storage::change* done) {
            // A chat that is open in the store alone is one whose end is on its way there.
            const auto* removed =
                done == nullptr ? nullptr : std::get_if<storage::remove_texts>(done);
            then(removed == nullptr || removed->live ? std::nullopt
                                                     : std::optional{removed->removed > 0});
        },
        now);
}

// A removal in a live chat is an event of it, too: whoever settles events goes on with it.
bool switchboard::settle_errand(const storage::write_job& job, bool done) {
    const auto found = errands_.find(job.ticket);
    if (found == errands_.end()) {
        return false;
    }
    const errand asked = std::move(found->second);
    errands_.erase(found);
    if (const auto* erasure = std::get_if<storage::erase_user>(&job.what)) {
        departing_.erase(asked.erased);
        send_off_erased(asked.erased, done && erasure->erased);
    }
    if (const auto* looked = std::get_if<storage::resolve_report>(&job.what);
        looked != nullptr && done && looked->resolved > 0 && !looked->muted) {
        mute(looked->person_reported, false);
    }
    asked.then(done ? &job.what : nullptr);
    return !std::holds_alternative<storage::remove_text>(job.what);
}

// They are waiting for this: their requests are over since the order came.
void switchboard::send_off_erased(const subject& name, bool erased) {
    for (const auto& [id, who] : sessions_) {
        if (who->at == stage::departing && who->claims.name == name) {
            condemned_.emplace_back(
                id, erased ? protocol::close_code::erased : protocol::close_code::restarting);
        }
    }
    if (erased) {
        ++counts_.erasures;
        turn_away(name);
    }
}

std::vector<lobby::session_id> switchboard::sessions_of(lobby::user_id user) const {
    std::vector<lobby::session_id> found;
    for (const auto& [id, who] : sessions_) {
        if (is_present(*who) && who->user == user) {
            found.push_back(id);
        }
    }
    return found;
}

}  // namespace onechat
