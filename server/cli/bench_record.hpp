// What one bench user knows of one pair: which events it holds, which of its own texts are
// unanswered, and whether all that came fits together. It judges the server and is judged by
// nobody, so it shares no code with the server's own bookkeeping or with `talk`. Main thread.
#pragma once

#include "server/cli/bench_figures.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace onechat::cli {

class bench_record {
public:
    enum class what : std::uint8_t { mine, theirs, other };

    // A text of one's own without an answer.
    struct unanswered {
        std::uint64_t cid = 0;  // 0: to be said again with a new one
        std::uint64_t number = 0;
        std::int64_t due = 0;
    };

    bench_record(std::string pair, std::uint64_t user);

    [[nodiscard]] const std::string& pair() const { return pair_; }
    // Everything up to here is held; what `hello.held` says.
    [[nodiscard]] std::uint64_t through() const { return through_; }
    [[nodiscard]] bool holds(std::uint64_t seq) const;
    // Events are held behind one that is missing, or were passed over.
    [[nodiscard]] bool torn() const { return highest_ > through_ || deaf_ || !far_.empty(); }

    // False when it is held already. `number` is that of the text, if it is one.
    bool take(std::uint64_t seq, what kind, std::uint64_t number, bench_breaches& breaches);
    // The same for an own text that was answered. An answer may be far ahead of a replay.
    bool take_answered(std::uint64_t seq, std::uint64_t number, bench_breaches& breaches);
    // The answer to `held`, which named `held`: forget everything above `keep`. Nothing of it up to
    // `held` may have been acked; what lies above that is replayed.
    void keep_to(std::uint64_t keep, std::uint64_t held, bench_breaches& breaches);
    // Passes over everything until keep_to: too much lies between, so it is asked for anew.
    void pass_over() { deaf_ = true; }
    // The next event may leave out any number of earlier ones.
    void expect_gap() { gap_expected_ = had_gap_ = true; }

    // ---- own texts ----

    [[nodiscard]] std::deque<unanswered>& open() { return open_; }
    [[nodiscard]] const std::deque<unanswered>& open() const { return open_; }
    // The next text; the caller gives it its cid.
    unanswered& add(std::int64_t due);
    [[nodiscard]] std::uint64_t next_cid() { return ++last_cid_; }
    void note_last_cid(std::uint64_t cid, bench_breaches& breaches);
    // Takes the text out of those without an answer; `acked` when the answer says that it is
    // stored.
    std::optional<unanswered> settle(std::uint64_t cid, bool acked);
    // This text and those after it were not stored and are given up; their numbers come again.
    void give_up(std::uint64_t cid);
    // The chat is over. After a gap nobody knows which texts were stored until the next last_cid.
    void give_up_all();

    bool ended = false;    // `end` has been seen
    bool left = false;     // by this user, who has said so ...
    bool end_due = false;  // ... over the line that is open now

    // Compares with the partner's record when both are whole.
    static void compare(const bench_record& one, const bench_record& two, bench_breaches& breaches);

private:
    // The most that can lie behind a missing event, 64 unacked texts of either side, twice.
    static constexpr std::size_t slots_count = 256;
    struct slot {
        std::uint64_t seq = 0;
        std::uint64_t number = 0;
        what kind = what::other;
    };

    [[nodiscard]] slot& at(std::uint64_t seq) { return (*slots_)[seq % slots_count]; }
    [[nodiscard]] const slot& at(std::uint64_t seq) const { return (*slots_)[seq % slots_count]; }
    void advance(bench_breaches& breaches);
    void count_in(const slot& next, bench_breaches& breaches);
    [[nodiscard]] std::string place(std::uint64_t seq) const;

    std::string pair_;
    std::uint64_t user_ = 0;
    std::unique_ptr<std::array<slot, slots_count>> slots_;
    std::uint64_t through_ = 0;
    std::uint64_t highest_ = 0;
    std::uint64_t mine_ = 0;    // the number of the last own text up to `through_`
    std::uint64_t theirs_ = 0;  // that of the partner's last
    std::uint64_t last_cid_ = 0;
    std::uint64_t acked_cid_ = 0;
    std::uint64_t next_number_ = 1;
    bool gap_expected_ = false;
    bool had_gap_ = false;
    bool mine_unsure_ = false;  // after a gap the next number is taken as it is
    bool theirs_unsure_ = false;
    bool deaf_ = false;
    std::deque<unanswered> open_;
    std::deque<unanswered> doubtful_;             // of an ended chat, after a gap
    std::map<std::uint64_t, std::uint64_t> far_;  // answered, too far ahead for a slot: its number
};

}  // namespace onechat::cli
