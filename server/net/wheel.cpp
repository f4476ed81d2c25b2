#include "server/net/wheel.hpp"

#include <algorithm>
#include <cassert>

namespace onechat::net {
namespace {

void make_empty(wheel::link& head) {
    head.next = &head;
    head.previous = &head;
}

bool is_empty(const wheel::link& head) {
    return head.next == &head;
}

void append(wheel::link& head, wheel::link& one) {
    one.next = &head;
    one.previous = head.previous;
    head.previous->next = &one;
    head.previous = &one;
}

void remove(wheel::link& one) {
    one.previous->next = one.next;
    one.next->previous = one.previous;
    one.next = nullptr;
    one.previous = nullptr;
}

}  // namespace

void wheel::entry::cancel() {
    if (scheduled()) {
        remove(*this);
    }
}

wheel::wheel(time_point start, duration tick) : start_(start), tick_(tick) {
    assert(tick > duration::zero());
    for (auto& slot : slots_) {
        make_empty(slot);
    }
}

wheel::~wheel() {
    for (auto& slot : slots_) {
        while (!is_empty(slot)) {
            remove(*slot.next);
        }
    }
}

std::uint64_t wheel::tick_of(time_point due) const {
    if (due <= start_) {
        return passed_ + 1;
    }
    const auto whole = static_cast<std::uint64_t>((due - start_) / tick_);
    const bool exact = (due - start_) % tick_ == duration::zero();
    return std::max(passed_ + 1, exact ? whole : whole + 1);
}

void wheel::insert(entry& one, std::uint64_t due_tick) {
    one.due_tick = due_tick;
    append(slots_[due_tick % slots_count], one);
}

void wheel::schedule(entry& one, time_point due) {
    one.cancel();
    insert(one, tick_of(due));
}

void wheel::schedule_no_later(entry& one, time_point due) {
    if (!one.scheduled() || one.due_tick > tick_of(due)) {
        schedule(one, due);
    }
}

void wheel::advance(time_point now) {
    if (now <= start_) {
        return;
    }
    const auto last = static_cast<std::uint64_t>((now - start_) / tick_);
    const auto first = passed_ + 1;
    if (last < first) {
        return;
    }
    // First, so that what is scheduled meanwhile comes after, even when it is due already.
    passed_ = last;
    const auto visits = std::min<std::uint64_t>(last - first + 1, slots_count);
    for (std::uint64_t i = 0; i < visits; ++i) {
        expire(slots_[(last - visits + 1 + i) % slots_count], last, now);
    }
}

void wheel::expire(link& slot, std::uint64_t last_tick, time_point now) {
    if (is_empty(slot)) {
        return;
    }
    // Moved to a list of its own: expired() may put new entries into this slot.
    link visited;
    make_empty(visited);
    while (!is_empty(slot)) {
        auto& one = *slot.next;
        remove(one);
        append(visited, one);
    }
    while (!is_empty(visited)) {
        auto& one = static_cast<entry&>(*visited.next);
        remove(one);
        if (one.due_tick > last_tick) {
            insert(one, one.due_tick);
        } else {
            one.expired(now);
        }
    }
}

}  // namespace onechat::net
