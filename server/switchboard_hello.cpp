// From `hello` to `welcome`. Until the last step nothing of the lobby changes: a token is verified
// and a user looked up first, so that a wrong hello disturbs nobody.
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat {

namespace client = protocol::client;
namespace server = protocol::server;
using protocol::refusal;

namespace {

std::optional<platform::account> account_of(const storage::user_row& user) {
    if (user.from == storage::provider::guest) {
        return std::nullopt;
    }
    return platform::account{user.from == storage::provider::qq ? platform::platform_name::qq
                                                                : platform::platform_name::wechat,
                             user.account};
}

}  // namespace

void switchboard::hello(session& who, const client::hello& said, const lobby::request_number& rid,
                        moment now) {
    if (who.at == stage::welcomed) {
        refuse(who, refusal::forbidden, "This connection has been welcomed already.", rid);
        return;
    }
    if (hellos_too_often(who, rid)) {
        return;
    }
    // A second hello before the first one's welcome takes its place. What the first one asked the
    // store is still under way, so that there is an end to them.
    stop_greeting(who);
    if (!has_room(who, rid)) {
        return;
    }
    who.greets = std::make_unique<greeting>();
    who.greets->whose = who.id;
    greetings_.push_back(*who.greets);
    who.greets->rid = rid;
    who.greets->held = said.held;
    if (said.token) {
        const auto claims = keys_.verify(*said.token, clock_.at(now));
        if (!claims) {
            condemned_.emplace_back(who.id, protocol::close_code::login_required);
            return;
        }
        who.greets->claims = *claims;
        if (!offers_login(*claims)) {
            condemned_.emplace_back(who.id, protocol::close_code::login_required);
            return;
        }
        ++counts_.returns;
        greet_holder(who, now);
        return;
    }
    if (said.login->provider != protocol::provider::guest) {
        greet_by_code(who, *said.login, now);
    } else if (options_.guests) {
        greet_new_guest(who, rid, now);
    } else {
        who.greets.reset();
        refuse(who, refusal::login_failed, "This server has no such login.", rid, "login.provider");
    }
}

// Whose login is not offered any more has no use for a token either: they would go on for as long
// as they come, past whatever the operator wanted of everybody.
bool switchboard::offers_login(const token_claims& claims) const {
    switch (static_cast<storage::provider>(claims.provider)) {
        case storage::provider::guest:
            return options_.guests;
        case storage::provider::wechat:
            return platforms_.offers && platforms_.offers(platform::platform_name::wechat);
        case storage::provider::qq:
            return platforms_.offers && platforms_.offers(platform::platform_name::qq);
    }
    return false;
}

// Too many from one address are its own fault, too many in all are not.
bool switchboard::hellos_too_often(session& who, const lobby::request_number& rid) {
    if (options_.hellos) {
        if (const auto wait = hellos_.take(who.from, *options_.hellos, now_.steady)) {
            ++counts_.limits.hellos;
            refuse(who, refusal::rate_limited, "Too many hellos from this address.", rid, {}, wait);
            return true;
        }
    }
    if (options_.hellos_total) {
        if (const auto wait = hellos_total_.take(*options_.hellos_total, now_.steady)) {
            ++counts_.limits.hellos_total;
            refuse(who, refusal::platform_busy, "Too many people come just now.", rid, {}, wait);
            return true;
        }
    }
    return false;
}

bool switchboard::guests_too_often(session& who, const lobby::request_number& rid) {
    if (options_.guest_logins) {
        if (const auto wait = guest_logins_.take(who.from, *options_.guest_logins, now_.steady)) {
            ++counts_.limits.guest_logins;
            refuse(who, refusal::rate_limited, "Too many new guests from this address.", rid, {},
                   wait);
            return true;
        }
    }
    if (options_.guest_logins_total) {
        if (const auto wait = guest_logins_total_.take(*options_.guest_logins_total, now_.steady)) {
            ++counts_.limits.guest_logins_total;
            refuse(who, refusal::platform_busy, "Too many new guests just now.", rid, {}, wait);
            return true;
        }
    }
    return false;
}

void switchboard::greet_new_guest(session& who, const lobby::request_number& rid, moment now) {
    if (guests_too_often(who, rid)) {
        who.greets.reset();
        return;
    }
    ++counts_.logins;
    greeting& greets = *who.greets;
    greets.claims.provider = static_cast<std::uint8_t>(storage::provider::guest);
    greets.claims.name = random_subject();
    hold_guest(greets);
    prepare_welcome(who, now);
}

// Somebody with a good token or named by a platform: known to the store, or a guest who has not
// searched yet.
void switchboard::greet_holder(session& who, moment now) {
    greeting& greets = *who.greets;
    if (guests_.contains(greets.claims.name)) {
        hold_guest(greets);
        prepare_welcome(who, now);
        return;
    }
    storage::find_user question;
    question.name = greets.claims.name;
    if (!ask(who, std::move(question))) {
        const auto rid = std::exchange(who.greets, nullptr)->rid;
        refuse(who, refusal::platform_busy, "Too many people log in just now.", rid);
    }
}

void switchboard::know_user(session& who, const storage::find_user& answer, moment now) {
    greeting& greets = *who.greets;
    if (!answer.user) {
        if (greets.claims.provider != static_cast<std::uint8_t>(storage::provider::guest)) {
            condemned_.emplace_back(who.id, protocol::close_code::login_required);
            return;
        }
        hold_guest(greets);
    } else if (answer.user->account.empty() ||
               (!greets.named && answer.user->tokens_from > greets.claims.issued)) {
        condemned_.emplace_back(who.id, protocol::close_code::login_required);
        return;
    } else if (is_banned(who, answer.user->person, answer.user->banned_until)) {
        return;
    } else {
        greets.user = same<lobby::user_id>(answer.user->id);
        greets.person = answer.user->person;
        greets.muted = answer.user->muted;
        greets.blocked = answer.blocked;
        greets.tokens_from = answer.user->tokens_from;
        greets.account = account_of(*answer.user);
    }
    prepare_welcome(who, now);
}

void switchboard::hold_guest(greeting& greets) {
    auto [found, fresh] = guests_.try_emplace(greets.claims.name);
    if (fresh) {
        found->second.user = lobby::user_id{++last_user_};
    }
    ++found->second.holders;
    greets.user = found->second.user;
    greets.person = keys_.person(greets.claims.provider, hex_of(greets.claims.name));
    greets.holds_guest = true;
}

// Guests without a row are forgotten with their last connection.
void switchboard::release_guest(const subject& name, bool& holds) {
    if (!std::exchange(holds, false)) {
        return;
    }
    const auto found = guests_.find(name);
    if (found != guests_.end() && --found->second.holders == 0 && !found->second.storing) {
        due_guests_.erase(name);
        guests_.erase(found);
    }
}

void switchboard::stop_greeting(session& who) {
    if (who.greets) {
        release_guest(who.greets->claims.name, who.greets->holds_guest);
        who.greets.reset();
    }
    who.awaited = 0;
    held_up_.erase(who.id);
}

// Asks the store what the welcome needs to say; called again with each answer. The lobby may change
// meanwhile, hence each time everything is looked at anew.
void switchboard::prepare_welcome(session& who, moment now) {
    greeting& greets = *who.greets;
    assert(greets.user && "only who is known is welcomed");
    if (is_banned(who, greets.person, 0)) {
        return;  // decided while this hello was on its way
    }
    if (departing_.contains(greets.claims.name)) {
        const auto rid = greets.rid;
        stop_greeting(who);
        refuse(who, refusal::platform_busy, "This account is being logged out or erased.", rid);
        return;
    }
    const auto wait_for = [&](storage::question question) {
        if (!ask(who, std::move(question))) {
            held_up_.insert(who.id);
        }
    };
    if (greets.held && !greets.kept) {
        storage::find_keep question;
        question.name = greets.held->pair;
        question.user = same<storage::user_id>(*greets.user);
        question.seq = greets.held->seq;
        question.epoch = greets.held->epoch;
        wait_for(std::move(question));
        return;
    }
    const bool known = greets.kept && greets.kept->pair;
    // A full disk may keep it there for long: then the client is shown what is stored.
    if (known && store_.state() != lobby::store_state::closed &&
        lobby_.settling(same<lobby::pair_id>(greets.kept->pair->id))) {
        greets.kept.reset();  // the end of that chat is on its way to the disk
        held_up_.insert(who.id);
        return;
    }
    const lobby::chat* current = lobby_.talking(*greets.user);
    const auto is_current = [&](storage::pair_id pair) {
        return same<lobby::pair_id>(pair) == current->pair();
    };
    const bool recent_needed = current != nullptr && !(known && is_current(greets.kept->pair->id));
    if (recent_needed && !(greets.recent && is_current(greets.recent->pair))) {
        storage::find_events question;
        question.pair = same<storage::pair_id>(current->pair());
        question.before = current->durable_seq() + 1;
        question.limit = protocol::limits::recent_max;
        wait_for(std::move(question));
        return;
    }
    welcome(who, now);
}

void switchboard::welcome(session& who, moment now) {
    const auto greets = std::exchange(who.greets, nullptr);
    who.at = stage::welcomed;
    who.user = *greets->user;
    who.claims = greets->claims;
    lobby::newcomer comes;
    who.holds_guest = greets->holds_guest;
    who.account = std::move(greets->account);
    comes.known_outside = is_known_outside(who);
    comes.stored = !guests_.contains(who.claims.name);
    comes.user = who.user;
    comes.person = who.person = greets->person;
    const auto decided = decisions_.find(who.person);
    comes.muted =
        decided == decisions_.end() ? greets->muted : decided->second.muted.value_or(greets->muted);
    comes.blocked = std::move(greets->blocked);
    now_ = now;
    note_login(who);
    const auto arrival = lobby_.arrive(who.id, std::move(comes), effects_);
    for (const auto& block : greets->blocks_since) {
        lobby_.set_block(who.user, block.person, block.on);
    }
    if (session* older = find(arrival.replaced); older != nullptr) {
        hang_up(*older, protocol::close_code::replaced);
    }

    server::welcome told;
    token_claims fresh = who.claims;
    // Also after a step back of the clock the fresh token is younger than those revoked.
    fresh.issued = std::max(clock_.at(now), greets->tokens_from);
    fresh.expires = fresh.issued + options_.token_time.count();
    who.claims.issued = fresh.issued;
    told.token = keys_.sign(fresh);
    told.expires = fresh.expires;
    told.epoch = epoch_;
    told.state = arrival.state;
    for (std::size_t n = 0; n < topics_.all().size(); ++n) {
        const topic& one = topics_.all()[n];
        const auto waiting = lobby_.waiting_count(static_cast<lobby::topic_id>(n));
        told.topics.push_back({one.id, one.title, one.hint, lobby::pool_size_of(waiting)});
    }
    told.limits.text = protocol::limits::text_code_points_max;
    told.limits.frame = static_cast<std::uint32_t>(options_.frame_bytes_max);
    told.limits.in_flight = protocol::limits::in_flight_max;
    told.limits.durability = options_.durability;
    told.now = now.unix_ms;
    told.heartbeat_ms = ping_after(options_.idle_time).count();
    told.away_ms = options_.lobby.away_time.count();
    plan_replay(who, *greets, lobby_.talking(who.user), told);
    send(who, std::move(told), greets->rid);

    if (arrival.state == protocol::user_state::waiting) {
        lobby_.tell_waiting({who.id, {}}, now, effects_);
    }
    show_more(who, now);
}

void switchboard::close_latecomers(moment now) {
    while (!latecomers_.empty()) {
        session* who = find(latecomers_.front());
        if (who != nullptr && who->at == stage::new_) {
            if (now.steady - who->opened_at < options_.hello_time) {
                return;
            }
            hang_up(*who, protocol::close_code::idle);
        }
        latecomers_.pop_front();
    }
}

}  // namespace onechat
