#include "storage/writer.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <thread>
#include <utility>
#include <variant>

namespace onechat::storage {

namespace {

// What a transaction of so many bytes of text writes twice, to the log and to the database, is a
// few tens of milliseconds of a slow disk.
constexpr std::size_t batch_bytes_max = 8 * 1024 * 1024;

// What an operator asked for.
bool is_operators(const change& what) {
    return std::holds_alternative<resolve_report>(what) ||
           std::holds_alternative<remove_texts>(what) || std::holds_alternative<add_audit>(what) ||
           std::holds_alternative<add_admin_token>(what) ||
           std::holds_alternative<drop_admin_token>(what) ||
           std::holds_alternative<note_token_used>(what) ||
           std::holds_alternative<ban_person>(what) || std::holds_alternative<lift_ban>(what);
}

// Nobody was told of these yet: whoever waits for them can be refused.
bool can_be_given_up(const write_job& job) {
    return std::holds_alternative<open_chat>(job.what) ||
           std::holds_alternative<make_user>(job.what) ||
           std::holds_alternative<start_epoch>(job.what) ||
           std::holds_alternative<clear_pair>(job.what) ||
           std::holds_alternative<block_person>(job.what) ||
           std::holds_alternative<add_report>(job.what) ||
           std::holds_alternative<note_consents>(job.what) ||
           std::holds_alternative<take_consent>(job.what) ||
           std::holds_alternative<revoke_tokens>(job.what) ||
           std::holds_alternative<erase_user>(job.what) ||
           std::holds_alternative<purge>(job.what) ||
           std::holds_alternative<cut_records>(job.what) ||
           std::holds_alternative<add_access>(job.what) || is_operators(job.what);
}

// These follow from what was shown already, and are bounded by the chats that are open.
bool must_be_queued(const write_job& job) {
    return std::holds_alternative<end_chat>(job.what) ||
           std::holds_alternative<void_chat>(job.what) ||
           std::holds_alternative<mark_seen>(job.what);
}

std::size_t weight(const write_job& job) {
    std::size_t text = 0;
    if (const auto* said = std::get_if<append>(&job.what)) {
        text = said->row.body.capacity();
    } else if (const auto* recalls = std::get_if<recall_text>(&job.what)) {
        text = recalls->row.body.capacity();
    } else if (const auto* reports = std::get_if<add_report>(&job.what)) {
        text = reports->note.capacity();
    }
    return sizeof(write_job) + text;
}

worker_limits queue_limits(const writer_limits& limits) {
    return {.jobs_max = limits.rows_max,
            .bytes_max = limits.bytes_max,
            .jobs_reserved = limits.rows_max / 4,
            .batch_jobs_max = limits.batch_rows_max,
            .batch_bytes_max = batch_bytes_max,
            .wake_on_push = limits.wake_on_push,
            .batch_interval = limits.commit_interval,
            .niceness = limits.niceness};
}

}  // namespace

writer::writer(store& where, writer_limits limits, completion completed)
    : store_{where},
      limits_{limits},
      completed_{std::move(completed)},
      patience_left_{limits.stop_patience},
      worker_{queue_limits(limits), [this](batch jobs) { take(std::move(jobs)); }} {}

writer::~writer() {
    stop();
}

admission writer::push(write_job&& job) {
    if (ended_.load(std::memory_order_acquire)) {
        return admission::ended;
    }
    const bool must = must_be_queued(job);
    if (!must && trouble()) {
        return admission::trouble;
    }
    const std::size_t bytes = weight(job);
    return worker_.push(std::move(job), bytes, must) ? admission::queued : admission::full;
}

void writer::take(batch jobs) {
    jobs = attempt(std::move(jobs));
    if (!jobs.empty()) {
        wait_for_room(std::move(jobs));
    }
}

writer::batch writer::attempt(batch jobs) {
    const auto result = commit(jobs);
    switch (result) {
        case commit_result::full:
            return jobs;
        case commit_result::refused:
            if (jobs.size() > 1) {
                return attempt_singly(std::move(jobs));
            }
            break;
        case commit_result::unknown:
            ended_.store(true, std::memory_order_release);
            break;
        case commit_result::done:
            break;
    }
    finish(std::move(jobs), result);
    return {};
}

// One change of ours was wrong; alone in its transaction it takes nobody down with it.
writer::batch writer::attempt_singly(batch jobs) {
    for (auto job = jobs.begin(); job != jobs.end(); ++job) {
        batch alone;
        alone.push_back(std::move(*job));
        alone = attempt(std::move(alone));
        if (!alone.empty()) {
            *job = std::move(alone.front());
            jobs.erase(jobs.begin(), job);
            return jobs;
        }
    }
    return {};
}

// After an ambiguous failure the store is never touched again: a second sync may succeed without
// the pages that the first one lost.
commit_result writer::commit(batch& jobs) {
    if (ended_.load(std::memory_order_relaxed)) {
        return commit_result::unknown;
    }
    changes_.clear();
    for (write_job& job : jobs) {
        changes_.push_back(std::move(job.what));
    }
    auto result = commit_result::unknown;
    const auto begun = std::chrono::steady_clock::now();
    begun_.store(begun.time_since_epoch().count(), std::memory_order_release);
    try {
        result = store_.commit(changes_);
        why_ = result == commit_result::done ? std::string{} : store_.why();
    } catch (const std::exception& failure) {
        why_ = failure.what();
    }
    took_ = std::chrono::steady_clock::now() - begun;
    begun_.store(0, std::memory_order_release);
    if (result != commit_result::full) {
        trouble_.store(false, std::memory_order_release);
    }
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        jobs[i].what = std::move(changes_[i]);
    }
    return result;
}

void writer::wait_for_room(batch jobs) {
    const auto shown = [](const write_job& job) { return !can_be_given_up(job); };
    const auto unshown = std::stable_partition(jobs.begin(), jobs.end(), shown);
    batch given_up{std::make_move_iterator(unshown), std::make_move_iterator(jobs.end())};
    jobs.erase(unshown, jobs.end());
    if (jobs.empty()) {
        return finish(std::move(given_up), commit_result::full);
    }
    auto delay = limits_.retry_first;
    for (bool first = true; !jobs.empty(); first = false) {
        trouble_.store(true, std::memory_order_release);
        // Those that were queued just before the trouble began would wait in vain as well.
        std::ranges::move(worker_.withdraw(can_be_given_up), std::back_inserter(given_up));
        if (first || !given_up.empty()) {
            finish(std::exchange(given_up, {}), commit_result::full);
        }
        if (!worker_.pause(delay)) {
            delay = std::min(delay, patience_left_);
            if (delay == delay.zero()) {
                return finish(std::move(jobs), commit_result::full);
            }
            patience_left_ -= delay;
            std::this_thread::sleep_for(delay);
        }
        delay = std::min(delay * 2, limits_.retry_most);
        jobs = attempt(std::move(jobs));
    }
}

void writer::finish(batch jobs, commit_result result) {
    completed_({.jobs = std::move(jobs), .result = result, .why = why_, .took = took_});
}

}  // namespace onechat::storage
