#include "storage/memory_store.hpp"

#include "storage/effective.hpp"
#include "storage/forget.hpp"
#include "storage/queries.hpp"

#include <algorithm>
#include <cassert>
#include <variant>

namespace onechat::storage {

commit_result memory_store::commit(std::span<change> batch) {
    broken_.clear();
    undo_.clear();
    for (change& one : batch) {
        forget_answer(one);
        std::visit(
            [this](auto& asked) {
                apply(asked);
                if constexpr (requires { asked.audit; }) {
                    if (asked.audit && is_effective(asked)) {
                        add(*asked.audit);
                    }
                }
            },
            one);
        if (!broken_.empty()) {
            break;
        }
    }
    if (broken_.empty()) {
        return commit_result::done;
    }
    for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) {
        (*undo)();
    }
    for (change& one : batch) {
        forget_answer(one);
    }
    return commit_result::refused;
}

std::vector<live_pair> memory_store::open_chats() {
    std::vector<live_pair> live;
    for (const auto& [id, chat] : chats_) {
        if (!chat.ended) {
            const record& of = pairs_.at(chat.pair);
            live.push_back({.pair = of.pair,
                            .chat = id,
                            .started = chat.started,
                            .topic = chat.topic,
                            .unmarked = unmarked(of),
                            .closed = is_closed(of.pair, erased(of))});
        }
    }
    return live;
}

std::vector<parting> memory_store::partings(unix_ms since) {
    std::vector<parting> recent;
    for (const auto& [id, chat] : chats_) {
        if (chat.ended && *chat.ended >= since) {
            const auto& seats = pairs_.at(chat.pair).pair.seats;
            recent.push_back({.one = seats[0].user, .two = seats[1].user, .at = *chat.ended});
        }
    }
    std::ranges::stable_sort(recent, {}, &parting::at);
    return recent;
}

user_id memory_store::last_user() {
    return users_.empty() ? user_id{} : users_.rbegin()->first;
}

unix_ms memory_store::newest_at() {
    std::pair<std::uint64_t, unix_ms> newest;
    for (const auto& [id, of] : pairs_) {
        if (!of.events.empty()) {
            newest = std::max(newest, {of.order.back(), of.events.back().at});
        }
    }
    return newest.second;
}

void memory_store::apply(append& asked) {
    add(asked.row);
}

void memory_store::apply(open_chat& asked) {
    assert(asked.users[0] < asked.users[1]);
    if (!may_chat(asked.users[0], asked.at) || !may_chat(asked.users[1], asked.at)) {
        return;
    }
    record* of = find_open(asked.users);
    if (of == nullptr) {
        of = make_pair(asked);
    }
    if (of == nullptr) {
        return;
    }
    if (is_live(of->pair.id)) {
        return refuse("the pair has an open chat");
    }
    const unix_ms at = std::max(asked.at, of->pair.last_at);
    const chat_id chat{++last_chat_};
    chats_[chat] = {.pair = of->pair.id, .started = at, .ended = {}, .topic = asked.topic};
    live_[of->pair.id] = chat;
    on_refusal([this, chat, of, listed_at = of->listed_at] {
        chats_.erase(chat);
        live_.erase(of->pair.id);
        last_chat_ -= 1;
        of->listed_at = listed_at;
    });
    of->listed_at = at;
    add({.pair = of->pair.id,
         .seq = of->pair.last_seq + 1,
         .epoch = asked.epoch,
         .kind = event_kind::start,
         .at = at,
         .body = {}});
    find_events newest{
        .pair = of->pair.id, .limit = asked.recent_max, .bytes_max = SIZE_MAX, .events = {}};
    fill(newest);
    asked.recent = std::move(newest.events);
    asked.live = {.pair = of->pair,
                  .chat = chat,
                  .started = at,
                  .topic = asked.topic,
                  .unmarked = unmarked(*of)};
    asked.opened = true;
}

void memory_store::apply(void_chat& asked) {
    const auto chat = chats_.find(asked.chat);
    if (chat == chats_.end() || chat->second.ended) {
        return refuse("the chat isn't open");
    }
    record& of = *find(chat->second.pair);
    if (of.events.empty() || of.events.back().kind != event_kind::start) {
        return refuse("a chat was to be voided in which something happened");
    }
    on_refusal([this, &of, id = asked.chat, row = chat->second, start = of.events.back(),
                order = of.order.back(), pair = of.pair, listed_at = of.listed_at] {
        chats_[id] = row;
        live_[row.pair] = id;
        of.events.push_back(start);
        of.order.push_back(order);
        of.pair = pair;
        of.listed_at = listed_at;
    });
    of.events.pop_back();
    of.order.pop_back();
    of.pair.last_seq -= 1;
    of.pair.last_at = of.events.empty() ? of.cut_at : of.events.back().at;
    of.listed_at = of.pair.last_at;
    live_.erase(chat->second.pair);
    chats_.erase(chat);
}

void memory_store::apply(end_chat& asked) {
    const auto chat = chats_.find(asked.chat);
    if (chat == chats_.end() || chat->second.ended) {
        return refuse("the chat isn't open");
    }
    if (asked.end.pair != chat->second.pair || asked.end.kind != event_kind::end) {
        return refuse("a chat was to be ended by an event that doesn't end it");
    }
    record& of = *find(chat->second.pair);
    on_refusal([this, &of, &row = chat->second, id = asked.chat, pair = of.pair, marked = of.marked,
                listed_at = of.listed_at] {
        row.ended.reset();
        live_[row.pair] = id;
        of.pair = pair;
        of.marked = marked;
        of.listed_at = listed_at;
    });
    add(asked.end);
    chat->second.ended = asked.end.at;
    live_.erase(chat->second.pair);
    of.pair.met += 1;
    of.listed_at = asked.end.at;
    if (!is_erased(of.pair.seats[0].user) && !is_erased(of.pair.seats[1].user)) {
        of.marked = asked.end.seq;
        of.pair.seats[0].marks = asked.marks[0];
        of.pair.seats[1].marks = asked.marks[1];
    }
}

void memory_store::apply(mark_seen& asked) {
    if (asked.who == side::system) {
        return refuse("nobody's seen was to be moved");
    }
    record* of = find(asked.pair);
    if (of == nullptr) {
        return refuse("the pair doesn't exist");
    }
    std::uint64_t& seen = of->pair.seats[static_cast<std::size_t>(asked.who)].seen;
    on_refusal([&seen, before = seen] { seen = before; });
    seen = std::max(seen, asked.seq);
}

void memory_store::apply(start_epoch& asked) {
    asked.epoch = std::max(asked.now, epoch_ + 1);
    on_refusal([this, before = epoch_] { epoch_ = before; });
    epoch_ = asked.epoch;
}

void memory_store::apply(make_user& asked) {
    const user_row& user = asked.user;
    if (accounts_.contains({user.from, user.account})) {
        return;
    }
    if (user.account.empty() || users_.contains(user.id) || subjects_.contains(user.name)) {
        return refuse("a user's account is empty, or the id or subject is another's");
    }
    users_[user.id] = user;
    subjects_[user.name] = user.id;
    accounts_.insert({user.from, user.account});
    on_refusal([this, user] {
        users_.erase(user.id);
        subjects_.erase(user.name);
        accounts_.erase({user.from, user.account});
    });
}

void memory_store::add(const message_row& row) {
    record* of = find(row.pair);
    if (of == nullptr) {
        return refuse("the pair doesn't exist");
    }
    if (row.seq != of->pair.last_seq + 1) {
        return refuse("an event's seq doesn't follow the pair's last");
    }
    on_refusal([of, last_at = of->pair.last_at] {
        of->events.pop_back();
        of->order.pop_back();
        of->pair.last_seq -= 1;
        of->pair.last_at = last_at;
    });
    of->events.push_back(row);
    of->order.push_back(++stored_);
    of->pair.last_seq = row.seq;
    of->pair.last_at = row.at;
}

memory_store::record* memory_store::find(pair_id pair) {
    const auto found = pairs_.find(pair);
    return found == pairs_.end() ? nullptr : &found->second;
}

memory_store::record* memory_store::find_open(const std::array<user_id, 2>& users) {
    const auto found = open_pairs_.find(users);
    return found == open_pairs_.end() ? nullptr : find(found->second);
}

memory_store::record* memory_store::make_pair(const open_chat& asked) {
    if (names_.contains(asked.name)) {
        refuse("the pair's name is another's");
        return nullptr;
    }
    const pair_id id{static_cast<std::int64_t>(pairs_.size()) + 1};
    record& made = pairs_[id];
    made.pair.id = id;
    made.pair.name = asked.name;
    for (std::size_t i = 0; i < asked.users.size(); ++i) {
        made.pair.seats[i].user = asked.users[i];
        made.pair.seats[i].alias = asked.seeds[i].alias;
        made.pair.seats[i].avatar = asked.seeds[i].avatar;
    }
    names_[asked.name] = id;
    open_pairs_[asked.users] = id;
    on_refusal([this, id, name = asked.name, users = asked.users] {
        pairs_.erase(id);
        names_.erase(name);
        open_pairs_.erase(users);
    });
    return &made;
}

bool memory_store::may_chat(user_id user, unix_ms at) const {
    const auto found = users_.find(user);
    return found != users_.end() && !found->second.account.empty() &&
           banned_until(found->second.person) <= at;
}

std::vector<message_row> memory_store::unmarked(const record& of) const {
    const std::uint64_t last = of.pair.last_seq;
    const std::uint64_t newest = last > unmarked_events_max ? last - unmarked_events_max : 0;
    std::vector<message_row> texts;
    for (const message_row& row : of.events) {
        if (row.seq > std::max(of.marked, newest) && row.kind == event_kind::text) {
            texts.push_back(row);
        }
    }
    return texts;
}

void memory_store::refuse(const char* why) {
    if (broken_.empty()) {
        broken_ = why;
    }
}

}  // namespace onechat::storage
