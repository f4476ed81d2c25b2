// When the next small step is due of what is deleted for its age, and how large it is: sealed and
// erased texts are overwritten (purge), records older than their term are cut. Not the steps
// themselves, which the store takes, nor whether deleting is allowed just now, which its owner
// knows. One step of a kind is under way at a time. Pure, of one thread.
#pragma once

#include "server/ban_policy.hpp"
#include "server/step_size.hpp"
#include "server/user_limits.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace onechat {

class retention {
public:
    using time_point = std::chrono::steady_clock::time_point;

    retention(const user_limits& limits, const ban_policy& bans);

    // The step that is due by now, if any, whose end `purged` must be told. `at`: the same moment
    // by the wall clock.
    [[nodiscard]] std::optional<storage::purge> next_purge(time_point now, storage::unix_ms at);
    void purged(storage::purge&& step, bool done, time_point now);

    // Likewise.
    [[nodiscard]] std::optional<storage::cut_records> next_cut(time_point now, storage::unix_ms at);
    void cut(const storage::cut_records& step, bool done, time_point now);

    // More is too old than the last step has cut.
    [[nodiscard]] bool behind() const { return behind_; }
    // Receipts of erasures whose last byte has gone since this was last asked.
    [[nodiscard]] std::vector<std::string> take_completed();

private:
    std::chrono::milliseconds keep_texts_;   // 0: for ever
    std::chrono::milliseconds keep_access_;  // 0: for ever
    std::chrono::milliseconds ban_memory_;
    time_point purge_due_{};
    bool purging_ = false;
    time_point cut_due_{};
    std::optional<time_point> cutting_since_;
    step_size cut_size_;
    bool behind_ = false;
    std::vector<std::string> completed_;
};

}  // namespace onechat
