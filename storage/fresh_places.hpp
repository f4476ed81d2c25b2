// Where the newest events lie among the messages: in memory, because noting each on disk by itself
// costs more than its text (docs/decisions/0023). Shared by the connection that writes, which adds
// and retires, and the one that reads: every function may be called by any thread, though only one
// may change. Not the truth: that is the messages themselves, from which a start fills this again.
//
// A reader sees what is on disk as it was at one moment, and this as it is now. So a place may be
// too early for it, and names a row that is missing or another event's: whoever follows one
// compares pair and seq. And it must not go too early: what was written to the disk, or deleted
// there, stays here until every reader is gone that may still see it as before. Only what nobody
// was told of is dropped at once. What waits so is bounded by how long one answer takes.
#pragma once

#include "storage/rows.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace onechat::storage {

struct place {
    pair_id pair{};
    std::uint64_t seq = 0;
    std::int64_t message = 0;  // the row's number; rises with seq

    friend bool operator==(const place&, const place&) = default;
};

class fresh_places {
public:
    // Begin it before the transaction that reads, end it after.
    class reading {
    public:
        explicit reading(fresh_places& of) : of_{of}, number_{of.begin_reading()} {}
        ~reading() { of_.end_reading(number_); }
        reading(const reading&) = delete;
        reading& operator=(const reading&) = delete;

    private:
        fresh_places& of_;
        std::uint64_t number_;
    };

    // A pair's places are added in order; one that was dropped may be put back in between.
    void add(const place& one);
    std::optional<place> drop(pair_id pair, std::uint64_t seq);
    // Needed by no transaction that begins from here on: on disk now, or gone with the event. Each
    // pair's are neighbours, rising, and the oldest that it has here.
    void retire(std::span<const place> unneeded);

    [[nodiscard]] bool has(const place& one) const;
    // Those of messages from this one on, in the order of pairs and seqs.
    [[nodiscard]] std::vector<place> from(std::int64_t message) const;
    // Those of a pair before this seq, rising.
    [[nodiscard]] std::vector<place> before(pair_id pair, std::uint64_t seq) const;

    // The nearest of a pair in that direction.
    [[nodiscard]] std::optional<place> at_or_after(pair_id pair, std::uint64_t seq) const;
    [[nodiscard]] std::optional<place> at_or_before(pair_id pair, std::uint64_t seq) const;

private:
    struct entry {
        std::uint64_t seq;
        std::int64_t message;
    };
    using entries = std::vector<entry>;  // by seq, and so by message

    // What waits for the readers up to this one.
    struct retired {
        std::uint64_t last_reader;
        std::vector<place> places;
    };

    [[nodiscard]] std::uint64_t begin_reading();
    void end_reading(std::uint64_t number);
    void forget(std::span<const place> unneeded);
    void forget_retired();

    mutable std::mutex mutex_;
    boost::unordered_flat_map<pair_id, entries> pairs_;
    std::vector<std::uint64_t> readers_;  // their numbers, rising
    std::uint64_t last_reader_ = 0;
    std::deque<retired> retired_;
};

}  // namespace onechat::storage
