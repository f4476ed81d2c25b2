#include "server/cli/process_usage.hpp"

#include <algorithm>
#include <fstream>
#include <string>
#include <time.h>

namespace onechat::cli {

namespace {

// Zero when there is no such process. 0 is this one: clock_getcpuclockid(3).
std::chrono::nanoseconds cpu_of(int pid) {
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0) {
        return {};
    }
    return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

}  // namespace

process_usage process_usage::of(int pid) {
    process_usage usage;
    if (pid == 0) {
        return usage;
    }
    const std::string folder = "/proc/" + (pid < 0 ? std::string{"self"} : std::to_string(pid));
    usage.cpu = cpu_of(std::max(pid, 0));
    std::ifstream status{folder + "/status"};
    for (std::string line; std::getline(status, line);) {
        const auto kilobytes = [&] { return std::stoull(line.substr(line.find(':') + 1)) * 1024; };
        if (line.starts_with("VmRSS:")) {
            usage.resident_bytes = kilobytes();
        } else if (line.starts_with("VmHWM:")) {
            usage.resident_bytes_max = kilobytes();
        }
    }
    return usage;
}

}  // namespace onechat::cli
