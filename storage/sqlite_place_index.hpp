// Where a pair's events lie, as one connection finds it: in the table `place_runs`, and in
// `fresh_places` what has not got there yet. For the connection's SQL that is a table, `places`
// (https://www.sqlite.org/vtab.html), with a view `events` on it. Both are the program's, not the
// file's: another program that opens it finds `messages` and `place_runs`. Used by the connection's
// thread.
#pragma once

#include "storage/fresh_places.hpp"
#include "storage/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace onechat::storage {

class sqlite_place_index {
public:
    // What was read from the disk last, so that the next place is not asked for again.
    struct run {
        pair_id pair{};
        std::uint64_t first = 1;
        std::vector<std::int64_t> messages;
        bool newest = false;  // the disk has nothing of the pair behind it

        [[nodiscard]] std::uint64_t end() const { return first + messages.size(); }
        [[nodiscard]] bool covers(pair_id of, std::uint64_t seq) const {
            return pair == of && seq >= first && seq < end();
        }
        [[nodiscard]] bool lies_before(pair_id of, std::uint64_t seq) const {
            return newest && pair == of && seq >= end();
        }
        [[nodiscard]] place at(std::uint64_t seq) const {
            return {.pair = pair, .seq = seq, .message = messages[seq - first]};
        }
    };

    // Makes for the connection's SQL
    //   places  (pair, seq, message): only to be asked for one pair's, by rising or falling seq
    //   events  all columns of the messages that have a place, and that the transaction sees
    // Both must outlive this, which must outlive all statements that ask it. Throws storage_error.
    sqlite_place_index(database& db, const fresh_places& fresh);
    sqlite_place_index(const sqlite_place_index&) = delete;
    sqlite_place_index& operator=(const sqlite_place_index&) = delete;

    // The nearest of a pair in that direction. A failure sticks to the connection.
    [[nodiscard]] std::optional<place> at_or_after(pair_id pair, std::uint64_t seq, run& known);
    [[nodiscard]] std::optional<place> at_or_before(pair_id pair, std::uint64_t seq, run& known);

    [[nodiscard]] bool failed() const { return db_.failed(); }

private:
    [[nodiscard]] bool read(statement& from, pair_id pair, std::uint64_t seq, run& to);

    database& db_;
    const fresh_places& fresh_;
    statement ending_from_;
    statement ending_before_;
};

}  // namespace onechat::storage
