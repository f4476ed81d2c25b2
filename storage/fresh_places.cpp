#include "storage/fresh_places.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace onechat::storage {

namespace {

template <typename Entries>
auto first_from(Entries& of_pair, std::uint64_t seq) {
    return std::ranges::lower_bound(of_pair, seq, {}, [](const auto& one) { return one.seq; });
}

}  // namespace

void fresh_places::add(const place& one) {
    const std::lock_guard lock{mutex_};
    entries& of_pair = pairs_[one.pair];
    const auto next = of_pair.empty() || of_pair.back().seq < one.seq
                          ? of_pair.end()
                          : first_from(of_pair, one.seq);
    of_pair.insert(next, {.seq = one.seq, .message = one.message});
}

std::optional<place> fresh_places::drop(pair_id pair, std::uint64_t seq) {
    const std::lock_guard lock{mutex_};
    const auto found = pairs_.find(pair);
    if (found == pairs_.end()) {
        return std::nullopt;
    }
    const auto at = first_from(found->second, seq);
    if (at == found->second.end() || at->seq != seq) {
        return std::nullopt;
    }
    const place dropped{.pair = pair, .seq = seq, .message = at->message};
    found->second.erase(at);
    if (found->second.empty()) {
        pairs_.erase(found);
    }
    return dropped;
}

void fresh_places::retire(std::span<const place> unneeded) {
    const std::lock_guard lock{mutex_};
    if (readers_.empty()) {
        forget_retired();
        forget(unneeded);
    } else if (!unneeded.empty()) {
        retired_.push_back(
            {.last_reader = last_reader_, .places = {unneeded.begin(), unneeded.end()}});
    }
}

bool fresh_places::has(const place& one) const {
    const auto nearest = at_or_after(one.pair, one.seq);
    return nearest && *nearest == one;
}

std::vector<place> fresh_places::from(std::int64_t message) const {
    const std::lock_guard lock{mutex_};
    std::vector<place> found;
    for (const auto& [pair, of_pair] : pairs_) {
        for (const entry& one : of_pair) {
            if (one.message >= message) {
                found.push_back({.pair = pair, .seq = one.seq, .message = one.message});
            }
        }
    }
    std::ranges::sort(found, {}, [](const place& one) { return std::tuple{one.pair, one.seq}; });
    return found;
}

std::vector<place> fresh_places::before(pair_id pair, std::uint64_t seq) const {
    const std::lock_guard lock{mutex_};
    std::vector<place> older;
    if (const auto found = pairs_.find(pair); found != pairs_.end()) {
        const auto end = first_from(found->second, seq);
        for (auto one = found->second.begin(); one != end; ++one) {
            older.push_back({.pair = pair, .seq = one->seq, .message = one->message});
        }
    }
    return older;
}

std::optional<place> fresh_places::at_or_after(pair_id pair, std::uint64_t seq) const {
    const std::lock_guard lock{mutex_};
    const auto found = pairs_.find(pair);
    if (found == pairs_.end()) {
        return std::nullopt;
    }
    const auto at = first_from(found->second, seq);
    if (at == found->second.end()) {
        return std::nullopt;
    }
    return place{.pair = pair, .seq = at->seq, .message = at->message};
}

std::optional<place> fresh_places::at_or_before(pair_id pair, std::uint64_t seq) const {
    const std::lock_guard lock{mutex_};
    const auto found = pairs_.find(pair);
    if (found == pairs_.end()) {
        return std::nullopt;
    }
    const auto after = std::ranges::upper_bound(found->second, seq, {}, &entry::seq);
    if (after == found->second.begin()) {
        return std::nullopt;
    }
    const entry& at = *std::prev(after);
    return place{.pair = pair, .seq = at.seq, .message = at.message};
}

std::uint64_t fresh_places::begin_reading() {
    const std::lock_guard lock{mutex_};
    readers_.push_back(++last_reader_);
    return last_reader_;
}

void fresh_places::end_reading(std::uint64_t number) {
    const std::lock_guard lock{mutex_};
    std::erase(readers_, number);
    forget_retired();
}

// One that was dropped and said anew since has a later message.
void fresh_places::forget(std::span<const place> unneeded) {
    for (auto first = unneeded.begin(); first != unneeded.end();) {
        const auto next =
            std::find_if(first, unneeded.end(),
                         [pair = first->pair](const place& one) { return one.pair != pair; });
        const place& last = *std::prev(next);
        if (const auto found = pairs_.find(last.pair); found != pairs_.end()) {
            std::erase_if(found->second,
                          [&](const entry& one) { return one.message <= last.message; });
            if (found->second.empty()) {
                pairs_.erase(found);
            }
        }
        first = next;
    }
}

void fresh_places::forget_retired() {
    while (!retired_.empty() &&
           (readers_.empty() || retired_.front().last_reader < readers_.front())) {
        forget(retired_.front().places);
        retired_.pop_front();
    }
}

}  // namespace onechat::storage
