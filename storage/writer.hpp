// The storage thread: changes are queued by the event loop, committed in groups, and come back with
// their answers. Not a cache: nothing can be asked of what is queued. `push`, `load` and `trouble`
// may be called by any thread; the completion is called on the storage thread and hands its batch
// on.
//
// A full disk loses nothing that was shown to anybody: texts, recalls and endings are kept and
// tried again, while new texts, chats and requests are refused at the door until that has worked.
#pragma once

#include "storage/store.hpp"
#include "storage/worker.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace onechat::storage {

struct write_job {
    std::uint64_t ticket = 0;  // the caller's number, comes back
    change what;
};

// A batch that has met its fate. Jobs come back in the order in which they were pushed, except that
// requests and new chats, which nobody was told of, overtake when the disk is full.
struct written {
    std::vector<write_job> jobs;  // answers filled in; may be empty when trouble begins
    commit_result result = commit_result::done;
    std::string why;                  // with anything but `done`: a sentence for the log
    std::chrono::nanoseconds took{};  // the transaction
};

struct writer_limits {
    // A second of the fastest commits measured on a small machine leaves most of this free.
    std::size_t rows_max = 65536;
    std::size_t bytes_max = 64 * 1024 * 1024;
    // So that a transaction, and with it the wait for an ack, stays in the tens of milliseconds.
    std::size_t batch_rows_max = 4096;
    bool wake_on_push = true;                     // false: only wake() does, see worker_limits
    std::chrono::nanoseconds commit_interval{0};  // see worker_limits::batch_interval
    int niceness = 0;                             // see worker_limits
    std::chrono::nanoseconds retry_first = std::chrono::milliseconds{100};  // doubles up to
    std::chrono::nanoseconds retry_most = std::chrono::seconds{1};
    std::chrono::nanoseconds stop_patience = std::chrono::seconds{2};  // with a full disk
};

enum class admission : std::uint8_t {
    queued,
    full,     // the queue is full
    trouble,  // the disk is full: nothing new is taken until it is not, except endings and seen
    ended,    // stopped, or an earlier commit's fate is unknown
};

class writer {
public:
    using completion = std::function<void(written)>;

    // The store is used by this writer's thread alone from now on (its reader() apart).
    writer(store& where, writer_limits limits, completion completed);
    // Commits what is queued; gives up after stop_patience on a full disk.
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    // Moves from the job only when the answer is `queued`. The end and the voiding of a chat and
    // `seen` are queued in trouble as well, and find a reserve of a quarter when the queue is full.
    [[nodiscard]] admission push(write_job&& job);

    // Begins a commit of what is queued, unless one is under way. Any thread.
    void wake() { worker_.wake(); }

    // How full the queue is: at 3/4 no new chats should be begun.
    [[nodiscard]] double load() const { return worker_.in_use(); }
    // The disk is full and something shown waits for it. Begins with a completion that says `full`,
    // and ends with one of the jobs that waited.
    [[nodiscard]] bool trouble() const { return trouble_.load(std::memory_order_acquire); }

    // For how long the commit that is under way has been; zero without one. A disk that hangs shows
    // here, and nowhere else.
    [[nodiscard]] std::chrono::nanoseconds commit_age(
        std::chrono::steady_clock::time_point now) const {
        const auto begun =
            std::chrono::steady_clock::duration{begun_.load(std::memory_order_acquire)};
        const auto age = now.time_since_epoch() - begun;
        return begun.count() == 0 || age.count() < 0 ? std::chrono::nanoseconds{0} : age;
    }

    // What the destructor does, earlier. The loop's thread.
    void stop() { worker_.stop(); }

private:
    using batch = std::vector<write_job>;

    void take(batch jobs);
    // Commits `jobs` whole or, after a refusal, one by one, and finishes what met its fate. What is
    // left met a full disk.
    [[nodiscard]] batch attempt(batch jobs);
    [[nodiscard]] batch attempt_singly(batch jobs);
    [[nodiscard]] commit_result commit(batch& jobs);
    void wait_for_room(batch jobs);
    void finish(batch jobs, commit_result result);

    store& store_;
    const writer_limits limits_;
    const completion completed_;
    std::vector<change> changes_;                            // the storage thread's, reused
    std::string why_;                                        // the storage thread's
    std::chrono::nanoseconds took_{};                        // the storage thread's
    std::chrono::nanoseconds patience_left_;                 // the storage thread's
    std::atomic<std::chrono::steady_clock::rep> begun_ = 0;  // 0: no commit is under way
    std::atomic<bool> trouble_ = false;
    std::atomic<bool> ended_ = false;
    worker<write_job> worker_;  // the last member: its thread uses the others
};

}  // namespace onechat::storage
