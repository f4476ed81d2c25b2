// What the process tells whoever started it as a service of systemd's: that it is ready, that it
// lives, that it ends (sd_notify(3)); and the listening socket that it may have been given
// (sd_listen_fds(3)). Without one, all of it does nothing. Not a decision when to end, and no
// libsystemd: all it takes is some variables and a datagram. Loop thread only.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace onechat {

class supervisor {
public:
    using moment = std::chrono::steady_clock::time_point;

    // What systemd passes on in the environment, as it stands there; empty: not given.
    struct given {
        std::string notify_socket{};  // a path, or "@name" in the abstract namespace
        std::string watchdog_usec{};
        std::string watchdog_pid{};
        std::string listen_pid{};
        std::string listen_fds{};
    };
    [[nodiscard]] static given environment();

    // Values that make no sense count as not given: a service that runs is worth more than a word
    // about it. Variables with another process's id are meant for that one. Throws when more than
    // one socket is given: in the others people would wait for ever.
    explicit supervisor(const given& from);
    ~supervisor();
    supervisor(const supervisor&) = delete;
    supervisor& operator=(const supervisor&) = delete;

    void ready(std::string_view status);
    void stopping(std::string_view status);

    // Call it as often as you like: says so after each half of the time that the watchdog grants.
    void alive(moment now);

    // The descriptor that listens for us; the caller owns it from then on. Nothing the second
    // time.
    [[nodiscard]] std::optional<int> take_listener();

private:
    void say(std::string_view lines, int flags) const;

    std::string address_;
    int socket_ = -1;
    std::chrono::microseconds watchdog_{0};  // 0: none
    moment said_alive_{};
    std::optional<int> listener_;
};

}  // namespace onechat
