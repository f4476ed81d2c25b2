// Which events of one pair a client holds: the record without a gap, and what came beyond one (own
// texts wait for their acks while the partner goes on). Not the events themselves. Main thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>

namespace onechat::cli {

class held_events {
public:
    // A gap is an own text without an ack, of which the contract allows 64. Beyond this the newest
    // are forgotten, which shows them twice at worst.
    static constexpr std::size_t islands_max = 256;

    explicit held_events(std::uint64_t whole_to = 0) : whole_to_{whole_to} {}

    // What `hello.held.seq` says.
    [[nodiscard]] std::uint64_t whole_to() const { return whole_to_; }

    // False when the event is held already: then it is not shown again.
    [[nodiscard]] bool take(std::uint64_t seq) {
        if (skips_ && seq > 0) {
            skips_ = false;
            join(0, seq - 1);
        }
        auto after = islands_.upper_bound(seq);
        const bool held = after != islands_.begin() && std::prev(after)->second >= seq;
        if (seq <= whole_to_ || held) {
            return false;
        }
        join(seq, seq);
        return true;
    }

    // Events above `keep` no longer exist; the replay says what took their place.
    void keep_to(std::uint64_t keep) {
        islands_.clear();
        whole_to_ = std::min(whole_to_, keep);
    }

    // What lies before the next event will not come and is not missed.
    void skip_to_next() { skips_ = true; }

private:
    // Adds [first, last], which overlaps at most with the beginning of an island.
    void join(std::uint64_t first, std::uint64_t last) {
        if (first <= whole_to_ + 1) {
            whole_to_ = std::max(whole_to_, last);
        } else {
            const auto next = islands_.upper_bound(first);
            if (next != islands_.begin() && std::prev(next)->second + 1 == first) {
                std::prev(next)->second = last;
            } else {
                islands_.emplace(first, last);
            }
        }
        while (!islands_.empty() && islands_.begin()->first <= whole_to_ + 1) {
            whole_to_ = std::max(whole_to_, islands_.begin()->second);
            islands_.erase(islands_.begin());
        }
        if (islands_.size() > islands_max) {
            islands_.erase(std::prev(islands_.end()));
        }
    }

    std::uint64_t whole_to_;
    std::map<std::uint64_t, std::uint64_t> islands_;  // first to last, all above whole_to_ + 1
    bool skips_ = false;
};

}  // namespace onechat::cli
