#include "server/word_reload.hpp"

#include "storage/thread_without_signals.hpp"

#include <utility>

namespace onechat {

word_reload::word_reload(ports to) : ports_{std::move(to)} {}

word_reload::~word_reload() {
    if (thread_.joinable()) {
        thread_.join();
    }
}

void word_reload::ask() {
    if (making_) {
        asked_again_ = true;
        return;
    }
    begin();
}

void word_reload::begin() {
    making_ = true;
    asked_again_ = false;
    run([this] {
        // std::function copies what it holds, so the outcome is shared.
        auto outcome = std::make_shared<platform::filter_or_trouble>(ports_.make());
        ports_.on_loop([this, outcome] { made(std::move(*outcome)); });
    });
}

void word_reload::made(platform::filter_or_trouble outcome) {
    making_ = false;
    auto before = outcome.made ? std::exchange(in_use_, outcome.made) : nullptr;
    ports_.finish(std::move(outcome));
    if (before) {
        run([before = std::move(before)]() mutable { before.reset(); });
    }
    if (asked_again_) {
        begin();
    }
}

// The one before has nothing left to do but to end, or to free a filter.
void word_reload::run(std::function<void()> job) {
    if (thread_.joinable()) {
        thread_.join();
    }
    thread_ = storage::thread_without_signals(std::move(job));
}

}  // namespace onechat
