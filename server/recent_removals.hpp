// Texts that were taken away a moment ago. The two people have heard of it, and a page of history
// read before the disk knew must not show the text again. Holds only what an unanswered question
// may still bring back. Loop thread.
#pragma once

#include "storage/rows.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

namespace onechat {

class recent_removals {
public:
    // `removal` is the event that takes `removal.ref` away; it is on its way to the disk.
    void began(const storage::message_row& removal) {
        const auto why = removal.from == storage::side::system ? storage::gone_reason::removed
                                                               : storage::gone_reason::recall;
        removals_.push_back({removal.pair, removal.ref, why, {}});
    }
    // It is there, or was refused, after the question `last_asked`.
    void ended(const storage::message_row& removal, std::uint64_t last_asked) {
        const auto found = std::ranges::find_if(removals_, [&](const entry& one) {
            return one.pair == removal.pair && one.seq == removal.ref && !one.matters_until;
        });
        if (found == removals_.end()) {
            return;
        }
        if (last_asked <= last_answered_) {
            removals_.erase(found);
        } else {
            found->matters_until = last_asked;
        }
    }
    // Questions are answered in the order in which they were asked.
    void answered(std::uint64_t question) {
        last_answered_ = std::max(last_answered_, question);
        std::erase_if(removals_, [question](const entry& one) {
            return one.matters_until && *one.matters_until <= question;
        });
    }

    // A row of a page as it is now. To be asked before its question counts as answered.
    void amend(storage::message_row& read) const {
        if (read.kind != storage::event_kind::text || read.gone != storage::gone_reason::none) {
            return;
        }
        for (const entry& one : removals_) {
            if (one.pair == read.pair && one.seq == read.seq) {
                read.gone = one.gone;
                read.body.clear();
            }
        }
    }

    // Whether the text is being taken away, or was since a question that isn't answered yet was
    // asked: whoever asks that question finds it there, and must not take it away again.
    [[nodiscard]] bool has(storage::pair_id pair, std::uint64_t seq) const {
        return std::ranges::any_of(
            removals_, [&](const entry& one) { return one.pair == pair && one.seq == seq; });
    }

    [[nodiscard]] bool empty() const { return removals_.empty(); }

private:
    struct entry {
        storage::pair_id pair;
        std::uint64_t seq;
        storage::gone_reason gone;
        std::optional<std::uint64_t> matters_until;  // a question; none: not on disk yet
    };

    std::vector<entry> removals_;
    std::uint64_t last_answered_ = 0;
};

}  // namespace onechat
