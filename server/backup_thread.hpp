// A thread that makes backups of a data folder while a server runs from it: the loop asks, and goes
// on. One at a time. Not who may ask, nor what there is (backup_runs.hpp). `make` may be called by
// any thread; the completion is called on the backups' own and hands on.
#pragma once

#include "server/backup_runs.hpp"
#include "storage/worker.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

namespace onechat {

class backup_thread {
public:
    // With the sentence that says what went wrong, empty when the backup is there.
    using completion = std::function<void(std::string trouble)>;

    backup_thread(std::filesystem::path data, completion completed);
    ~backup_thread() { stop(); }
    backup_thread(const backup_thread&) = delete;
    backup_thread& operator=(const backup_thread&) = delete;

    // REQUIRES that none is under way.
    void make(const backup_task& task);
    // Gives up what is under way, soon, and ends the thread.
    void stop();

private:
    [[nodiscard]] std::string made(const backup_task& task) const;

    const std::filesystem::path data_;
    const completion completed_;
    std::atomic<bool> stopping_ = false;
    storage::worker<backup_task> worker_;  // the last member: its thread uses the others
};

}  // namespace onechat
