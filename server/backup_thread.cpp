#include "server/backup_thread.hpp"

#include "server/backups.hpp"

#include <cassert>
#include <exception>
#include <utility>
#include <vector>

namespace onechat {

namespace {

// Room for the next one while the thread returns from the one before.
constexpr storage::worker_limits two_at_most{
    .jobs_max = 2, .bytes_max = 0, .batch_jobs_max = 1, .batch_bytes_max = 0};

}  // namespace

backup_thread::backup_thread(std::filesystem::path data, completion completed)
    : data_{std::move(data)},
      completed_{std::move(completed)},
      worker_{two_at_most, [this](std::vector<backup_task> tasks) {
                  for (const backup_task& task : tasks) {
                      completed_(made(task));
                  }
              }} {}

void backup_thread::make(const backup_task& task) {
    [[maybe_unused]] const bool taken = worker_.push(backup_task{task}, 0);
    assert(taken);
}

void backup_thread::stop() {
    stopping_ = true;
    worker_.stop();
}

std::string backup_thread::made(const backup_task& task) const {
    try {
        static_cast<void>(make_backup(data_, task.at, task.kept_max, &stopping_));
        return {};
    } catch (const std::exception& failure) {
        return failure.what();
    }
}

}  // namespace onechat
