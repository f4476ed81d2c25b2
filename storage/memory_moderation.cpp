#include "storage/memory_store.hpp"

#include <algorithm>

namespace onechat::storage {

void memory_store::apply(remove_text& asked) {
    message_row row = asked.row;
    if (row.kind != event_kind::recall || row.from != side::system) {
        return refuse("a text was to be removed by an event that doesn't remove");
    }
    if (record* of = find(row.pair); of != nullptr && row.seq == 0) {
        if (const message_row* text = of->at(row.ref);
            text == nullptr || text->gone != gone_reason::none) {
            return;
        }
        row.seq = of->pair.last_seq + 1;
        row.at = std::max(row.at, of->pair.last_at);
    }
    add(row);
    asked.removed = take_away(row, gone_reason::removed, asked.sealed_until);
}

// One's own text, or anybody's when nobody of the two takes it away.
bool memory_store::take_away(const message_row& by, gone_reason why, unix_ms sealed_until) {
    record* of = find(by.pair);
    message_row* found = of == nullptr ? nullptr : of->at(by.ref);
    if (found == nullptr) {
        return false;
    }
    message_row& text = *found;
    const bool may = by.from == side::system || by.from == text.from;
    if (text.kind != event_kind::text || !may || text.gone != gone_reason::none) {
        return false;
    }
    on_refusal([this, of, ref = by.ref] {
        of->at(ref)->gone = gone_reason::none;
        seals_.pop_back();
    });
    text.gone = why;
    seals_.push_back({sealed_until, by.pair, by.ref});
    return true;
}

void memory_store::apply(flag_text& asked) {
    const bool known = std::ranges::any_of(flags_, [&](const flag_entry& one) {
        return one.pair == asked.pair && one.seq == asked.seq && one.source == asked.source;
    });
    if (!known) {
        restore_on_refusal(flags_);
        flags_.push_back({.id = ++last_flag_,
                          .pair = asked.pair,
                          .seq = asked.seq,
                          .source = asked.source,
                          .label = asked.label,
                          .at = asked.at,
                          .kept_until = asked.kept_until});
    }
}

void memory_store::apply(flag_report& asked) {
    const auto found = std::ranges::find(reports_, asked.id, &report_row::id);
    if (found != reports_.end()) {
        restore_on_refusal(reports_);
        found->flagged = true;
    }
}

void memory_store::apply(take_consent& asked) {
    if (!users_.contains(asked.user) || is_erased(asked.user)) {
        return;
    }
    const user_row& row = users_.at(asked.user);
    asked.from = row.from;
    const auto& wanted = asked.templates.at(static_cast<std::size_t>(row.from));
    auto& kept = consents_[asked.user];
    const auto found = kept.find(wanted);
    if (wanted.empty() || found == kept.end() || found->second.count == 0) {
        return;
    }
    restore_on_refusal(consents_);
    if (--found->second.count == 0) {
        kept.erase(found);
    }
    asked.taken = true;
    asked.account = row.account;
}

void memory_store::apply(drop_consents& asked) {
    restore_on_refusal(consents_);
    consents_[asked.user].erase(asked.template_id);
}

}  // namespace onechat::storage
