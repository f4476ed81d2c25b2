// The two storage threads as queues over a memory_store: they do their work when the test says so.
#pragma once

#include "server/switchboard.hpp"
#include "storage/memory_store.hpp"

#include <deque>
#include <utility>

namespace onechat::test {

struct fake_store {
    store_ports ports() {
        return {[this](storage::write_job&& job) {
                    if (admits == storage::admission::queued) {
                        writes.push_back(std::move(job));
                    }
                    return admits;
                },
                [this](storage::read_job&& job) {
                    if (reads_fit) {
                        reads.push_back(std::move(job));
                    }
                    return reads_fit;
                },
                [this] { return state; }};
    }

    storage::memory_store behind;
    std::deque<storage::write_job> writes;
    std::deque<storage::read_job> reads;
    storage::admission admits = storage::admission::queued;
    bool reads_fit = true;
    lobby::store_state state = lobby::store_state::open;
};

}  // namespace onechat::test
