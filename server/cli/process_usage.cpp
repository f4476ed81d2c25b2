#include "server/cli/process_usage.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace onechat::cli {

namespace {

// Which of the blank-separated fields behind the name in /proc/PID/stat (proc(5)) is user time;
// system time follows.
constexpr int fields_before_user_time = 11;

std::chrono::nanoseconds cpu_of(const std::string& folder) {
    std::string all;
    std::getline(std::ifstream{folder + "/stat"}, all);
    // The name stands in brackets and may hold anything.
    std::istringstream fields{all.substr(std::min(all.size(), all.rfind(')') + 1))};
    std::string skipped;
    for (int n = 0; n < fields_before_user_time; ++n) {
        fields >> skipped;
    }
    std::int64_t user = 0;
    std::int64_t system = 0;
    fields >> user >> system;
    return std::chrono::nanoseconds{(user + system) * (1'000'000'000 / ::sysconf(_SC_CLK_TCK))};
}

}  // namespace

process_usage process_usage::of(int pid) {
    process_usage usage;
    if (pid == 0) {
        return usage;
    }
    const std::string folder = "/proc/" + (pid < 0 ? std::string{"self"} : std::to_string(pid));
    usage.cpu = cpu_of(folder);
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
