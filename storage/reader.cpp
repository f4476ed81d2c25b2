#include "storage/reader.hpp"

#include <limits>
#include <utility>

namespace onechat::storage {

namespace {

worker_limits queue_limits(const reader_limits& limits) {
    constexpr auto any = std::numeric_limits<std::size_t>::max();
    return {.jobs_max = limits.jobs_max,
            .bytes_max = any,  // questions are small, all of one size
            .batch_jobs_max = limits.batch_jobs_max,
            .batch_bytes_max = any,
            .wake_on_push = limits.wake_on_push};
}

}  // namespace

reader::reader(store_reader& where, reader_limits limits, completion completed)
    : store_{where},
      completed_{std::move(completed)},
      worker_{queue_limits(limits), [this](std::vector<read_job> jobs) { take(std::move(jobs)); }} {
}

reader::~reader() {
    stop();
}

bool reader::push(read_job&& job) {
    return worker_.push(std::move(job), 0);
}

void reader::take(std::vector<read_job> jobs) {
    for (read_job& job : jobs) {
        job.ok = store_.answer(job.what);
    }
    completed_(std::move(jobs));
}

}  // namespace onechat::storage
