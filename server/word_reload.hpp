// Makes the filter anew while the server runs: a large file of rules takes some hundred
// milliseconds, which the loop must not wait for. Texts are judged by the filter in use until the
// new one is there, whole. Not what the filter is made of, and not its first making. Loop thread
// only, but for what says otherwise; one thread more while it is busy.
#pragma once

#include "server/platform/filter/filter_file.hpp"

#include <functional>
#include <memory>
#include <thread>
#include <utility>

namespace onechat {

class word_reload {
public:
    struct ports {
        std::function<platform::filter_or_trouble()> make;        // called on the thread of its own
        std::function<void(std::function<void()>)> on_loop;       // called there, too
        std::function<void(platform::filter_or_trouble)> finish;  // called on the loop
    };

    explicit word_reload(ports to);
    word_reload(const word_reload&) = delete;
    word_reload& operator=(const word_reload&) = delete;
    ~word_reload();  // waits for the thread; what it was making is forgotten

    // The filter of the start.
    void uses(std::shared_ptr<const platform::filter> first) { in_use_ = std::move(first); }

    // What is asked for while it makes one is made once, afterwards: the file may have changed.
    void ask();

private:
    void begin();
    void made(platform::filter_or_trouble outcome);
    void run(std::function<void()> job);

    ports ports_;
    std::thread thread_;
    bool making_ = false;
    bool asked_again_ = false;
    // So that the next one's taking over does not free it on the loop: of a hundred thousand words
    // that takes its time as well.
    std::shared_ptr<const platform::filter> in_use_;
};

}  // namespace onechat
