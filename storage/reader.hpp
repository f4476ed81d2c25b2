// The reader thread: questions are queued by the event loop and come back with their answers, so
// that the loop never waits for the disk. Never changes anything and never waits for the writer.
// `push` and `wake` may be called by any thread; the completion is called on the reader thread and
// hands its batch on.
#pragma once

#include "storage/store.hpp"
#include "storage/worker.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace onechat::storage {

struct read_job {
    std::uint64_t ticket = 0;  // the caller's number, comes back
    question what;
    bool ok = false;  // false: the disk could not be read, and the answer is empty
};

struct reader_limits {
    // Each session has few questions outstanding; beyond this the answers would come too late.
    std::size_t jobs_max = 16384;
    // Answers are up to 48 KiB each, so a batch of them stays at a few megabytes.
    std::size_t batch_jobs_max = 64;
    bool wake_on_push = true;  // false: only wake() does, see worker_limits
};

class reader {
public:
    using completion = std::function<void(std::vector<read_job>)>;

    // The store_reader is used by this reader's thread alone from now on.
    reader(store_reader& where, reader_limits limits, completion completed);
    ~reader();  // answers what is queued
    reader(const reader&) = delete;
    reader& operator=(const reader&) = delete;

    // False when the queue is full or stopped; the job is then left as it was.
    [[nodiscard]] bool push(read_job&& job);
    // Begins to answer what is queued, unless it has been begun. Any thread.
    void wake() { worker_.wake(); }
    [[nodiscard]] double load() const { return worker_.in_use(); }
    // What the destructor does, earlier. The loop's thread.
    void stop() { worker_.stop(); }

private:
    void take(std::vector<read_job> jobs);

    store_reader& store_;
    const completion completed_;
    worker<read_job> worker_;  // the last member: its thread uses the others
};

}  // namespace onechat::storage
