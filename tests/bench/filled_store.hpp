// A store in a folder of its own with pairs who can talk, and texts for them to say.
#pragma once

#include "storage/sqlite_store.hpp"
#include "tests/bench/known_people.hpp"
#include "tests/support/temp_dir.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace onechat::bench {

class filled_store {
public:
    explicit filled_store(std::size_t people, storage::durability how = storage::durability::full)
        : store{folder_ / "onechat.db", how},
          pairs{meet(store, keys::random(), people, 1, 1)},
          seqs_(pairs.size(), 1) {}

    // The next text of the next pair, a step away from the last one.
    storage::append next_text() {
        at_ = (at_ + 7919) % pairs.size();
        const std::uint64_t seq = ++seqs_[at_];
        return text_of(pairs[at_].pair.id, seq,
                       seq % 2 == 0 ? storage::side::one : storage::side::two);
    }

private:
    test::temp_dir folder_;

public:
    storage::sqlite_store store;
    std::vector<storage::live_pair> pairs;

private:
    std::vector<std::uint64_t> seqs_;
    std::size_t at_ = 0;
};

}  // namespace onechat::bench
