#include "storage/forget.hpp"
#include "storage/memory_store.hpp"
#include "storage/record_queries.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

namespace onechat::storage {

bool memory_store::answer(question& asked) {
    forget_answer(asked);
    std::visit([this](auto& one) { fill(one); }, asked);
    return true;
}

void memory_store::fill(find_events& asked) {
    const record* of = find(asked.pair);
    if (of == nullptr) {
        return;
    }
    std::vector<message_row> within;
    for (const message_row& row : of->events) {
        if (asked.after < row.seq && row.seq < asked.before) {
            within.push_back(row);
            hide(within.back(), erased(*of));
        }
    }
    if (asked.newest) {
        std::ranges::reverse(within);
    }
    std::size_t bytes = 0;
    for (message_row& row : within) {
        bytes += row.body.size();
        const bool too_heavy = !asked.events.empty() && bytes > asked.bytes_max;
        if (asked.events.size() == asked.limit || too_heavy) {
            asked.more = true;
            break;
        }
        asked.events.push_back(std::move(row));
    }
    if (asked.newest) {
        std::ranges::reverse(asked.events);
    }
}

void memory_store::fill(find_keep& asked) {
    const auto at = find_seat(asked.name, asked.user);
    if (!at || at->mine().cleared) {
        return;
    }
    asked.pair = at->of->pair;
    asked.who = at->who;
    const pair_row& pair = at->of->pair;
    if (pair.cut_epoch <= asked.epoch) {
        asked.keep = std::min(asked.seq, pair.first_seq - 1);
    }
    for (const message_row& row : at->of->events) {
        if (row.seq <= asked.seq && row.epoch <= asked.epoch) {
            asked.keep = row.seq;
        }
    }
}

void memory_store::fill(find_user& asked) {
    const auto found = subjects_.find(asked.name);
    if (found == subjects_.end()) {
        return;
    }
    asked.user = users_.at(found->second);
    asked.user->banned_until = banned_until(asked.user->person);
    asked.user->muted = is_muted(asked.user->person);
    for (const auto& [person, pair] : blocks_[found->second]) {
        asked.blocked.push_back(person);
    }
}

void memory_store::fill(find_person& asked) {
    const auto found = std::ranges::find_if(users_, [&](const auto& entry) {
        const user_row& user = entry.second;
        return user.from == asked.from && user.person == asked.person && !user.account.empty();
    });
    if (found != users_.end()) {
        asked.name = found->second.name;
    }
}

void memory_store::fill(find_history& asked) {
    const auto at = find_seat(asked.name, asked.user);
    if (!at || at->mine().cleared) {
        return;
    }
    find_events page{.pair = at->of->pair.id,
                     .before = asked.before,
                     .limit = asked.limit,
                     .bytes_max = asked.bytes_max,
                     .events = {}};
    fill(page);
    asked.found = true;
    asked.who = at->who;
    asked.events = std::move(page.events);
    asked.more = page.more;
}

void memory_store::fill(list_pairs& asked) {
    std::vector<seat> seats;
    for (auto& [id, of] : pairs_) {
        const auto at = find_seat(of.pair.name, asked.user);
        if (at && !at->mine().cleared && of.listed_at > 0 && !of.events.empty()) {
            seats.push_back(*at);
        }
    }
    const auto place = [](const seat& at) { return std::pair{at.of->listed_at, at.of->pair.id}; };
    std::ranges::sort(seats, std::ranges::greater{}, place);
    std::size_t bytes = 0;
    for (const seat& at : seats) {
        if (asked.before) {
            const auto named = find_seat(asked.before->name, asked.user);
            const pair_id id = named ? named->of->pair.id : pair_id{};
            if (place(at) >= std::pair{asked.before->listed_at, id}) {
                continue;
            }
        }
        listed_pair next = entry(at);
        bytes += next.last.body.size();
        const bool too_heavy = !asked.pairs.empty() && bytes > asked.bytes_max;
        if (asked.pairs.size() == asked.limit || too_heavy) {
            asked.more = true;
            return;
        }
        asked.pairs.push_back(std::move(next));
    }
}

listed_pair memory_store::entry(const seat& at) const {
    const record& of = *at.of;
    listed_pair listed{
        .pair = of.pair, .who = at.who, .listed_at = of.listed_at, .last = of.events.back()};
    for (seat_row& one : listed.pair.seats) {
        one.marks.clear();
    }
    hide(listed.last, erased(of));
    const auto newest = [&](std::size_t count) {
        auto events = std::vector(
            of.events.end() - static_cast<std::ptrdiff_t>(std::min(count, of.events.size())),
            of.events.end());
        for (message_row& row : events) {
            hide(row, erased(of));
        }
        std::ranges::reverse(events);
        return events;
    };
    const auto is_shown = [](const message_row& row) {
        return row.kind == event_kind::text && row.gone == gone_reason::none;
    };
    if (listed.last.kind != event_kind::text) {
        const auto events = newest(20);
        const auto shown = std::ranges::find_if(events, is_shown);
        listed.last.body = shown == events.end() ? std::string{} : shown->body;
    }
    const side other = at.who == side::one ? side::two : side::one;
    const auto unseen = std::ranges::count_if(newest(1000), [&](const message_row& row) {
        return row.from == other && row.seq > at.mine().seen && is_shown(row);
    });
    listed.unseen = std::min(static_cast<std::uint32_t>(unseen), unseen_max);
    listed.blocked = block_on(at).has_value();
    return listed;
}

void memory_store::fill(find_own_texts& asked) {
    asked.next_pair = asked.pair;
    asked.next_seq = asked.seq;
    std::uint32_t scan = own_texts_scan_max;
    std::size_t bytes = 0;
    for (auto of = pairs_.lower_bound(asked.pair); of != pairs_.end(); ++of) {
        const auto at = find_seat(of->second.pair.name, asked.user);
        if (!at || is_erased(asked.user)) {
            continue;
        }
        for (message_row row : of->second.events) {
            if (of->first == asked.pair && row.seq <= asked.seq) {
                continue;
            }
            hide(row, erased(of->second));
            const bool own = row.from == at->who && row.kind == event_kind::text &&
                             row.gone == gone_reason::none;
            const bool too_heavy =
                !asked.texts.empty() && bytes + row.body.size() > asked.bytes_max;
            if (scan == 0 || (own && (asked.texts.size() == asked.limit || too_heavy))) {
                asked.more = true;
                return;
            }
            scan -= 1;
            asked.next_pair = of->first;
            asked.next_seq = row.seq;
            if (own) {
                bytes += row.body.size();
                asked.texts.push_back({.pair = of->first,
                                       .seq = row.seq,
                                       .name = of->second.pair.name,
                                       .at = row.at,
                                       .body = std::move(row.body)});
            }
        }
    }
}

void memory_store::fill(count_texts& asked) {
    asked.next_pair = asked.pair;
    asked.next_seq = asked.seq;
    std::uint32_t scan = std::max(asked.rows_max, 1U);
    for (auto of = pairs_.lower_bound(asked.pair); of != pairs_.end(); ++of) {
        const auto at = find_seat(of->second.pair.name, asked.user);
        if (!at) {
            continue;
        }
        for (const message_row& row : of->second.events) {
            if (of->first == asked.pair && row.seq <= asked.seq) {
                continue;
            }
            if (scan == 0) {
                asked.more = true;
                return;
            }
            scan -= 1;
            asked.next_pair = of->first;
            asked.next_seq = row.seq;
            const bool was_read = row.gone == gone_reason::none || row.gone == gone_reason::erase;
            if (row.from == at->who && row.kind == event_kind::text && was_read) {
                asked.texts += 1;
            }
        }
    }
}

std::optional<memory_store::seat> memory_store::find_seat(std::string_view name, user_id user) {
    const auto id = names_.find(name);
    if (id == names_.end()) {
        return std::nullopt;
    }
    record& of = pairs_.at(id->second);
    for (const side who : {side::one, side::two}) {
        const seat at{&of, who};
        if (at.mine().user == user) {
            return at;
        }
    }
    return std::nullopt;
}

bool memory_store::is_erased(user_id user) const {
    const auto found = users_.find(user);
    return found == users_.end() || found->second.account.empty();
}

person_key memory_store::person(user_id user) const {
    const auto found = users_.find(user);
    return found == users_.end() ? person_key{} : found->second.person;
}

bool memory_store::is_forgotten(user_id user) const {
    return is_erased(user) && person(user) == person_key{};
}

erased_sides memory_store::erased(const record& of) const {
    return {is_erased(of.pair.seats[0].user), is_erased(of.pair.seats[1].user)};
}

std::optional<person_key> memory_store::block_on(const seat& at) const {
    const auto blocks = blocks_.find(at.mine().user);
    if (blocks == blocks_.end()) {
        return std::nullopt;
    }
    const bool forgotten = is_forgotten(at.other().user);
    for (const auto& [who, pair] : blocks->second) {
        if (forgotten ? pair == at.of->pair.id : who == person(at.other().user)) {
            return who;
        }
    }
    return std::nullopt;
}

}  // namespace onechat::storage
