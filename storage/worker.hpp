// A thread with a bounded queue, which takes all it finds there as one batch: what arrives while a
// batch is handled is the next one, so batches grow with the load. Knows nothing of rows. `push`
// may be called by any thread, the handler runs on the worker's own. This is the only mutex of the
// project.
#pragma once

#include "storage/thread_without_signals.hpp"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <iterator>
#include <mutex>
#include <sys/resource.h>
#include <thread>
#include <utility>
#include <vector>

namespace onechat::storage {

struct worker_limits {
    std::size_t jobs_max = 0;        // queued and being handled
    std::size_t bytes_max = 0;       // the same, as weighed by the caller
    std::size_t jobs_reserved = 0;   // beyond both, for jobs that must not be refused
    std::size_t batch_jobs_max = 0;  // handed over at once
    std::size_t batch_bytes_max = 0;
    // False: the owner pushes all it has and then calls wake(). Who shares a core with this thread
    // and wakes it by the first job of many sees it handle that one alone.
    bool wake_on_push = true;
    // From the beginning of one batch to that of the next, unless one is whole and another has
    // begun behind it: what comes in a stream is gathered, what comes alone is handled at once.
    std::chrono::nanoseconds batch_interval{0};
    // How far the thread stands back for the others of the machine, 0 to 19 (setpriority(2)).
    int niceness = 0;
};

template <typename Job>
class worker {
public:
    using batch = std::vector<Job>;
    using handler = std::function<void(batch)>;

    worker(worker_limits limits, handler handle) : limits_{limits}, handle_{std::move(handle)} {
        assert(limits.jobs_max > 0 && limits.batch_jobs_max > 0);
        thread_ = thread_without_signals([this] { run(); });
    }
    ~worker() { stop(); }
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    // False when the queue is full or stopped: the job is then left as it was.
    [[nodiscard]] bool push(Job&& job, std::size_t bytes, bool reserved = false) {
        bool wakes = false;
        {
            const std::lock_guard lock{mutex_};
            const std::size_t more = reserved ? limits_.jobs_reserved : 0;
            // Reserved jobs are small and bounded by their number alone.
            const bool heavy = !reserved && bytes_ + bytes > limits_.bytes_max;
            if (stopping_ || jobs_ >= limits_.jobs_max + more || heavy) {
                return false;
            }
            const bool first = queue_.empty();  // else the thread has been or will be woken
            load& last = room_for(bytes);
            // A batch that is whole gains nothing by waiting.
            const bool second_batch = !first && last.jobs.empty();
            wakes = second_batch || (limits_.wake_on_push && first);
            due_.store(!limits_.wake_on_push, std::memory_order_release);
            last.jobs.push_back(std::move(job));
            last.bytes += bytes;
            jobs_ += 1;
            bytes_ += bytes;
            fraction_.store(fraction(), std::memory_order_relaxed);
        }
        if (wakes) {
            wake_all();
        }
        return true;
    }

    // Does nothing when nothing was pushed since. Any thread.
    void wake() {
        if (due_.exchange(false, std::memory_order_acq_rel)) {
            wake_.notify_one();
        }
    }

    // How much of the limits is in use, 0 to 1 and a little more with reserved jobs. Any thread.
    [[nodiscard]] double in_use() const { return fraction_.load(std::memory_order_relaxed); }

    // Refuses what comes from now on, handles what is queued, and ends the thread. Not on the
    // thread itself; the second call does nothing.
    void stop() {
        {
            const std::lock_guard lock{mutex_};
            stopping_ = true;
        }
        wake_all();
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    // For the handler: sleeps, but wakes when `stop` is called. False when it has been called.
    [[nodiscard]] bool pause(std::chrono::nanoseconds time) {
        std::unique_lock lock{mutex_};
        return !whole_.wait_for(lock, time, [this] { return stopping_; });
    }

    // For the handler: takes the queued jobs that fit out of their turn; the rest keep their order.
    template <typename Predicate>
    [[nodiscard]] batch withdraw(Predicate fits) {
        batch out;
        const std::lock_guard lock{mutex_};
        for (load& queued : queue_) {
            const auto rest = std::stable_partition(queued.jobs.begin(), queued.jobs.end(),
                                                    [&](const Job& job) { return !fits(job); });
            std::move(rest, queued.jobs.end(), std::back_inserter(out));
            queued.jobs.erase(rest, queued.jobs.end());
        }
        // Their bytes stay counted until their batch has been handled: a little strict, never lax.
        jobs_ -= out.size();
        fraction_.store(fraction(), std::memory_order_relaxed);
        return out;
    }

private:
    // What one batch will be; made while it queues, so that taking it moves one vector.
    struct load {
        batch jobs;
        std::size_t bytes = 0;
    };

    load& room_for(std::size_t bytes) {
        const bool fits = !queue_.empty() && queue_.back().jobs.size() < limits_.batch_jobs_max &&
                          queue_.back().bytes + bytes <= limits_.batch_bytes_max;
        return fits ? queue_.back() : queue_.emplace_back();
    }

    double fraction() const {
        const auto share = [](std::size_t used, std::size_t most) {
            return static_cast<double>(used) / static_cast<double>(most);
        };
        return std::max(share(jobs_, limits_.jobs_max), share(bytes_, limits_.bytes_max));
    }

    void wake_all() {
        wake_.notify_one();
        whole_.notify_one();
    }

    void run() {
        // Both mean this thread alone, on Linux. A whole process that stands back further stays so.
        if (limits_.niceness > ::getpriority(PRIO_PROCESS, 0)) {
            ::setpriority(PRIO_PROCESS, 0, limits_.niceness);
        }
        std::unique_lock lock{mutex_};
        std::chrono::steady_clock::time_point next;
        for (;;) {
            if (limits_.batch_interval.count() > 0) {
                whole_.wait_until(lock, next, [this] { return stopping_ || queue_.size() > 1; });
            }
            wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) {
                return;
            }
            next = std::chrono::steady_clock::now() + limits_.batch_interval;
            load taken = std::move(queue_.front());
            queue_.pop_front();
            const std::size_t count = taken.jobs.size();
            lock.unlock();
            if (count > 0) {
                handle_(std::move(taken.jobs));
            }
            lock.lock();
            jobs_ -= count;
            bytes_ -= taken.bytes;
            fraction_.store(fraction(), std::memory_order_relaxed);
        }
    }

    const worker_limits limits_;
    const handler handle_;
    std::mutex mutex_;
    std::condition_variable wake_;   // nothing was queued
    std::condition_variable whole_;  // a batch gathers, or the handler pauses
    std::deque<load> queue_;
    std::size_t jobs_ = 0;
    std::size_t bytes_ = 0;
    bool stopping_ = false;
    std::atomic<bool> due_ = false;  // something was pushed and nobody woken
    std::atomic<double> fraction_ = 0;
    std::thread thread_;
};

}  // namespace onechat::storage
