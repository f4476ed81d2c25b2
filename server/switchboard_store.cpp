// Towards the store and back: changes and questions out, their outcomes in.
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat {

namespace {

// How often what found no room is tried again.
constexpr std::chrono::seconds store_retry{1};

// Somebody knows of these already, so they are kept until there is room. Whoever waits for another
// change can be refused.
bool has_been_shown(const storage::change& what) {
    return std::holds_alternative<storage::append>(what) ||
           std::holds_alternative<storage::recall_text>(what) ||
           std::holds_alternative<storage::remove_text>(what) ||
           std::holds_alternative<storage::flag_text>(what) ||
           std::holds_alternative<storage::flag_report>(what) ||
           std::holds_alternative<storage::drop_consents>(what) ||
           std::holds_alternative<storage::void_chat>(what) ||
           std::holds_alternative<storage::end_chat>(what) ||
           std::holds_alternative<storage::mark_seen>(what);
}

// The event by which a change takes a text away; none: it takes none.
const storage::message_row* removal_in(const storage::change& what) {
    if (const auto* recalled = std::get_if<storage::recall_text>(&what)) {
        return &recalled->row;
    }
    const auto* removed = std::get_if<storage::remove_text>(&what);
    return removed == nullptr ? nullptr : &removed->row;
}

// What people are shown of a record; none: the question was another one.
std::vector<storage::message_row>* events_in(storage::question& read) {
    if (auto* page = std::get_if<storage::find_history>(&read)) {
        return &page->events;
    }
    auto* page = std::get_if<storage::find_events>(&read);
    return page == nullptr ? nullptr : &page->events;
}

}  // namespace

void switchboard::write(std::uint64_t ticket, storage::change what) {
    if (const auto* recall = removal_in(what)) {
        recent_removals_.began(*recall);
    }
    storage::write_job job{ticket, std::move(what)};
    const auto admitted =
        unwritten_.empty() ? store_.write(std::move(job)) : storage::admission::full;
    if (admitted == storage::admission::queued) {
        return;
    }
    if (has_been_shown(job.what)) {
        unwritten_.push_back(std::move(job));
    } else {
        settle(std::move(job), storage::commit_result::full, now_);
    }
}

void switchboard::retry_writes() {
    while (!unwritten_.empty()) {
        if (store_.write(std::move(unwritten_.front())) != storage::admission::queued) {
            return;
        }
        unwritten_.pop_front();
    }
}

void switchboard::look_at_store() {
    const bool open = epoch_stored_ && unwritten_.empty();
    lobby_.set_store(open ? store_.state() : lobby::store_state::closed);
}

// The start found a full disk: nothing new is stored before the epoch is.
void switchboard::store_epoch() {
    if (!epoch_stored_ && !epoch_asked_) {
        epoch_asked_ = true;
        write(0, storage::start_epoch{.now = epoch_});
    }
}

bool switchboard::ask(session& who, storage::question what) {
    storage::read_job job;
    job.ticket = last_ticket_ + 1;
    job.what = std::move(what);
    if (!store_.read(std::move(job))) {
        return false;
    }
    questions_.emplace(++last_ticket_, who.id);
    last_read_ = last_ticket_;
    ++who.asked;
    who.awaited = last_ticket_;
    return true;
}

// ---- outcomes ----

void switchboard::written(storage::written batch, moment now) {
    now_ = now;
    if (batch.result == storage::commit_result::unknown) {
        failed_ = true;
        return;
    }
    for (auto& job : batch.jobs) {
        settle(std::move(job), batch.result, now);
    }
    retry_writes();
    look_at_store();
    carry_out(effects_);
    go_on(now);
    finish_turn(now);
}

void switchboard::settle(storage::write_job&& job, storage::commit_result result, moment now) {
    const bool done = result == storage::commit_result::done;
    if (const auto* recall = removal_in(job.what)) {
        recent_removals_.ended(*recall, last_read_);
    }
    if (auto* opened = std::get_if<storage::open_chat>(&job.what)) {
        const lobby::match_id match{job.ticket};
        if (done && opened->opened) {
            ++counts_.matches;
            lobby_.chat_opened(match, chat_of(std::move(opened->live)),
                               events_of(std::move(opened->recent)), now, effects_);
        } else {
            lobby_.chat_not_opened(match);
        }
    } else if (settle_person(job, done)) {
        return;
    } else if (const auto* made = std::get_if<storage::make_user>(&job.what)) {
        const auto guest = guests_.find(made->user.name);
        assert(guest != guests_.end() && "a guest is kept until the row's fate is known");
        guest->second.storing = false;
        if (done) {
            lobby_.user_stored(guest->second.user, now, effects_);
        }
        if (done || guest->second.holders == 0) {
            due_guests_.erase(made->user.name);
            guests_.erase(guest);
        }
    } else if (const auto* started = std::get_if<storage::start_epoch>(&job.what)) {
        epoch_asked_ = false;
        if (done) {
            epoch_stored_ = true;
            epoch_ = started->epoch;
        }
    } else if (auto* step = std::get_if<storage::purge>(&job.what)) {
        settle_purge(std::move(*step), done);
    } else if (std::holds_alternative<storage::add_access>(job.what)) {
        counts_.lost_access += done ? 0U : 1U;
    } else if (const auto* cut = std::get_if<storage::cut_records>(&job.what)) {
        settle_cut(*cut, done);
    } else if (const auto* consent = std::get_if<storage::take_consent>(&job.what)) {
        settle_nudge(*consent, done);
    } else if (job.ticket == 0 && std::holds_alternative<storage::note_consents>(job.what)) {
        return;  // a consent given back, which a full disk keeps spent
    } else if (settle_request(job, done) || settle_order(job, done) || settle_errand(job, done)) {
        return;
    } else if (done) {
        settle_event(job.what, now);
    } else {
        // A refused event leaves a hole in a record: only a fresh start can mend what follows.
        failed_ = true;
    }
}

void switchboard::settle_event(const storage::change& what, moment now) {
    const auto stored = [&](storage::pair_id pair, std::uint64_t seq) {
        lobby_.stored(same<lobby::pair_id>(pair), seq, now, effects_);
    };
    if (const auto* said = std::get_if<storage::append>(&what)) {
        counts_.ack_times.add(std::chrono::duration<double>(now.steady - said->accepted).count());
        stored(said->row.pair, said->row.seq);
    } else if (const auto* recalled = std::get_if<storage::recall_text>(&what)) {
        stored(recalled->row.pair, recalled->row.seq);
    } else if (const auto* removed = std::get_if<storage::remove_text>(&what)) {
        if (removed->row.seq != 0) {  // else nobody in the lobby waits for it
            stored(removed->row.pair, removed->row.seq);
        }
    } else if (const auto* ended = std::get_if<storage::end_chat>(&what)) {
        stored(ended->end.pair, ended->end.seq);
    }
}

void switchboard::answered(std::vector<storage::read_job> jobs, moment now) {
    now_ = now;
    const std::uint64_t newest = jobs.empty() ? 0 : jobs.back().ticket;
    for (auto& job : jobs) {
        if (auto* events = events_in(job.what)) {
            std::ranges::for_each(*events, [this](auto& row) { recent_removals_.amend(row); });
        }
        if (job.ticket == standings_ticket_) {
            standings_ticket_ = 0;
            standings_ = std::get<storage::count_standings>(job.what);
            continue;
        }
        if (settle_consultation(job)) {
            continue;
        }
        if (const auto counted = counting_.find(job.ticket); counted != counting_.end()) {
            auto last = std::move(counted->second);
            counting_.erase(counted);
            counted_texts(std::move(last), job);
            continue;
        }
        if (const auto waited = requests_.find(job.ticket); waited != requests_.end()) {
            const auto asked_for = std::move(waited->second);
            requests_.erase(waited);
            answer_request(asked_for, std::move(job));
            continue;
        }
        const auto asked = questions_.find(job.ticket);
        session* who = find(asked->second);
        questions_.erase(asked);
        if (who != nullptr) {
            --who->asked;
        }
        if (who == nullptr || who->awaited != job.ticket) {
            continue;  // it asks something else by now
        }
        who->awaited = 0;
        if (!job.ok) {
            condemned_.emplace_back(who->id, protocol::close_code::restarting);
        } else if (auto* user = std::get_if<storage::find_user>(&job.what)) {
            know_user(*who, *user, now);
        } else if (const auto* person = std::get_if<storage::find_person>(&job.what)) {
            know_person(*who, *person);
        } else if (auto* kept = std::get_if<storage::find_keep>(&job.what)) {
            who->greets->kept = std::move(*kept);
            prepare_welcome(*who, now);
        } else if (auto* page = std::get_if<storage::find_events>(&job.what); who->greets) {
            who->greets->recent = std::move(*page);
            prepare_welcome(*who, now);
        } else {
            show_page(*who, std::move(*page), now);
        }
    }
    recent_removals_.answered(newest);
    finish_turn(now);
}

void switchboard::tick(moment now) {
    now_ = now;
    retry_writes();
    if (now.steady >= next_try_) {
        next_try_ = now.steady + store_retry;
        store_epoch();
        make_rows();
        reports_.forget_rested(now.steady);
        guest_logins_.forget_rested(now.steady);
        hellos_.forget_rested(now.steady);
        forget_decisions();
        count_standings();
        login_rates_.forget_rested(now.steady);
    }
    count_farewells();
    delete_due(now);
    look_at_store();
    lobby_.tick(now, effects_);
    remove_due();
    close_latecomers(now);
    carry_out(effects_);
    go_on(now);
    finish_turn(now);
}

}  // namespace onechat
