#include "storage/memory_store.hpp"

#include <algorithm>

namespace onechat::storage {

namespace {

bool is_full(const purge& asked) {
    return asked.rows >= std::max(asked.rows_max, 1U);
}

}  // namespace

void memory_store::apply(erase_user& asked) {
    if (is_erased(asked.user)) {
        return;
    }
    if (std::ranges::count(erasures_, asked.receipt, &erasure_row::receipt) > 0) {
        return refuse("the receipt is another's");
    }
    restore_on_refusal(erasures_);
    restore_on_refusal(consents_);
    restore_on_refusal(accounts_);
    restore_on_refusal(blocks_);
    user_row& row = users_.at(asked.user);
    restore_on_refusal(row);
    accounts_.erase({row.from, row.account});
    row.account.clear();
    row.tokens_from = std::max(row.tokens_from, asked.at);
    blocks_.erase(asked.user);
    consents_.erase(asked.user);
    erasures_.push_back({.receipt = asked.receipt,
                         .user = asked.user,
                         .at = asked.at,
                         .until = asked.sealed_until});
    for (const report_row& one : reports_) {
        if (one.person == row.person && !one.resolved) {
            asked.reports_until = std::max(asked.reports_until, one.kept_until);
        }
    }
    asked.banned_until = banned_until(row.person);
    asked.erased = true;
}

void memory_store::apply(purge& asked) {
    restore_on_refusal(seals_);
    restore_on_refusal(reports_);
    restore_on_refusal(erasures_);
    restore_on_refusal(bans_);
    restore_on_refusal(flags_);
    overwrite_seals(asked);
    for (erasure_row& one : erasures_) {
        if (!one.done && one.until <= asked.now && !is_full(asked)) {
            overwrite_erased(asked, one);
        }
    }
    forget_persons(asked);
    drop_reports(asked);
    drop_bans(asked);
    std::erase_if(flags_, [&](const flag_entry& one) {
        const bool due = one.kept_until <= asked.now && !is_full(asked);
        asked.rows += due ? 1 : 0;
        return due;
    });
    asked.more = is_due(asked);
    if (asked.more) {
        return;
    }
    for (erasure_row& one : erasures_) {
        if (one.done && !one.told) {
            asked.completed.push_back(one.receipt);
            one.told = true;
        }
    }
}

void memory_store::overwrite_seals(purge& asked) {
    std::ranges::stable_sort(seals_, {}, &seal_row::until);
    while (!seals_.empty() && seals_.front().until <= asked.now && !is_full(asked)) {
        const seal_row due = seals_.front();
        if (message_row* sealed = find(due.pair)->at(due.seq)) {
            overwrite(*sealed, gone_reason::recall);
        }
        seals_.erase(seals_.begin());
        asked.rows += 1;
    }
}

void memory_store::overwrite_erased(purge& asked, erasure_row& one) {
    if (!overwrite_texts(asked, one.user) || !overwrite_reports(asked, one.user)) {
        return;
    }
    one.done = true;
    one.done_at = asked.now;
    one.person_kept = !forget(one.user, asked.now);
}

bool memory_store::forget(user_id user, unix_ms now) {
    user_row& row = users_.at(user);
    if (banned_until(row.person) > now) {
        return false;
    }
    restore_on_refusal(row);
    row.person = {};
    std::erase_if(bans_, [&](const ban& one) { return one.row.user == user && one.row.lifted; });
    for (ban& one : bans_) {
        if (one.row.user == user) {
            one.row.user = {};
            one.row.reason.clear();
            one.row.by.clear();
        }
    }
    return true;
}

bool memory_store::overwrite_texts(purge& asked, user_id user) {
    for (auto& [id, of] : pairs_) {
        const auto at = find_seat(of.pair.name, user);
        if (!at) {
            continue;
        }
        for (message_row& row : of.events) {
            if (row.from != at->who || row.kind != event_kind::text ||
                (row.gone != gone_reason::none && row.body.empty())) {
                continue;
            }
            if (is_full(asked)) {
                return false;
            }
            overwrite(row, gone_reason::erase);
            asked.rows += 1;
        }
        restore_on_refusal(of.pair.seats);
        of.pair.seats[0].marks.clear();
        of.pair.seats[1].marks.clear();
    }
    return true;
}

// What the user said as a reporter. What is kept about them as the reported person stays.
bool memory_store::overwrite_reports(purge& asked, user_id user) {
    for (report_row& report : reports_) {
        if (report.reporter != user) {
            continue;
        }
        if (!report.note.empty()) {
            if (is_full(asked)) {
                return false;
            }
            report.note.clear();
            asked.rows += 1;
        }
        for (auto& [place, row] : report.evidence) {
            const auto at = find_seat(find(row.pair)->pair.name, user);
            if (row.from != at->who || row.body.empty()) {
                continue;
            }
            if (is_full(asked)) {
                return false;
            }
            row.body.clear();
            row.gone = row.gone == gone_reason::none ? gone_reason::erase : row.gone;
            asked.rows += 1;
        }
    }
    return true;
}

// A text that was gone already keeps its reason.
void memory_store::overwrite(message_row& row, gone_reason why) {
    on_refusal([this, before = row] { *find(before.pair)->at(before.seq) = before; });
    row.body.clear();
    row.gone = row.gone == gone_reason::none ? why : row.gone;
}

void memory_store::forget_persons(purge& asked) {
    for (erasure_row& one : erasures_) {
        if (one.person_kept && !is_full(asked) && forget(one.user, asked.now)) {
            one.person_kept = false;
            asked.rows += 1;
        }
    }
}

void memory_store::drop_reports(purge& asked) {
    for (auto report = reports_.begin(); report != reports_.end();) {
        if (report->kept_until > asked.now) {
            ++report;
            continue;
        }
        auto& evidence = report->evidence;
        while (!evidence.empty() && !is_full(asked)) {
            evidence.erase(evidence.begin());
            asked.rows += 1;
        }
        if (is_full(asked)) {
            return;
        }
        report = reports_.erase(report);
        asked.rows += 1;
    }
}

void memory_store::drop_bans(purge& asked) {
    std::erase_if(bans_, [&](const ban& one) {
        if (one.row.until > asked.bans_before || is_full(asked)) {
            return false;
        }
        asked.rows += 1;
        return true;
    });
}

bool memory_store::is_due(const purge& asked) const {
    const unix_ms now = asked.now;
    return std::ranges::any_of(seals_, [&](const auto& one) { return one.until <= now; }) ||
           std::ranges::any_of(reports_, [&](const auto& one) { return one.kept_until <= now; }) ||
           std::ranges::any_of(
               bans_, [&](const ban& one) { return one.row.until <= asked.bans_before; }) ||
           std::ranges::any_of(flags_, [&](const auto& one) { return one.kept_until <= now; }) ||
           std::ranges::any_of(erasures_, [&](const erasure_row& one) {
               const bool unbanned = banned_until(users_.at(one.user).person) <= now;
               return one.done ? one.person_kept && unbanned : one.until <= now;
           });
}

}  // namespace onechat::storage
