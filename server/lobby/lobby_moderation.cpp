// The part of the lobby that moderation has a say in: searches that wait for an opinion of their
// nickname, opinions that come or don't, texts that are taken away.
#include "server/lobby/lobby.hpp"

#include <cassert>
#include <utility>

namespace onechat::lobby {

namespace {

// What somebody waits whose words nobody could judge.
constexpr std::chrono::milliseconds unjudged_retry{2000};

protocol::server_message refused_nickname() {
    protocol::server::error refused;
    refused.code = protocol::refusal::blocked_text;
    refused.text = "Moderation refused the nickname.";
    refused.field = "nickname";
    return refused;
}

}  // namespace

// ---- nicknames ----

// What the nickname of a search is worth; it may be masked by this. People search again and again
// with the same one: once is enough.
lobby::naming lobby::screen(person& who, wish& wanted, const caller& by, moment now, effects& out) {
    if (judge_ == nullptr || !wanted.nickname || *wanted.nickname == who.good_nickname) {
        return naming::good;
    }
    ruling is = judge_->judge({.is = utterance::what::nickname,
                               .session = by.session,
                               .words = *wanted.nickname,
                               .known_outside = who.who.known_outside},
                              now);
    if (is.is == ruling::decision::reject) {
        out.push_back(tell{by.session, refused_nickname(), by.rid});
        return naming::refused;
    }
    if (is.is == ruling::decision::busy) {
        refuse(by, protocol::refusal::platform_busy, "No nickname can be checked just now.", out,
               unjudged_retry);
        return naming::refused;
    }
    if (is.is == ruling::decision::mask) {
        wanted.nickname = std::move(is.shown);
    }
    if (is.outside == ruling::look::before) {
        return naming::unsure;
    }
    who.good_nickname = *wanted.nickname;
    if (is.outside == ruling::look::after) {
        out.push_back(ask_review{reviews_.number(), utterance::what::nickname, by, who.who.user,
                                 *wanted.nickname});
    }
    return naming::good;
}

// What was asked meanwhile is done in its order, up to a nickname that is to be looked at.
void lobby::do_asked(person& who, moment now, effects& out) {
    while (!who.asks_next.empty() && who.naming == review_id::none) {
        search& first = who.asks_next.front();
        if (first.is_unsure && *first.wanted->nickname != who.good_nickname) {
            if (eligible(who) && eligible_count_ > 0) {
                --eligible_count_;
            }
            if (who.waits) {
                who.waits->engaged = match_id::none;  // the match under way is given up
            }
            who.naming = reviews_.begin({std::nullopt, who.who.user}, now.steady);
            out.push_back(ask_review{who.naming,
                                     utterance::what::nickname,
                                     {who.session, first.rid},
                                     who.who.user,
                                     *first.wanted->nickname,
                                     true});
            return;
        }
        search asked = std::move(first);
        who.asks_next.erase(who.asks_next.begin());
        if (asked.wanted) {
            enlist(who, *std::move(asked.wanted), asked.rid, now, out);
        } else {
            cancel_ticket(who, {who.session, asked.rid}, out);
        }
    }
}

void lobby::settle_nickname(person& who, const opinion& is, moment now, effects& out) {
    who.naming = review_id::none;
    assert(!who.asks_next.empty() && "a nickname waits with its search");
    search& asked = who.asks_next.front();
    const caller by{who.session, asked.rid};
    if (is.is == opinion::decision::reject) {
        out.push_back(tell{by.session, refused_nickname(), by.rid});
        who.asks_next.erase(who.asks_next.begin());
    } else if (is.is == opinion::decision::none && !options_.unjudged_pass) {
        refuse(by, protocol::refusal::platform_busy, "The nickname could not be checked.", out,
               unjudged_retry);
        who.asks_next.erase(who.asks_next.begin());
    } else {
        asked.is_unsure = false;
        who.good_nickname = *asked.wanted->nickname;
    }
    if (eligible(who)) {
        ++eligible_count_;
    }
    do_asked(who, now, out);
}

// A search that goes with its connection; an opinion of its nickname is nobody's then.
void lobby::forget_asked(person& who) {
    who.asks_next.clear();
    who.naming = review_id::none;
}

void lobby::remove_nickname(user_id user, std::string_view nickname) {
    person* who = present(user);
    if (who == nullptr) {
        return;
    }
    if (who->good_nickname == nickname) {
        who->good_nickname.clear();
    }
    if (who->waits && who->waits->nickname == nickname) {
        who->waits->nickname.reset();
    }
    if (who->talking != nullptr && who->talking->nickname(who->seat) == nickname) {
        who->talking->introduce(who->seat, std::nullopt, std::nullopt);
    }
}

// ---- opinions ----

bool lobby::judged(review_id review, const opinion& is, moment now, effects& out) {
    assert_owner();
    const auto waits = reviews_.end(review);
    if (!waits) {
        return false;
    }
    if (!waits->pair) {
        person* who = present(waits->user);
        if (who == nullptr || who->naming != review) {
            return false;
        }
        settle_nickname(*who, is, now, out);
        return true;
    }
    const auto found = chats_.find(*waits->pair);
    if (found == chats_.end() || found->second->ended()) {
        return false;  // refused with the end of the chat
    }
    std::optional<gate> closed;
    if (store_ == store_state::closed) {
        closed = gate{protocol::refusal::store_unavailable, text_retry_ms};
    }
    std::optional<gate> unjudged;
    if (!options_.unjudged_pass) {
        unjudged = gate{protocol::refusal::platform_busy, unjudged_retry.count()};
    }
    chat& in = *found->second;
    const bool known = in.judged(review, is, closed, unjudged, now, out);
    await(in, side::one, now);
    await(in, side::two, now);
    return known;
}

void lobby::judge_overdue(moment now, effects& out) {
    while (const auto review = reviews_.overdue(now.steady)) {
        if (judged(*review, {}, now, out)) {
            ++(options_.unjudged_pass ? unjudged_.passed : unjudged_.refused);
        }
    }
}

// ---- nudges ----

void lobby::await(chat& in, side whom, moment now) {
    if (options_.nudge_after.count() == 0) {
        return;
    }
    if (const auto number = in.take_absence(whom)) {
        absences_.push_back({now.steady + options_.nudge_after, in.pair(), whom, *number});
    }
}

void lobby::send_nudges(moment now, effects& out) {
    while (!absences_.empty() && absences_.front().due <= now.steady) {
        const absence waited = absences_.front();
        absences_.pop_front();
        const auto found = chats_.find(waited.pair);
        if (found != chats_.end() && found->second->is_absent(waited.who, waited.number)) {
            out.push_back(nudge{found->second->user(waited.who)});
        }
    }
}

// ---- removals ----

lobby::removal lobby::remove(pair_id pair, std::uint64_t seq, user_id author, moment now,
                             effects& out) {
    assert_owner();
    const auto found = chats_.find(pair);
    if (found != chats_.end() && found->second->durable_seq() < seq) {
        return removal::not_now;
    }
    if (found != chats_.end() && !found->second->ended()) {
        found->second->remove(seq, now, out);
        return removal::done;
    }
    // A chat of these two may be written just now, which then knows of its own events only.
    const person* who = present(author);
    return who != nullptr && who->opening ? removal::not_now : removal::asleep;
}

}  // namespace onechat::lobby
