// What a process of this machine uses, as the kernel says. Any thread.
#pragma once

#include <chrono>
#include <cstddef>

namespace onechat::cli {

struct process_usage {
    std::chrono::nanoseconds cpu{0};  // of all its threads, user and system
    std::size_t resident_bytes = 0;
    std::size_t resident_bytes_max = 0;

    // All zero when there is no such process; `pid` 0 asks for none, -1 for this one.
    [[nodiscard]] static process_usage of(int pid);
};

}  // namespace onechat::cli
