#include "storage/cut_marks.hpp"
#include "storage/memory_store.hpp"

#include <algorithm>

namespace onechat::storage {

void memory_store::apply(cut_records& asked) {
    for (auto& [id, of] : pairs_) {
        if (is_due(asked, of)) {
            restore_on_refusal(of);
            cut(asked, of);
        }
    }
    restore_on_refusal(chats_);
    const auto is_over = [&](const auto& chat) {
        return chat.second.ended && *chat.second.ended < asked.chats_before;
    };
    for (auto chat = chats_.begin(); chat != chats_.end();) {
        if (is_over(*chat) && asked.rows < std::max(asked.rows_max, 1U)) {
            chat = chats_.erase(chat);
            asked.rows += 1;
        } else {
            ++chat;
        }
    }
    restore_on_refusal(access_);
    const auto is_old = [&](const access_row& row) { return row.at < asked.access_before; };
    std::erase_if(access_, [&](const access_row& row) {
        const bool goes = is_old(row) && asked.rows < std::max(asked.rows_max, 1U);
        asked.rows += goes ? 1 : 0;
        return goes;
    });
    const auto is_long = [&](const auto& one) { return is_due(asked, one.second); };
    asked.more = std::ranges::any_of(chats_, is_over) || std::ranges::any_of(access_, is_old) ||
                 std::ranges::any_of(pairs_, is_long);
}

void memory_store::apply(add_access& asked) {
    restore_on_refusal(access_);
    access_.push_back(asked.row);
    access_.back().id = ++last_access_;
}

void memory_store::fill(list_access& asked) {
    for (auto one = access_.rbegin(); one != access_.rend(); ++one) {
        if (one->user != asked.user || one->id >= asked.before) {
            continue;
        }
        if (asked.rows.size() == asked.limit) {
            asked.more = true;
            return;
        }
        asked.rows.push_back(*one);
    }
}

bool memory_store::is_due(const cut_records& asked, const record& of) {
    const bool start_alone = of.events.size() == 1 && of.events[0].kind == event_kind::start;
    return !of.events.empty() && of.events.front().at < asked.before && !start_alone;
}

void memory_store::cut(cut_records& asked, record& of) {
    kept_marks kept{of.marked, {of.pair.seats[0].marks, of.pair.seats[1].marks}};
    std::array<std::vector<cid_mark>, 2> texts;
    while (is_due(asked, of) && asked.rows < std::max(asked.rows_max, 1U)) {
        const message_row& row = of.events.front();
        if (row.kind == event_kind::text && row.from != side::system) {
            texts[static_cast<std::size_t>(row.from)].push_back(
                {.cid = row.cid, .seq = row.seq, .at = row.at});
        }
        of.pair.first_seq = row.seq + 1;
        of.pair.cut_epoch = row.epoch;
        of.cut_at = row.at;
        of.events.erase(of.events.begin());
        of.order.erase(of.order.begin());
        asked.rows += 1;
    }
    if (of.events.empty() && !is_live(of.pair.id)) {
        of.listed_at = 0;
    }
    const auto gone = erased(of);
    if (!gone[0] && !gone[1] && forget_texts(kept, std::move(texts), of.pair.first_seq - 1)) {
        of.marked = kept.seq;
        of.pair.seats[0].marks = kept.of[0];
        of.pair.seats[1].marks = kept.of[1];
    }
}

}  // namespace onechat::storage
