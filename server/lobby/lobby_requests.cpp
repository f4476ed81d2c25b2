// The part of the lobby that people ask for: to search, to stop, to talk, to leave, to be away.
#include "server/lobby/lobby.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat::lobby {

namespace server = protocol::server;

namespace {

bool names_other(const std::optional<std::string>& pair, const chat& current) {
    return pair && *pair != current.name();
}

}  // namespace

void lobby::find(const caller& by, wish wanted, moment now, effects& out) {
    person& who = of(by.session);
    if (who.talking != nullptr) {
        refuse(by, protocol::refusal::already_paired, "Say `next` or `leave` first.", out);
        return;
    }
    if (asks_too_often(who, by, now, out)) {
        return;
    }
    const auto named = screen(who, wanted, by, now, out);
    if (named == naming::refused) {
        return;
    }
    if (who.leaving == nullptr && who.asks_next.empty() && named == naming::good) {
        enlist(who, std::move(wanted), by.rid, now, out);
        return;
    }
    ask_next(who, {std::move(wanted), by.rid, named == naming::unsure}, out);
    if (who.leaving == nullptr) {
        do_asked(who, now, out);
    }
}

bool lobby::asks_too_often(person& who, const caller& by, moment now, effects& out) {
    if (const auto wait = who.used.skips.wait(now.steady)) {
        ++limited_.skips;
        refuse(by, protocol::refusal::rate_limited, "Too many partners left within seconds.", out,
               wait);
        return true;
    }
    if (!options_.finds) {
        return false;
    }
    const auto wait = who.used.finds.take(*options_.finds, now.steady);
    if (wait) {
        ++limited_.finds;
        refuse(by, protocol::refusal::rate_limited, "Too many searches.", out, wait);
    }
    return wait.has_value();
}

bool lobby::turned_away(const person& who, const caller& by, effects& out) {
    if (who.who.muted) {
        refuse_muted(by, out);
        return true;
    }
    const auto closed = closed_to_newcomers();
    if (closed) {
        refuse(by, *closed, "No new chats at present.", out);
    }
    return closed.has_value();
}

// Nobody is left to wait for what won't come. Who has reported is not told.
void lobby::refuse_muted(const caller& by, effects& out) {
    ++limited_.muted;
    refuse(by, protocol::refusal::forbidden,
           "Several people have reported this user: no new chats until an operator has looked.",
           out);
}

std::optional<protocol::refusal> lobby::closed_to_newcomers() const {
    if (store_ == store_state::closed) {
        return protocol::refusal::store_unavailable;
    }
    if (store_ == store_state::busy || people_.size() > options_.people_max) {
        return protocol::refusal::platform_busy;
    }
    return std::nullopt;
}

void lobby::enlist(person& who, wish wanted, const request_number& rid, moment now, effects& out) {
    if (!who.waits) {
        if (turned_away(who, {who.session, rid}, out)) {
            return;
        }
        who.waits = std::make_unique<ticket>();
        who.waits->since = now;
        who.waits->place = line_.size();
        line_.push_back(&who);
        if (eligible(who)) {
            ++eligible_count_;
        }
    }
    who.waits->update(std::move(wanted));
    tell_waiting(who, rid, now, out);
    if (options_.match_round.count() == 0) {
        match(now, out);
    }
}

void lobby::cancel(const caller& by, moment now, effects& out) {
    person& who = of(by.session);
    if (who.talking != nullptr) {
        leave(by, std::nullopt, now, out);
        return;
    }
    if (!who.asks_next.empty()) {
        ask_next(who, {std::nullopt, by.rid}, out);
        return;
    }
    cancel_ticket(who, by, out);
}

void lobby::cancel_ticket(person& who, const caller& by, effects& out) {
    if (!who.waits) {
        refuse(by, protocol::refusal::not_waiting, "There is no ticket to cancel.", out);
        return;
    }
    step_out(who);
    out.push_back(tell{by.session, server::idle{}, by.rid});
}

void lobby::next(const caller& by, wish wanted, const std::optional<std::string>& pair, moment now,
                 effects& out) {
    person& who = of(by.session);
    if (who.talking == nullptr) {
        find(by, std::move(wanted), now, out);
        return;
    }
    if (names_other(pair, *who.talking)) {
        refuse(by, protocol::refusal::not_paired, "The named pair is not the current one.", out);
        return;
    }
    if (asks_too_often(who, by, now, out)) {
        return;
    }
    if (turned_away(who, by, out)) {
        return;  // and this chat goes on
    }
    const auto named = screen(who, wanted, by, now, out);
    if (named == naming::refused) {
        return;
    }
    part(*who.talking, {.by = who.seat, .why = protocol::end_reason::left}, now, out);
    if (who.leaving != nullptr && who.leaving->catching_up(who.left_seat)) {
        // Its replay goes up to the end of the old chat; a new chat of the same pair can't begin
        // before.
        ask_next(who, {std::move(wanted), by.rid, named == naming::unsure}, out);
        return;
    }
    who.leaving = nullptr;  // the end of the old chat is told when it is stored
    if (named == naming::good) {
        enlist(who, std::move(wanted), by.rid, now, out);
    } else {
        ask_next(who, {std::move(wanted), by.rid, true}, out);
        do_asked(who, now, out);
    }
}

void lobby::say(const caller& by, protocol::client::say said, moment now, effects& out,
                std::optional<gate> closed) {
    person& who = of(by.session);
    if (who.leaving != nullptr && said.pair == who.leaving->name() &&
        who.leaving->answer_repeat(who.left_seat, by, said, out)) {
        return;
    }
    if (who.talking == nullptr || names_other(said.pair, *who.talking)) {
        server::nack refused;
        refused.pair = said.pair;
        refused.cid = said.cid;
        refused.code = protocol::refusal::not_paired;
        out.push_back(tell{by.session, std::move(refused), by.rid});
        return;
    }
    terms on{.closed = closed, .texts = {}};
    if (store_ == store_state::closed) {
        on.closed = gate{protocol::refusal::store_unavailable, text_retry_ms};
    }
    if (options_.texts) {
        on.texts_said = &who.used.texts;
        on.texts = *options_.texts;
        on.limited = &limited_.texts;
    }
    if (judge_ != nullptr) {
        on.judge = judge_;
        on.looks = &reviews_;
        on.known_outside = who.who.known_outside;
    }
    who.talking->say(who.seat, by, std::move(said), on, now, out);
    await(*who.talking, other(who.seat), now);
}

void lobby::typing(session_id session, const protocol::client::typing& said, effects& out) {
    const person& who = of(session);
    if (who.talking != nullptr && !names_other(said.pair, *who.talking)) {
        who.talking->typing(who.seat, said.on, out);
    }
}

void lobby::seen(session_id session, const protocol::client::seen& said, effects& out) {
    const person& who = of(session);
    if (who.talking != nullptr && !names_other(said.pair, *who.talking) &&
        who.talking->see(who.seat, said.seq, out)) {
        unkept_seen_.push_back(who.talking->pair());
    }
}

void lobby::recall(const caller& by, const protocol::client::recall& said, moment now,
                   effects& out) {
    const person& who = of(by.session);
    if (who.talking == nullptr || names_other(said.pair, *who.talking)) {
        refuse(by, protocol::refusal::not_paired, "Texts are recalled in their chat.", out);
    } else if (store_ == store_state::closed) {
        refuse(by, protocol::refusal::store_unavailable, "Nothing is stored at present.", out);
    } else if (!who.talking->recall(who.seat, by, said.seq, now, out)) {
        refuse(by, protocol::refusal::too_late, "No text of one's own, too old, or gone.", out);
    }
}

void lobby::leave(const caller& by, const std::optional<std::string>& pair, moment now,
                  effects& out) {
    person& who = of(by.session);
    if (who.talking == nullptr || names_other(pair, *who.talking)) {
        refuse(by, protocol::refusal::not_paired, "There is no such chat to leave.", out);
        return;
    }
    part(*who.talking,
         {.by = who.seat, .why = protocol::end_reason::left, .idle_due = true, .rid = by.rid}, now,
         out);
}

void lobby::depart(session_id session, moment now, effects& out) {
    expel(of(session).who.user, now, out);
}

void lobby::away(session_id session, moment now, effects& out) {
    person& who = of(session);
    who.away = true;
    if (who.talking != nullptr) {
        who.talking->set_away(who.seat, true, out);
        await(*who.talking, who.seat, now);
    }
    if (who.waits) {
        who.waits->engaged = match_id::none;
    }
}

void lobby::here(session_id session, effects& out) {
    person& who = of(session);
    if (!who.away) {
        return;
    }
    who.away = false;
    if (who.talking != nullptr) {
        who.talking->set_away(who.seat, false, out);
    }
}

// ---- whom nobody shall meet ----

void lobby::expel(user_id user, moment now, effects& out) {
    assert_owner();
    person* who = present(user);
    if (who == nullptr) {
        return;
    }
    forget_asked(*who);
    if (who->talking != nullptr) {
        chat& ending = *who->talking;
        part(ending, {.by = who->seat, .why = protocol::end_reason::left}, now, out);
        drop_if_over(ending);
    } else if (who->waits) {
        step_out(*who);
        set_deadline(*who, std::nullopt);
        forget_if_gone(*who);
    }
}

void lobby::expel(const person_key& whom, moment now, effects& out) {
    for (const user_id user : users_of(whom)) {
        expel(user, now, out);
    }
}

void lobby::set_muted(const person_key& whom, bool muted, effects& out) {
    assert_owner();
    for (const user_id user : users_of(whom)) {
        auto& who = *present(user);
        who.who.muted = muted;
        if (!muted || !who.waits) {
            continue;
        }
        step_out(who);
        if (who.session != session_id::none) {
            refuse_muted({who.session, {}}, out);
            out.push_back(tell{who.session, server::idle{}, {}});
        }
        set_deadline(who, std::nullopt);
        forget_if_gone(who);
    }
}

// Asked for what an operator or enough reports decide: rare enough to look at everybody.
std::vector<user_id> lobby::users_of(const person_key& whom) const {
    std::vector<user_id> users;
    for (const auto& [user, who] : people_) {
        if (who.known && who.who.person == whom) {
            users.push_back(user);
        }
    }
    return users;
}

session_id lobby::session_of(user_id user) const {
    const auto found = people_.find(user);
    return found == people_.end() ? session_id::none : found->second.session;
}

// ---- whom one does not want to meet ----

bool lobby::is_leaving(session_id session) const {
    const auto found = sessions_.find(session);
    return found != sessions_.end() && found->second->leaving != nullptr;
}

void lobby::hold(session_id session) {
    person& who = of(session);
    ++who.held;
    if (who.waits) {
        who.waits->engaged = match_id::none;
    }
}

void lobby::release(user_id user) {
    person* who = present(user);
    assert(who != nullptr && who->held > 0 && "who is held is not forgotten");
    --who->held;
    forget_if_gone(*who);
}

void lobby::set_block(user_id user, const person_key& whom, bool on) {
    person* who = present(user);
    if (who == nullptr) {
        return;  // the next arrival brings it along
    }
    auto& blocked = who->who.blocked;
    const auto [from, to] = std::equal_range(blocked.begin(), blocked.end(), whom);
    if (on && from == to) {
        blocked.insert(from, whom);
    } else if (!on) {
        blocked.erase(from, to);
    }
}

std::string lobby::nickname_met(user_id user, std::string_view pair) const {
    const auto found = people_.find(user);
    if (found == people_.end()) {
        return {};
    }
    const person& who = found->second;
    if (who.talking != nullptr && who.talking->name() == pair) {
        return who.talking->nickname(other(who.seat)).value_or("");
    }
    const auto met = std::ranges::find(who.met, pair, &acquaintance::pair);
    return met == who.met.end() ? std::string{} : met->nickname;
}

}  // namespace onechat::lobby
