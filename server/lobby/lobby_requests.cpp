// The part of the lobby that people ask for: to search, to stop, to talk, to leave, to be away.
#include "server/lobby/lobby.hpp"

#include <utility>

namespace onechat::lobby {

namespace server = protocol::server;

namespace {

// What a text waits before it is tried again when the store takes none.
constexpr std::int64_t text_retry_ms = 1000;

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
    if (who.leaving != nullptr) {
        ask_next(who, by, std::move(wanted), out);
        return;
    }
    enlist(who, std::move(wanted), by.rid, now, out);
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
        if (const auto closed = closed_to_newcomers()) {
            refuse({who.session, rid}, *closed, "No new chats at present.", out);
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
        ask_next(who, by, std::nullopt, out);
        return;
    }
    if (!who.waits) {
        refuse(by, protocol::refusal::not_waiting, "There is no ticket to cancel.", out);
        return;
    }
    if (eligible(who) && eligible_count_ > 0) {
        --eligible_count_;
    }
    give_up(who);
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
    if (const auto closed = closed_to_newcomers()) {
        refuse(by, *closed, "No new chats at present; this one goes on.", out);
        return;
    }
    part(*who.talking, {.by = who.seat, .why = protocol::end_reason::left}, now, out);
    if (who.leaving != nullptr && who.leaving->catching_up(who.left_seat)) {
        // Its replay goes up to the end of the old chat; a new chat of the same pair can't begin
        // before.
        ask_next(who, by, std::move(wanted), out);
        return;
    }
    who.leaving = nullptr;  // the end of the old chat is told when it is stored
    enlist(who, std::move(wanted), by.rid, now, out);
}

void lobby::say(const caller& by, const protocol::client::say& said, moment now, effects& out) {
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
    std::optional<gate> closed;
    if (store_ == store_state::closed) {
        closed = gate{protocol::refusal::store_unavailable, text_retry_ms};
    }
    who.talking->say(who.seat, by, said, closed, now, out);
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

void lobby::away(session_id session, effects& out) {
    person& who = of(session);
    who.away = true;
    if (who.talking != nullptr) {
        who.talking->set_away(who.seat, true, out);
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

}  // namespace onechat::lobby
