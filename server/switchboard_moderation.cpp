// What follows from looks from outside: opinions for the lobby, texts that are taken away when
// people have seen them, flags of texts and reports for the operator; and the messages to people
// who aren't here.
#include "server/record.hpp"
#include "server/switchboard.hpp"

#include <algorithm>
#include <utility>

namespace onechat {

using opinion_kind = platform::outside_opinion::kind;

// ---- looks ----

bool switchboard::is_known_outside(const session& who) const {
    return who.account && outside_.reviews[static_cast<std::size_t>(who.account->from())];
}

void switchboard::begin_look(lobby::review_id review, look under_way,
                             platform::words_to_judge asked) {
    looks_.emplace(review, std::move(under_way));
    chain_.look_began();
    outside_.review(review, std::move(asked));
}

// Of somebody who is gone by now nobody knows the account; what they said waits for its time.
void switchboard::carry_out(lobby::ask_review&& what) {
    const session* author = find(what.by.session);
    if (author == nullptr || !author->account || !outside_.review) {
        return;
    }
    look under_way;
    under_way.author = what.user;
    const bool is_text = what.is == lobby::utterance::what::text;
    platform::words_to_judge asked{
        *author->account,
        is_text ? platform::words_to_judge::kind::text : platform::words_to_judge::kind::nickname,
        std::move(what.words)};
    if (!is_text) {
        under_way.nickname = asked.words;
    }
    begin_look(what.review, std::move(under_way), std::move(asked));
}

// The report is stored and answered by now: whoever asks for help is heard, whatever they write,
// and of a report that is not kept nobody outside learns; nor of an account that is being erased.
void switchboard::look_at_note(const request& asked, const storage::add_report& filed) {
    if (!asked.note_by || !outside_.review || departing_.contains(asked.name) ||
        !chain_.may_look_at_note(now_)) {
        return;
    }
    look under_way;
    under_way.author = asked.user;
    under_way.report = filed.id;
    begin_look(lobby_.next_review(), std::move(under_way),
               {*asked.note_by, platform::words_to_judge::kind::text, filed.note});
}

void switchboard::reviewed(lobby::review_id review, const platform::outside_opinion& is,
                           moment now) {
    const auto found = looks_.extract(review);
    if (!found) {
        return;
    }
    now_ = now;
    chain_.look_ended();
    ++counts_.looks[static_cast<std::size_t>(is.is)];
    look_at_store();
    lobby::opinion told;
    told.is = is.is == opinion_kind::failed  ? lobby::opinion::decision::none
              : is.is == opinion_kind::risky ? lobby::opinion::decision::reject
                                             : lobby::opinion::decision::pass;
    told.doubtful = is.is == opinion_kind::doubtful;
    told.label = is.label;
    if (!lobby_.judged(review, told, now, effects_)) {
        act_afterwards(found.mapped(), is);
    }
    remove_due();
    finish_turn(now);
}

// It has been shown by now, or will never be; or it is a note, which waits for nothing.
void switchboard::act_afterwards(const look& at, const platform::outside_opinion& is) {
    const bool bad = is.is == opinion_kind::risky;
    if (at.nickname) {
        if (bad) {
            lobby_.remove_nickname(at.author, *at.nickname);
        }
        return;
    }
    if (!bad && is.is != opinion_kind::doubtful) {
        return;
    }
    if (at.report != 0) {
        write(0, storage::flag_report{at.report});
    }
    if (at.seq == 0) {
        return;
    }
    flag(at.pair, at.seq, storage::flag_source::platform, is.label);
    if (bad) {
        removals_.push_back({at.pair, at.seq, at.author});
    }
}

void switchboard::flag(lobby::pair_id pair, std::uint64_t seq, storage::flag_source source,
                       std::uint32_t label) {
    storage::flag_text mark;
    mark.pair = same<storage::pair_id>(pair);
    mark.seq = seq;
    mark.source = source;
    mark.label = label;
    mark.at = now_.unix_ms;
    mark.kept_until = clock_.at(now_) + options_.limits.keep_reports.count();
    write(0, mark);
}

bool switchboard::awaits_opinions() const {
    if (failed_) {
        return false;  // nothing that they say can be stored any more
    }
    const auto matters = [](const auto& one) {
        return one.second.seq != 0 || one.second.report != 0;
    };
    const auto begins_look = [](const auto& one) { return one.second.note_by.has_value(); };
    return !removals_.empty() || std::ranges::any_of(looks_, matters) ||
           std::ranges::any_of(requests_, begins_look);
}

// As soon as the text is on disk, and nothing else of this pair is on its way there that does not
// know of it.
void switchboard::remove_due() {
    if (removals_.empty() || store_.state() == lobby::store_state::closed) {
        return;
    }
    std::erase_if(removals_, [this](const removal& one) {
        using fate = lobby::lobby::removal;
        if (recent_removals_.has(same<storage::pair_id>(one.pair), one.seq)) {
            return true;
        }
        const auto became = lobby_.remove(one.pair, one.seq, one.author, now_, effects_);
        if (became == fate::not_now) {
            return false;
        }
        ++counts_.removals;
        if (became == fate::asleep) {
            storage::remove_text change;
            change.row.pair = same<storage::pair_id>(one.pair);
            change.row.epoch = epoch_;
            change.row.kind = storage::event_kind::recall;
            change.row.ref = one.seq;
            change.row.gone = storage::gone_reason::removed;
            change.row.at = now_.unix_ms;
            change.sealed_until = sealed_until();
            write(0, std::move(change));
        }
        return true;
    });
}

// ---- nudges ----

// The consent is used up on disk before anything is sent by it: after a crash nobody is told twice.
void switchboard::carry_out(lobby::nudge&& what) {
    if (!outside_.notify) {
        return;
    }
    storage::take_consent change;
    change.user = same<storage::user_id>(what.user);
    change.templates = options_.nudge_templates;
    write(0, std::move(change));
}

void switchboard::settle_nudge(const storage::take_consent& consent, bool done) {
    if (!done || !consent.taken) {
        return;
    }
    const auto from = consent.from == storage::provider::qq ? platform::platform_name::qq
                                                            : platform::platform_name::wechat;
    outside_.notify(same<lobby::user_id>(consent.user), {from, consent.account});
}

void switchboard::notified(lobby::user_id user, platform::platform_name by,
                           platform::notice_outcome outcome, moment now) {
    now_ = now;
    ++counts_.nudges[static_cast<std::size_t>(outcome)];
    const auto provider =
        by == platform::platform_name::qq ? storage::provider::qq : storage::provider::wechat;
    const std::string& used = options_.nudge_templates.at(static_cast<std::size_t>(provider));
    if (outcome == platform::notice_outcome::no_consent) {
        storage::drop_consents change;
        change.user = same<storage::user_id>(user);
        change.template_id = used;
        write(0, std::move(change));
    } else if (outcome == platform::notice_outcome::not_sent) {
        storage::note_consents given_back;
        given_back.user = same<storage::user_id>(user);
        given_back.templates = {used};
        given_back.at = now.unix_ms;
        write(0, std::move(given_back));
    }
    finish_turn(now);
}

}  // namespace onechat
