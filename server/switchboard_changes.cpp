// The requests that change what is stored: clearing, blocking, reporting, notifying, logging out,
// erasing. What is asked for wins over a match under way, and is answered after the commit.
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace onechat {

namespace client = protocol::client;
namespace server = protocol::server;
using protocol::refusal;

bool switchboard::may_change(session& who, const lobby::request_number& rid) {
    if (!epoch_stored_ || store_.state() == lobby::store_state::closed) {
        refuse(who, refusal::store_unavailable, "Nothing is stored at present.", rid);
        return false;
    }
    return has_room(who, rid);
}

void switchboard::leave_if_current(session& who, const std::string& pair) {
    const lobby::chat* current = lobby_.talking(who.user);
    if (current != nullptr && current->name() == pair) {
        lobby_.leave({who.id, {}}, pair, now_, effects_);
        carry_out(effects_);  // the end is stored before what follows
    }
}

// ---- what is asked ----

void switchboard::clear(session& who, const std::string& pair, const lobby::request_number& rid) {
    if (!may_change(who, rid)) {
        return;
    }
    leave_if_current(who, pair);
    lobby_.hold(who.id);
    storage::clear_pair change;
    change.user = same<storage::user_id>(who.user);
    change.name = pair;
    change.at = now_.unix_ms;
    write(note_request(who, rid, pair), std::move(change));
}

void switchboard::block(session& who, const std::string& pair, bool on,
                        const lobby::request_number& rid) {
    if (!may_change(who, rid)) {
        return;
    }
    if (on) {
        leave_if_current(who, pair);
    }
    lobby_.hold(who.id);
    storage::block_person change;
    change.user = same<storage::user_id>(who.user);
    change.name = pair;
    change.on = on;
    change.at = now_.unix_ms;
    change.blocks_max = options_.limits.blocks_max;
    write(note_request(who, rid, pair), std::move(change));
}

void switchboard::report(session& who, const client::report& said,
                         const lobby::request_number& rid) {
    if (!may_change(who, rid)) {
        return;
    }
    if (options_.reports) {
        if (const auto wait = reports_.take(who.user, *options_.reports, now_.steady)) {
            ++counts_.limits.reports;
            refuse(who, refusal::rate_limited, "Too many reports.", rid, {}, wait);
            return;  // one about an unknown pair is given back
        }
    }
    storage::add_report change;
    change.reporter = same<storage::user_id>(who.user);
    change.name = said.pair;
    change.reason = static_cast<std::uint8_t>(said.reason);
    change.note = said.note.value_or("");
    change.flagged = chain_.flags_note(change.note);
    change.nickname = lobby_.nickname_met(who.user, said.pair);
    change.at = now_.unix_ms;
    change.kept_until = clock_.at(now_) + options_.limits.keep_reports.count();
    change.mute_after = options_.bans.mute_after;
    change.mute_since = now_.unix_ms - options_.bans.mute_window.count();
    const auto ticket = note_request(who, rid, said.pair);
    if (!change.note.empty() && !change.flagged && is_known_outside(who)) {
        requests_.at(ticket).note_by = who.account;
    }
    write(ticket, std::move(change));
}

void switchboard::note(session& who, const client::notify& said, const lobby::request_number& rid) {
    if (!may_change(who, rid)) {
        return;
    }
    make_row(who);
    storage::note_consents change;
    change.user = same<storage::user_id>(who.user);
    change.templates = said.templates;
    change.at = now_.unix_ms;
    write(note_request(who, rid, {}), std::move(change));
}

void switchboard::log_out(session& who, const lobby::request_number& rid) {
    if (!may_change(who, rid)) {
        return;
    }
    depart(who);
    storage::revoke_tokens change;
    change.user = same<storage::user_id>(who.user);
    change.from = std::max(clock_.at(now_), who.claims.issued) + 1;
    write(note_request(who, rid, {}), change);
}

void switchboard::erase(session& who, const lobby::request_number& rid) {
    if (!may_change(who, rid)) {
        return;
    }
    depart(who);
    storage::erase_user change;
    change.user = same<storage::user_id>(who.user);
    change.receipt = random_name();
    change.at = now_.unix_ms;
    change.sealed_until = sealed_until();
    write(note_request(who, rid, {}), std::move(change));
}

// From here on nothing but the end of the session is waited for. A guest without a row gets one:
// what is revoked must be known.
void switchboard::depart(session& who) {
    who.at = stage::departing;
    departing_.insert(who.claims.name);
    who.exports.reset();
    make_row(who);
    lobby_.depart(who.id, now_, effects_);
    carry_out(effects_);
}

// ---- what became of it ----

bool switchboard::settle_request(const storage::write_job& job, bool done) {
    const auto found = requests_.find(job.ticket);
    if (found == requests_.end()) {
        return false;
    }
    const request asked = std::move(found->second);
    requests_.erase(found);
    session* who = find(asked.from);
    if (who != nullptr) {
        --who->asked;
    }
    if (std::holds_alternative<storage::clear_pair>(job.what) ||
        std::holds_alternative<storage::block_person>(job.what)) {
        lobby_.release(asked.user);
    }
    if (std::holds_alternative<storage::revoke_tokens>(job.what) ||
        std::holds_alternative<storage::erase_user>(job.what)) {
        departing_.erase(asked.name);
    }
    if (!done) {
        if (std::holds_alternative<storage::add_report>(job.what)) {
            uncount_report(asked.user);
        }
        server::error refused;
        refused.code = refusal::store_unavailable;
        refused.text = "It could not be stored.";
        refused.retry_ms = 1000;
        // Who wanted to go has left already: a fresh connection finds out where it stands.
        const bool departs = who != nullptr && who->at == stage::departing;
        answer(asked, std::move(refused),
               departs ? std::optional{protocol::close_code::restarting} : std::nullopt);
        return true;
    }
    std::visit(
        [&](const auto& change) {
            if constexpr (requires { settle(asked, change); }) {
                settle(asked, change);
            }
        },
        job.what);
    return true;
}

// After what the lobby tells of the chat that was left: `end` and `idle` before `blocked`.
void switchboard::answer(const request& asked, protocol::server_message what,
                         std::optional<protocol::close_code> close) {
    if (session* to = find(asked.from); to != nullptr && is_present(*to)) {
        to->parting_words.push_back({std::move(what), asked.rid, close});
        parting_.insert(to->id);
    }
}

void switchboard::say_parting_words() {
    for (auto id = parting_.begin(); id != parting_.end();) {
        session* to = find(*id);
        if (to != nullptr && is_present(*to) && lobby_.is_leaving(*id)) {
            ++id;
            continue;
        }
        id = parting_.erase(id);
        if (to == nullptr || !is_present(*to)) {
            continue;
        }
        for (parting_word& word : std::exchange(to->parting_words, {})) {
            send(*to, word.what, word.rid);
            if (const auto* error = std::get_if<server::error>(&word.what)) {
                count_refusal(*to, error->code);
            }
            if (word.close) {
                condemned_.emplace_back(to->id, *word.close);
            }
        }
    }
}

// Nothing more is shown of a chat that is over in a pair that is cleared.
void switchboard::forget_replays(session& who, const std::string& pair) {
    const auto found = std::ranges::find_if(
        who.shows, [&](const replay& one) { return one.over && one.name == pair; });
    if (found == who.shows.end()) {
        return;
    }
    if (found->reading) {
        who.awaited = 0;  // the page on its way is nobody's
    }
    who.shows.erase(found);
    lobby_.set_reading(who.id, false);
    show_more(who, now_);
}

void switchboard::refuse_change(const request& asked, storage::pair_change why) {
    server::error refused;
    if (why == storage::pair_change::unknown) {
        refused.code = refusal::unknown_pair;
        refused.text = "No such pair of yours.";
    } else {
        ++counts_.limits.blocks;
        refused.code = refusal::forbidden;
        refused.text = "You block as many people as this server keeps; unblock one first.";
    }
    answer(asked, std::move(refused));
}

void switchboard::settle(const request& asked, const storage::clear_pair& change) {
    if (change.result == storage::pair_change::done) {
        if (session* who = find(asked.from); who != nullptr && who->at == stage::welcomed) {
            forget_replays(*who, asked.pair);
        }
        answer(asked, server::cleared{});
    } else {
        refuse_change(asked, change.result);
    }
}

void switchboard::settle(const request& asked, const storage::block_person& change) {
    if (change.result != storage::pair_change::done) {
        refuse_change(asked, change.result);
        return;
    }
    lobby_.set_block(asked.user, change.person, change.on);
    for (greeting& other : greetings_) {
        if (other.claims.name == asked.name) {
            other.blocks_since.push_back(change);
        }
    }
    server::blocked told;
    told.pair = asked.pair;
    told.on = change.on;
    answer(asked, std::move(told));
}

void switchboard::settle(const request& asked, const storage::add_report& change) {
    if (change.result == storage::pair_change::done) {
        ++counts_.reports;
        if (change.muted) {
            ++counts_.mutes;
            mute(change.person, true);
        }
        answer(asked, server::reported{});
        look_at_note(asked, change);
        return;
    }
    uncount_report(asked.user);
    refuse_change(asked, change.result);
}

void switchboard::uncount_report(lobby::user_id by) {
    if (options_.reports) {
        reports_.give_back(by, *options_.reports);
    }
}

void switchboard::settle(const request& asked, const storage::note_consents&) {
    answer(asked, server::noted{});
}

void switchboard::settle(const request& asked, const storage::revoke_tokens&) {
    note_access(asked, storage::access_action::logout);
    answer(asked, server::idle{}, protocol::close_code::login_required);
    turn_away(asked.name);
}

void switchboard::settle(const request& asked, const storage::erase_user& change) {
    if (change.erased) {
        ++counts_.erasures;
    }
    note_access(asked, storage::access_action::erase);
    turn_away(asked.name);
    farewell last;
    last.to = asked.from;
    last.user = asked.user;
    last.rid = asked.rid;
    last.next.user = same<storage::user_id>(asked.user);
    last.receipt.id = change.receipt;
    last.receipt.at = change.at;
    last.receipt.kept.push_back({"texts", change.sealed_until});
    last.receipt.kept.push_back(
        {"account_hash", std::max(change.sealed_until, change.banned_until)});
    // Whether there are any is nobody's business, and they hold for as long as their owners like.
    last.receipt.kept.push_back({"blocks", protocol::limits::integer_max});
    if (options_.limits.keep_access) {
        const auto term = options_.limits.keep_access->count();
        last.receipt.kept.push_back(
            {"access", term == 0 ? protocol::limits::integer_max : change.at + term});
    }
    if (change.reports_until > 0) {
        last.receipt.kept.push_back({"reports", change.reports_until});
    }
    farewells_.push_back(std::move(last));
    count_farewells();
}

// Whoever comes in with a token of this user just now was verified before it was revoked.
void switchboard::turn_away(const subject& name) {
    for (const greeting& other : greetings_) {
        if (other.claims.name == name) {
            condemned_.emplace_back(other.whose, protocol::close_code::login_required);
        }
    }
}

// ---- the receipt of an erasure ----

// Counted after the erasure, when no more texts can come, and a few thousand rows at a time.
void switchboard::count_farewells() {
    while (!farewells_.empty()) {
        storage::read_job job;
        job.ticket = last_ticket_ + 1;
        job.what = farewells_.front().next;
        if (!store_.read(std::move(job))) {
            return;  // the next tick tries again
        }
        counting_.emplace(++last_ticket_, std::move(farewells_.front()));
        farewells_.pop_front();
    }
}

void switchboard::counted_texts(farewell last, const storage::read_job& job) {
    const auto& found = std::get<storage::count_texts>(job.what);
    if (job.ok) {
        last.texts += found.texts;
        last.next.pair = found.next_pair;
        last.next.seq = found.next_seq;
    }
    if (job.ok && !found.more) {
        say_farewell(std::move(last));
        return;
    }
    farewells_.push_back(std::move(last));
    if (job.ok) {
        count_farewells();  // else the next tick goes on
    }
}

void switchboard::say_farewell(farewell last) {
    server::erased told;
    told.receipt = std::move(last.receipt);
    told.receipt.texts = static_cast<std::uint32_t>(last.texts);
    answer({.from = last.to, .user = {}, .name = {}, .rid = last.rid, .pair = {}}, std::move(told),
           protocol::close_code::erased);
}

}  // namespace onechat
