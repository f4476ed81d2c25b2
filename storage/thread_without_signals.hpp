// A thread that takes no signal: the process's are for the thread that runs it. Any thread.
#pragma once

#include <csignal>
#include <functional>
#include <thread>
#include <utility>

namespace onechat::storage {

[[nodiscard]] inline std::thread thread_without_signals(std::function<void()> body) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread made{std::move(body)};
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return made;
}

}  // namespace onechat::storage
