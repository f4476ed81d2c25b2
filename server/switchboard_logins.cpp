// Logins that a platform vouches for: from a code to a person, and from the person to a user, who
// is made when there is none. Nothing of the lobby changes meanwhile.
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <cassert>
#include <utility>

namespace onechat {

namespace client = protocol::client;
using platform::login_refusal;
using protocol::refusal;

namespace {

platform::platform_name platform_of(protocol::provider provider) {
    assert(provider != protocol::provider::guest && "nobody vouches for guests");
    return provider == protocol::provider::wechat ? platform::platform_name::wechat
                                                  : platform::platform_name::qq;
}

storage::provider provider_of(platform::platform_name name) {
    return name == platform::platform_name::wechat ? storage::provider::wechat
                                                   : storage::provider::qq;
}

}  // namespace

void switchboard::greet_by_code(session& who, const client::login_request& login, moment now) {
    const auto rid = who.greets->rid;
    const auto from = platform_of(login.provider);
    if (!platforms_.offers || !platforms_.offers(from)) {
        who.greets.reset();
        refuse(who, refusal::login_failed, "This server has no such login.", rid, "login.provider");
        return;
    }
    if (!login.code) {
        who.greets.reset();
        refuse(who, refusal::bad_field, "field `login.code` is missing", rid, "login.code");
        return;
    }
    if (!may_log_in(who, rid, now)) {
        who.greets.reset();
        return;
    }
    const auto ticket = ++last_ticket_;
    who.greets->login = ticket;
    ++who.asked;
    ++logins_from_[who.from];
    logins_.emplace(ticket, code_login{who.id, who.from});
    platforms_.ask(from, *login.code, ticket);
}

bool switchboard::may_log_in(session& who, const lobby::request_number& rid, moment now) {
    const login_limits& allowed = options_.logins;
    if (allowed.per_address) {
        if (const auto wait = login_rates_.take(who.from, *allowed.per_address, now.steady)) {
            ++counts_.limits.logins;
            refuse(who, refusal::rate_limited, "Too many logins from this address.", rid, {}, wait);
            return false;
        }
    }
    const auto here = logins_from_.find(who.from);
    if (options_.rate_limits && here != logins_from_.end() &&
        here->second >= allowed.under_way_per_address) {
        ++counts_.limits.logins;
        refuse(who, refusal::rate_limited, "Too many logins from this address at once.", rid, {},
               std::chrono::seconds{1});
        return false;
    }
    if (logins_.size() >= allowed.under_way_max) {
        ++counts_.limits.logins_under_way;
        refuse(who, refusal::platform_busy, "Too many people log in just now.", rid);
        return false;
    }
    return true;
}

void switchboard::identified(std::uint64_t ticket, platform::identity::answer answer, moment now) {
    now_ = now;
    const auto asked = logins_.find(ticket);
    assert(asked != logins_.end() && "each is answered once");
    const auto login = asked->second;
    logins_.erase(asked);
    end_login(login);
    session* who = find(login.by);
    // The last hello counts: who has said another, or has come in by one, waits for this no more.
    if (who != nullptr && who->greets && who->greets->login == ticket) {
        who->greets->login = 0;
        if (answer.has_error()) {
            refuse_login(*who, answer.error());
        } else {
            who->greets->named = *std::move(answer);
            find_person(*who);
        }
    }
    finish_turn(now);
}

void switchboard::end_login(const code_login& done) {
    if (session* who = find(done.by); who != nullptr) {
        --who->asked;
    }
    const auto here = logins_from_.find(done.from);
    if (--here->second == 0) {
        logins_from_.erase(here);
    }
}

void switchboard::refuse_login(session& who, const login_refusal& why) {
    const auto rid = std::exchange(who.greets, nullptr)->rid;
    switch (why.why) {
        case login_refusal::kind::used:
            refuse(who, refusal::login_code_used, "This code has been used; ask for a fresh one.",
                   rid, "login.code");
            return;
        case login_refusal::kind::risky:
            refuse(who, refusal::login_risky, "The platform does not vouch for this account.", rid);
            return;
        case login_refusal::kind::failed:
            refuse(who, refusal::login_failed, "The platform does not know this code.", rid,
                   "login.code");
            return;
        case login_refusal::kind::busy:
            refuse(who, refusal::platform_busy, "The platform can't be asked just now.", rid, {},
                   why.retry);
            return;
    }
}

// By the keyed hash of provider and account, which is also what a ban holds for: one that outlived
// an erasure meets the new row, and know_user turns its owner away.
void switchboard::find_person(session& who) {
    const platform::account& named = *who.greets->named;
    storage::find_person question;
    question.from = provider_of(named.from());
    question.person = keys_.person(static_cast<std::uint8_t>(question.from), named.openid());
    if (!ask(who, std::move(question))) {
        const auto rid = std::exchange(who.greets, nullptr)->rid;
        refuse(who, refusal::platform_busy, "Too many people log in just now.", rid);
    }
}

// The store is asked once more, by the user's own name: an erasure that was under way meanwhile is
// seen then.
void switchboard::know_person(session& who, const storage::find_person& found) {
    if (!found.name) {
        make_person(who);
        return;
    }
    who.greets->claims.provider = static_cast<std::uint8_t>(found.from);
    who.greets->claims.name = *found.name;
    ++counts_.codes;
    greet_holder(who, now_);
}

void switchboard::make_person(session& who) {
    const platform::account& named = *who.greets->named;
    storage::make_user made;
    made.user.id = storage::user_id{++last_user_};
    made.user.name = random_subject();
    made.user.from = provider_of(named.from());
    made.user.account = named.openid();
    made.user.person = keys_.person(static_cast<std::uint8_t>(made.user.from), made.user.account);
    made.user.created = now_.unix_ms;
    made.user.seen = now_.unix_ms;
    const auto ticket = ++last_ticket_;
    who.awaited = ticket;
    newcomers_.emplace(ticket, who.id);
    ++who.asked;
    write(ticket, std::move(made));
}

// Whoever else logged in as the same person in that moment may have been first: the row that is
// there now counts.
bool switchboard::settle_person(const storage::write_job& job, bool done) {
    const auto waited = newcomers_.find(job.ticket);
    if (waited == newcomers_.end() || !std::holds_alternative<storage::make_user>(job.what)) {
        return false;
    }
    session* who = find(waited->second);
    newcomers_.erase(waited);
    if (who == nullptr) {
        return true;
    }
    --who->asked;
    if (who->awaited != job.ticket) {
        return true;  // another hello has taken this one's place
    }
    who->awaited = 0;
    if (done) {
        find_person(*who);
    } else {
        const auto rid = std::exchange(who->greets, nullptr)->rid;
        refuse(*who, refusal::store_unavailable, "Nobody new can be stored just now.", rid);
    }
    return true;
}

}  // namespace onechat
