#include "server/cli/bench_record.hpp"

#include <algorithm>
#include <utility>

namespace onechat::cli {

bench_record::bench_record(std::string pair, std::uint64_t user)
    : pair_{std::move(pair)},
      user_{user},
      slots_{std::make_unique<std::array<slot, slots_count>>()} {}

std::string bench_record::place(std::uint64_t seq) const {
    return "user " + std::to_string(user_) + ", pair " + pair_ + ", seq " + std::to_string(seq) +
           ": ";
}

bool bench_record::holds(std::uint64_t seq) const {
    return seq <= through_ || at(seq).seq == seq || far_.contains(seq);
}

bool bench_record::take(std::uint64_t seq, what kind, std::uint64_t number,
                        bench_breaches& breaches) {
    if (holds(seq)) {
        return false;
    }
    if (deaf_) {
        return true;
    }
    if (std::exchange(gap_expected_, false) && seq > through_ + 1) {
        through_ = seq - 1;
        highest_ = std::max(highest_, through_);
        mine_unsure_ = theirs_unsure_ = true;
    }
    if (seq >= through_ + slots_count) {
        breaches.note(breaches.lost, seq - through_ - 1,
                      place(seq) + "nothing came after " + std::to_string(through_));
        through_ = seq - 1;
        mine_unsure_ = theirs_unsure_ = true;
    }
    at(seq) = {seq, number, kind};
    highest_ = std::max(highest_, seq);
    advance(breaches);
    return true;
}

bool bench_record::take_answered(std::uint64_t seq, std::uint64_t number,
                                 bench_breaches& breaches) {
    if (holds(seq)) {
        return false;
    }
    if (!deaf_ && (gap_expected_ || seq >= through_ + slots_count)) {
        far_.emplace(seq, number);
        return true;
    }
    return take(seq, what::mine, number, breaches);
}

void bench_record::advance(bench_breaches& breaches) {
    far_.erase(far_.begin(), far_.upper_bound(through_));
    for (;;) {
        const std::uint64_t next = through_ + 1;
        if (at(next).seq != next) {
            const auto ahead = far_.find(next);
            if (ahead == far_.end()) {
                return;
            }
            at(next) = {next, ahead->second, what::mine};
            far_.erase(ahead);
        }
        count_in(at(next), breaches);
        through_ = next;
        highest_ = std::max(highest_, through_);
    }
}

// In the order of seq, whatever the order of arrival: each side's texts must carry 1, 2, 3 ...
void bench_record::count_in(const slot& next, bench_breaches& breaches) {
    if (next.kind == what::other) {
        return;
    }
    std::uint64_t& last = next.kind == what::mine ? mine_ : theirs_;
    bool& unsure = next.kind == what::mine ? mine_unsure_ : theirs_unsure_;
    if (!std::exchange(unsure, false) && next.number != last + 1) {
        const std::string sentence = place(next.seq) + (next.kind == what::mine ? "own" : "their") +
                                     " text " + std::to_string(next.number) + " after " +
                                     std::to_string(last);
        if (next.number <= last) {
            breaches.note(breaches.duplicates, 1, sentence);
            return;
        }
        breaches.note(breaches.lost, next.number - last - 1, sentence);
    }
    last = next.number;
}

void bench_record::keep_to(std::uint64_t keep, std::uint64_t held, bench_breaches& breaches) {
    deaf_ = false;
    far_.clear();
    for (std::uint64_t seq = highest_; seq > keep; --seq) {
        slot& gone = at(seq);
        if (gone.seq != seq) {
            if (seq <= through_) {
                mine_unsure_ = theirs_unsure_ = true;  // too long ago to be known
                break;
            }
            continue;
        }
        if (gone.kind == what::mine && seq <= held) {
            breaches.note(breaches.lost, 1, place(seq) + "acked, and not kept");
        }
        if (seq <= through_ && gone.kind != what::other) {
            (gone.kind == what::mine ? mine_ : theirs_) = gone.number - 1;
        }
        gone = {};
    }
    ended = ended && keep >= highest_;
    through_ = std::min(through_, keep);
    highest_ = through_;
}

bench_record::unanswered& bench_record::add(std::int64_t due) {
    return open_.emplace_back(unanswered{0, next_number_++, due});
}

std::optional<bench_record::unanswered> bench_record::settle(std::uint64_t cid, bool acked) {
    acked_cid_ = acked ? std::max(acked_cid_, cid) : acked_cid_;
    const auto found = std::ranges::find(open_, cid, &unanswered::cid);
    if (found == open_.end()) {
        return std::nullopt;
    }
    const unanswered settled = *found;
    // Texts are stored in order: after a gap this answers those before it, too.
    open_.erase(had_gap_ ? open_.begin() : found, found + 1);
    return settled;
}

void bench_record::note_last_cid(std::uint64_t cid, bench_breaches& breaches) {
    if (cid < acked_cid_) {
        breaches.note(breaches.lost, 1,
                      place(through_) + "last_cid is " + std::to_string(cid) + ", but " +
                          std::to_string(acked_cid_) + " was acked");
    }
    last_cid_ = std::max(last_cid_, cid);
    for (const unanswered& one : std::exchange(doubtful_, {})) {
        if (one.cid <= cid) {
            next_number_ = one.number + 1;
        }
    }
}

void bench_record::give_up(std::uint64_t cid) {
    const auto found = std::ranges::find(open_, cid, &unanswered::cid);
    if (found != open_.end()) {
        next_number_ = found->number;
        open_.erase(found, open_.end());
    }
}

void bench_record::give_up_all() {
    if (!open_.empty()) {
        next_number_ = open_.front().number;
        doubtful_ = had_gap_ ? std::move(open_) : decltype(doubtful_){};
        open_.clear();
    }
    had_gap_ = false;
}

void bench_record::compare(const bench_record& one, const bench_record& two,
                           bench_breaches& breaches) {
    if (one.through_ != two.through_) {
        // Whoever was away for a whole later chat of the pair was never told of it.
        if ((one.through_ < two.through_ ? one : two).ended) {
            return;
        }
        breaches.note(
            breaches.lost, 1,
            one.place(one.through_) + "the partner holds up to " + std::to_string(two.through_));
    }
    const auto check = [&](const bench_record& said, const bench_record& heard) {
        if (said.mine_unsure_ || heard.theirs_unsure_ || said.mine_ == heard.theirs_) {
            return;
        }
        const auto most = std::max(said.mine_, heard.theirs_);
        breaches.note(breaches.lost, most - std::min(said.mine_, heard.theirs_),
                      said.place(said.through_) + "texts stored " + std::to_string(said.mine_) +
                          ", shown to the partner " + std::to_string(heard.theirs_));
    };
    check(one, two);
    check(two, one);
}

}  // namespace onechat::cli
