#include "storage/memory_store.hpp"

#include <algorithm>

namespace onechat::storage {

void memory_store::apply(recall_text& asked) {
    const message_row& row = asked.row;
    if (row.kind != event_kind::recall) {
        return refuse("a text was to be recalled by an event that doesn't recall");
    }
    add(row);
    static_cast<void>(take_away(row, gone_reason::recall, asked.sealed_until));
}

void memory_store::apply(clear_pair& asked) {
    const auto at = find_seat(asked.name, asked.user);
    if (!at || at->mine().cleared || is_erased(asked.user)) {
        return;
    }
    // It may have been closed by the other side before, and the two may have a new pair since.
    const pair_row& pair = at->of->pair;
    const std::array users{pair.seats[0].user, pair.seats[1].user};
    const auto open = open_pairs_.find(users);
    const bool closes = open != open_pairs_.end() && open->second == pair.id;
    if (closes) {
        open_pairs_.erase(open);
    }
    at->mine().cleared = true;
    on_refusal([this, at = *at, users, closes] {
        at.mine().cleared = false;
        if (closes) {
            open_pairs_[users] = at.of->pair.id;
        }
    });
    asked.result = pair_change::done;
}

void memory_store::apply(block_person& asked) {
    const auto at = find_seat(asked.name, asked.user);
    if (!at || is_erased(asked.user)) {
        return;
    }
    if (!asked.on) {
        return unblock(asked, *at);
    }
    const user_id partner = at->other().user;
    if (at->mine().cleared || is_forgotten(partner)) {
        return;
    }
    auto& blocks = blocks_[asked.user];
    if (!block_on(*at)) {
        if (blocks.size() >= asked.blocks_max) {
            asked.result = pair_change::too_many;
            return;
        }
        restore_on_refusal(blocks_);
        blocks[person(partner)] = at->of->pair.id;
    }
    asked.person = person(partner);
    asked.result = pair_change::done;
}

void memory_store::unblock(block_person& asked, const seat& at) {
    const user_id partner = at.other().user;
    const auto blocked = block_on(at);
    if (blocked) {
        auto& blocks = blocks_[asked.user];
        restore_on_refusal(blocks_);
        blocks.erase(*blocked);
    } else if (at.mine().cleared || is_forgotten(partner)) {
        return;
    }
    asked.person = blocked.value_or(person(partner));
    asked.result = pair_change::done;
}

void memory_store::apply(add_report& asked) {
    const auto at = find_seat(asked.name, asked.reporter);
    if (!at || at->mine().cleared || is_erased(asked.reporter) || is_forgotten(at->other().user)) {
        return;
    }
    const person_key target = person(at->other().user);
    restore_on_refusal(reports_);
    auto report = std::ranges::find_if(reports_, [&](const report_row& one) {
        return one.reporter == asked.reporter && one.person == target && !one.resolved;
    });
    if (report == reports_.end()) {
        report = reports_.insert(report, {.id = ++last_report_,
                                          .reporter = asked.reporter,
                                          .person = target,
                                          .target = at->other().user,
                                          .pair = at->of->pair.id,
                                          .note = {},
                                          .nickname = {},
                                          .at = asked.at,
                                          .evidence = {}});
    }
    report->flagged = report->flagged || asked.flagged;
    report->target = at->other().user;
    report->pair = at->of->pair.id;
    report->reason = asked.reason;
    report->note = asked.note;
    report->nickname = asked.nickname.empty() ? report->nickname : asked.nickname;
    report->kept_until = asked.kept_until;
    const auto& events = at->of->events;
    const std::size_t count = std::min<std::size_t>(asked.evidence_max, events.size());
    for (std::size_t i = events.size() - count; i < events.size(); ++i) {
        message_row row = events[i];
        row.gone = gone_now(row, erased(*at->of));
        report->evidence.try_emplace({row.pair, row.seq}, std::move(row));
    }
    asked.id = report->id;
    asked.person = target;
    asked.muted = mutes(*report, asked);
    report->mutes = report->mutes || asked.muted;
    asked.result = pair_change::done;
}

void memory_store::apply(note_consents& asked) {
    if (is_erased(asked.user)) {
        return;
    }
    restore_on_refusal(consents_);
    auto& kept = consents_[asked.user];
    for (const std::string& one : asked.templates) {
        kept[one].count += 1;
        kept[one].at = asked.at;
    }
    while (kept.size() > asked.kept_max) {
        kept.erase(
            std::ranges::min_element(kept, {}, [](const auto& one) { return one.second.at; }));
    }
}

void memory_store::apply(revoke_tokens& asked) {
    const auto found = users_.find(asked.user);
    if (found != users_.end()) {
        unix_ms& from = found->second.tokens_from;
        restore_on_refusal(from);
        from = std::max(from, asked.from);
    }
}

}  // namespace onechat::storage
