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

void forget(take_consent& asked) {
    asked.taken = false;
    asked.from = provider::guest;
    asked.account.clear();
}

// These answer nothing.
void forget(append&) {}
void forget(void_chat&) {}
void forget(end_chat&) {}
void forget(mark_seen&) {}
void forget(make_user&) {}
void forget(recall_text&) {}
void forget(remove_text&) {}
void forget(flag_text&) {}
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

void forget(find_standing& asked) {
    asked.banned_until = 0;
    asked.muted = false;
}

void forget(count_standings& asked) {
    asked.banned = 0;
    asked.muted = 0;
}

}  // namespace

void forget_answer(change& asked) {
    std::visit([](auto& one) { forget(one); }, asked);
}

void forget_answer(question& asked) {
    std::visit([](auto& one) { forget(one); }, asked);
}

}  // namespace onechat::storage
