#include "storage/memory_store.hpp"
#include "storage/user_state.hpp"

#include <algorithm>
#include <utility>

namespace onechat::storage {

namespace {

// Takes what comes until the page is full. False when there was more.
template <typename Row>
bool take(std::vector<Row>& page, std::uint32_t limit, bool& more, Row row) {
    if (page.size() == limit) {
        more = true;
        return false;
    }
    page.push_back(std::move(row));
    return true;
}

}  // namespace

// ---- questions ----

user_row memory_store::with_standing(user_row user) const {
    user.banned_until = banned_until(user.person);
    user.muted = is_muted(user.person);
    return user;
}

bool memory_store::is_meant(const list_users::wanted& only, const user_row& user) const {
    if (only.id == user.id) {
        return true;
    }
    if (!user.account.empty() && std::ranges::count(only.persons, user.person) > 0) {
        return true;
    }
    return !only.alias.empty() && std::ranges::any_of(pairs_, [&](const auto& one) {
        return std::ranges::any_of(one.second.pair.seats, [&](const seat_row& its) {
            return its.user == user.id && its.alias == only.alias;
        });
    });
}

void memory_store::fill(list_users& asked) {
    for (auto one = users_.rbegin(); one != users_.rend(); ++one) {
        const auto& [id, row] = *one;
        const user_row user = with_standing(row);
        if (id >= asked.before || (asked.only && !is_meant(*asked.only, user)) ||
            (asked.state && !is_in(user, *asked.state, asked.now))) {
            continue;
        }
        if (!take(asked.users, asked.limit, asked.more, user)) {
            return;
        }
        asked.next = id;
    }
}

void memory_store::fill(describe_user& asked) {
    const auto found = users_.find(asked.user);
    if (found == users_.end()) {
        return;
    }
    asked.row = with_standing(found->second);
    for (const erasure_row& one : erasures_) {
        asked.receipt = one.user == asked.user ? one.receipt : asked.receipt;
    }
    find_bans bans{.user = asked.user, .limit = asked.bans_max, .bans = {}};
    fill(bans);
    asked.bans = std::move(bans.bans);
}

void memory_store::fill(list_pairs_of& asked) {
    asked.known = users_.contains(asked.user);
    for (auto one = pairs_.rbegin(); one != pairs_.rend(); ++one) {
        const auto& [id, of] = *one;
        const auto& seats = of.pair.seats;
        if (id >= asked.before || (seats[0].user != asked.user && seats[1].user != asked.user)) {
            continue;
        }
        pair_row pair = of.pair;
        pair.seats[0].marks.clear();
        pair.seats[1].marks.clear();
        if (!take(asked.pairs, asked.limit, asked.more, std::move(pair))) {
            return;
        }
    }
}

void memory_store::fill(find_record& asked) {
    const record* of = find(asked.pair);
    if (of == nullptr) {
        return;
    }
    asked.row = of->pair;
    asked.row->seats[0].marks.clear();
    asked.row->seats[1].marks.clear();
    asked.live = is_live(asked.pair);
    find_events page{.pair = asked.pair,
                     .before = asked.before,
                     .limit = asked.limit,
                     .bytes_max = asked.bytes_max,
                     .events = {}};
    fill(page);
    asked.events = std::move(page.events);
    asked.more = page.more;
}

report_entry memory_store::entry(const report_row& row) {
    return {.id = row.id,
            .reporter = row.reporter,
            .target = row.target,
            .pair = row.pair,
            .reason = row.reason,
            .note = row.note,
            .nickname = row.nickname,
            .at = row.at,
            .kept_until = row.kept_until,
            .resolved = row.resolved_at,
            .mutes = row.mutes,
            .flagged = row.flagged};
}

void memory_store::fill(list_reports& asked) {
    for (auto one = reports_.rbegin(); one != reports_.rend(); ++one) {
        const bool meant = !asked.open || *asked.open != one->resolved;
        if (one->id < asked.before && meant &&
            !take(asked.reports, asked.limit, asked.more, entry(*one))) {
            return;
        }
    }
}

void memory_store::fill(find_report& asked) {
    const auto found = std::ranges::find(reports_, asked.id, &report_row::id);
    if (found == reports_.end()) {
        return;
    }
    asked.report = entry(*found);
    for (const auto& [place, row] : found->evidence) {
        message_row copied = row;
        copied.epoch = 0;  // what a report does not copy
        copied.cid = 0;
        copied.reason = end_reason::none;
        asked.evidence.push_back(std::move(copied));
    }
    while (asked.evidence.size() > asked.evidence_max) {
        asked.evidence.erase(asked.evidence.begin());
    }
    for (const message_row& row : asked.evidence) {
        if (asked.pairs.empty() || asked.pairs.back().id != row.pair) {
            asked.pairs.push_back(pairs_.at(row.pair).pair);
            asked.pairs.back().seats[0].marks.clear();
            asked.pairs.back().seats[1].marks.clear();
        }
    }
}

void memory_store::fill(count_open_reports& asked) {
    asked.open =
        static_cast<std::uint64_t>(std::ranges::count(reports_, false, &report_row::resolved));
}

void memory_store::fill(find_erasure& asked) {
    for (const erasure_row& one : erasures_) {
        if (one.receipt == asked.receipt) {
            asked.erasure = {.receipt = one.receipt,
                             .user = one.user,
                             .at = one.at,
                             .sealed_until = one.until,
                             .done_at = one.done_at};
        }
    }
}

void memory_store::fill(list_audit& asked) {
    for (auto one = audit_.rbegin(); one != audit_.rend(); ++one) {
        if (one->id < asked.before && !take(asked.rows, asked.limit, asked.more, *one)) {
            return;
        }
    }
}

void memory_store::fill(list_flags& asked) {
    for (auto one = flags_.rbegin(); one != flags_.rend(); ++one) {
        if (one->id < asked.before && !take(asked.flags, asked.limit, asked.more, *one)) {
            return;
        }
    }
}

void memory_store::fill(list_admin_tokens& asked) {
    for (const auto& [name, token] : admin_tokens_) {
        asked.tokens.push_back(token);
    }
}

// ---- changes ----

void memory_store::add(const audit_row& row) {
    audit_.push_back(row);
    audit_.back().id = static_cast<std::int64_t>(audit_.size());
    on_refusal([this] { audit_.pop_back(); });
}

void memory_store::apply(resolve_report& asked) {
    const auto found = std::ranges::find(reports_, asked.id, &report_row::id);
    if (found == reports_.end()) {
        return;
    }
    restore_on_refusal(reports_);
    asked.known = true;
    const person_key whom = found->person;
    for (report_row& one : reports_) {
        const bool meant = one.id == asked.id || (asked.person && one.person == whom);
        if (meant && !one.resolved) {
            one.resolved = true;
            one.resolved_at = asked.at;
            asked.resolved += 1;
        }
    }
    asked.person_reported = whom;
    asked.muted = is_muted(whom);
}

void memory_store::apply(remove_texts& asked) {
    record* of = find(asked.pair);
    asked.known = of != nullptr;
    asked.live = is_live(asked.pair);
    if (!asked.known || asked.live) {
        return;
    }
    std::vector<std::uint64_t> seqs;
    for (const message_row& row : of->events) {
        const bool meant = asked.seq == 0 || asked.seq == row.seq;
        if (meant && row.kind == event_kind::text && row.gone == gone_reason::none) {
            seqs.push_back(row.seq);
        }
    }
    if (seqs.size() > asked.limit) {
        seqs.resize(asked.limit);
        asked.more = true;
    }
    restore_on_refusal(seals_);
    for (const std::uint64_t seq : seqs) {
        gone_reason& gone = of->at(seq)->gone;
        gone = gone_reason::removed;
        on_refusal([of, seq] { of->at(seq)->gone = gone_reason::none; });
        seals_.push_back({asked.sealed_until, asked.pair, seq});
        add({.pair = asked.pair,
             .seq = of->pair.last_seq + 1,
             .epoch = asked.epoch,
             .kind = event_kind::recall,
             .ref = seq,
             .gone = gone_reason::removed,
             .at = std::max(asked.at, of->pair.last_at),
             .body = {}});
    }
    asked.removed = static_cast<std::uint32_t>(seqs.size());
}

void memory_store::apply(add_admin_token& asked) {
    if (admin_tokens_.contains(asked.token.name)) {
        asked.result = token_change::taken;
        return;
    }
    if (admin_tokens_.size() >= asked.tokens_max) {
        asked.result = token_change::too_many;
        return;
    }
    restore_on_refusal(admin_tokens_);
    admin_tokens_[asked.token.name] = asked.token;
    asked.result = token_change::done;
}

void memory_store::apply(drop_admin_token& asked) {
    const auto found = admin_tokens_.find(asked.name);
    if (found == admin_tokens_.end()) {
        asked.result = token_change::unknown;
        return;
    }
    const auto is_owner = [](const auto& one) { return one.second.role == admin_role::owner; };
    if (is_owner(*found) && std::ranges::count_if(admin_tokens_, is_owner) < 2) {
        asked.result = token_change::last_owner;
        return;
    }
    restore_on_refusal(admin_tokens_);
    admin_tokens_.erase(found);
    asked.result = token_change::done;
}

void memory_store::apply(note_token_used& asked) {
    const auto found = admin_tokens_.find(asked.name);
    if (found != admin_tokens_.end()) {
        restore_on_refusal(found->second);
        found->second.used = std::max(found->second.used, asked.at);
    }
}

}  // namespace onechat::storage
