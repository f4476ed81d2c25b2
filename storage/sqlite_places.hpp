// Where a pair's events lie among the messages. One index of all events would take a page of the
// log for each pair that says something in a commit, which costs more than the texts themselves
// [measured: docs/decisions/0012]. So a new event's place is first noted in `fresh_places`, a table
// so small that one page takes many; from there whole pairs move to `places`, many events of a pair
// at a time. Readers ask the view `events`, which joins both. On the writing connection, inside its
// transaction. Lives on the storage thread.
#pragma once

#include "storage/rows.hpp"
#include "storage/sqlite.hpp"

#include <cstdint>

namespace onechat::storage {

class sqlite_places {
public:
    explicit sqlite_places(database& db);

    // For the message that was inserted last.
    void add(pair_id pair, std::uint64_t seq);
    void drop(pair_id pair, std::uint64_t seq);
    void drop_before(pair_id pair, std::uint64_t seq);

    // Call at the end of every transaction: moves about as many as it has added, once there are
    // many.
    void move();
    // Call after a transaction that was not committed.
    void rolled_back();

private:
    [[nodiscard]] std::int64_t count_fresh();

    database& db_;
    statement add_;
    statement drop_fresh_;
    statement drop_;
    statement drop_fresh_before_;
    statement drop_before_;
    statement count_;
    statement last_of_stretch_;
    statement copy_;
    statement remove_;
    std::int64_t fresh_ = 0;  // rows in fresh_places
    std::int64_t added_ = 0;  // of them by this transaction
    bool fresh_known_ = false;
    pair_id moved_to_{};  // pairs move in the order of their ids, then from the start again
};

}  // namespace onechat::storage
