// Where a pair's events lie among the messages. One index of all events would take a page of the
// log for each pair that says something in a commit, which costs more than the texts themselves
// [measured: docs/decisions/0023]. So a new event's place is first kept in memory, in
// `fresh_places`; when many have gathered they are written to the table `place_runs` in the order
// of the pairs, many events of a pair in each row. Which messages still need that is known from
// their numbers, so a start finds them again. On the writing connection, inside its transaction.
// Lives on the storage thread.
#pragma once

#include "storage/fresh_places.hpp"
#include "storage/rows.hpp"
#include "storage/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace onechat::storage {

class sqlite_places {
public:
    // Fills `fresh` with what the file doesn't have among its places. Throws storage_error.
    sqlite_places(database& db, fresh_places& fresh);

    // The number that the event's message is to be inserted with. None is given twice between two
    // starts, and none again whose place was written.
    [[nodiscard]] std::int64_t add(pair_id pair, std::uint64_t seq);
    // Of events whose messages are deleted by this transaction: the pair's newest, which nobody was
    // told of, or all before this one.
    void drop(pair_id pair, std::uint64_t seq);
    void drop_before(pair_id pair, std::uint64_t seq);

    // Call at the end of every transaction: writes about as many as it has added, while there are
    // some to write.
    void write();
    // Call after a transaction that was committed, or was not.
    void committed();
    void rolled_back();

private:
    struct step {
        place what;
        bool added;  // or dropped
    };
    struct progress {
        std::size_t written = 0;  // of what was gathered
        std::size_t credit = 0;   // more may be written at once
    };

    void load();
    void gather();
    // How many of what was gathered the next run has.
    [[nodiscard]] std::size_t next_run() const;
    void write_run(std::span<const place> gathered);
    void insert_run(const place& last, std::span<const std::int64_t> messages);

    database& db_;
    fresh_places& fresh_;
    statement add_;
    statement find_;
    statement drop_;
    statement drop_before_;
    statement keep_written_;
    std::vector<step> steps_;      // of this transaction
    std::vector<place> cut_;       // by this transaction
    std::int64_t next_ = 1;        // the next message's number
    std::int64_t written_to_ = 1;  // all messages before this one have their places on disk
    // What is being written, and before which message it is all that was left.
    std::vector<place> gathered_;
    std::int64_t gathered_to_ = 1;
    progress progress_;
    progress committed_;  // before this transaction
};

}  // namespace onechat::storage
