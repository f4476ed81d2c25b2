#include "storage/forget.hpp"

#include <variant>

namespace onechat::storage {

namespace {

void forget(open_chat& asked) {
    asked.opened = false;
    asked.live = {};
    asked.recent.clear();
}

void forget(start_epoch& asked) {
    asked.epoch = 0;
}

void forget(clear_pair& asked) {
    asked.result = pair_change::unknown;
}

void forget(block_person& asked) {
    asked.result = pair_change::unknown;
    asked.person = {};
}

void forget(add_report& asked) {
    asked.result = pair_change::unknown;
    asked.id = 0;
    asked.person = {};
    asked.muted = false;
}

void forget(resolve_reports& asked) {
    asked.known = false;
    asked.person = {};
    asked.resolved = 0;
}

void forget(ban_person& asked) {
    asked.known = false;
    asked.person = {};
    asked.level = 0;
    asked.until = 0;
}

void forget(lift_ban& asked) {
    asked.known = false;
    asked.person = {};
    asked.lifted = 0;
}

void forget(erase_user& asked) {
    asked.erased = false;
    asked.reports_until = 0;
    asked.banned_until = 0;
}

void forget(purge& asked) {
    asked.rows = 0;
    asked.more = false;
    asked.completed.clear();
}

void forget(remove_text& asked) {
    asked.removed = false;
}

void forget(take_consent& asked) {
    asked.taken = false;
    asked.from = provider::guest;
    asked.account.clear();
}

void forget(resolve_report& asked) {
    asked.known = false;
    asked.resolved = 0;
    asked.person_reported = {};
    asked.muted = false;
}

void forget(remove_texts& asked) {
    asked.known = false;
    asked.live = false;
    asked.removed = 0;
    asked.more = false;
}

void forget(add_admin_token& asked) {
    asked.result = token_change::unknown;
}

void forget(drop_admin_token& asked) {
    asked.result = token_change::unknown;
}

void forget(cut_records& asked) {
    asked.rows = 0;
    asked.more = false;
}

// These answer nothing.
void forget(add_access&) {}
void forget(add_audit&) {}
void forget(note_token_used&) {}
void forget(append&) {}
void forget(void_chat&) {}
void forget(end_chat&) {}
void forget(mark_seen&) {}
void forget(make_user&) {}
void forget(recall_text&) {}
void forget(flag_text&) {}
void forget(flag_report&) {}
void forget(drop_consents&) {}
void forget(note_consents&) {}
void forget(revoke_tokens&) {}

void forget(find_user& asked) {
    asked.user.reset();
    asked.blocked.clear();
}

void forget(find_person& asked) {
    asked.name.reset();
}

void forget(find_events& asked) {
    asked.events.clear();
    asked.more = false;
}

void forget(find_keep& asked) {
    asked.pair.reset();
    asked.who = side::one;
    asked.keep = 0;
}

void forget(find_history& asked) {
    asked.found = false;
    asked.who = side::one;
    asked.events.clear();
    asked.more = false;
}

void forget(list_pairs& asked) {
    asked.pairs.clear();
    asked.more = false;
}

void forget(find_own_texts& asked) {
    asked.texts.clear();
    asked.more = false;
    asked.next_pair = {};
    asked.next_seq = 0;
}

void forget(count_texts& asked) {
    asked.texts = 0;
    asked.more = false;
    asked.next_pair = {};
    asked.next_seq = 0;
}

void forget(find_bans& asked) {
    asked.bans.clear();
}

void forget(list_access& asked) {
    asked.rows.clear();
    asked.more = false;
}

void forget(list_flags& asked) {
    asked.flags.clear();
    asked.more = false;
}

void forget(find_standing& asked) {
    asked.banned_until = 0;
    asked.muted = false;
}

void forget(count_standings& asked) {
    asked.banned = 0;
    asked.muted = 0;
}

void forget(list_users& asked) {
    asked.users.clear();
    asked.more = false;
    asked.next = {};
}

void forget(describe_user& asked) {
    asked.row.reset();
    asked.receipt.clear();
    asked.bans.clear();
}

void forget(list_pairs_of& asked) {
    asked.known = false;
    asked.pairs.clear();
    asked.more = false;
}

void forget(find_record& asked) {
    asked.row.reset();
    asked.live = false;
    asked.events.clear();
    asked.more = false;
}

void forget(list_reports& asked) {
    asked.reports.clear();
    asked.more = false;
}

void forget(find_report& asked) {
    asked.report.reset();
    asked.evidence.clear();
    asked.pairs.clear();
}

void forget(count_open_reports& asked) {
    asked.open = 0;
}

void forget(find_erasure& asked) {
    asked.erasure.reset();
}

void forget(list_audit& asked) {
    asked.rows.clear();
    asked.more = false;
}

void forget(list_admin_tokens& asked) {
    asked.tokens.clear();
}

}  // namespace

void forget_answer(change& asked) {
    std::visit([](auto& one) { forget(one); }, asked);
}

void forget_answer(question& asked) {
    std::visit([](auto& one) { forget(one); }, asked);
}

}  // namespace onechat::storage
