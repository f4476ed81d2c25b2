#include "server/supervisor.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace onechat;
using namespace std::chrono_literals;

namespace {

// What systemd listens on.
class notify_socket {
public:
    explicit notify_socket(std::string name) : name_{std::move(name)} {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        std::memcpy(at.sun_path, name_.data(), name_.size());
        if (at.sun_path[0] == '@') {
            at.sun_path[0] = '\0';
        }
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
        REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&at), size) == 0);
    }
    ~notify_socket() { ::close(socket_); }
    notify_socket(const notify_socket&) = delete;
    notify_socket& operator=(const notify_socket&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }

    // One datagram; empty when none waits.
    [[nodiscard]] std::string heard() const {
        std::array<char, 512> room{};
        const auto size = ::recv(socket_, room.data(), room.size(), MSG_DONTWAIT);
        return size < 0 ? "" : std::string{room.data(), static_cast<std::size_t>(size)};
    }

private:
    std::string name_;
    int socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

std::string own_pid() {
    return std::to_string(::getpid());
}

constexpr supervisor::moment began{1h};

}  // namespace

TEST_CASE("a service manager hears when we are ready and when we stop") {
    const test::temp_dir dir;
    for (const std::string& name : {(dir / "notify").string(), "@onechat-test-" + own_pid()}) {
        const notify_socket manager{name};
        supervisor us{{.notify_socket = manager.name()}};

        us.ready("listens on 127.0.0.1:8080");
        us.stopping("says goodbye");

        CHECK(manager.heard() == "READY=1\nSTATUS=listens on 127.0.0.1:8080");
        CHECK(manager.heard() == "STOPPING=1\nSTATUS=says goodbye");
        CHECK(manager.heard().empty());
    }
}

TEST_CASE("the watchdog hears of us after each half of its time") {
    const test::temp_dir dir;
    const notify_socket manager{dir / "notify"};
    supervisor us{
        {.notify_socket = manager.name(), .watchdog_usec = "10000000", .watchdog_pid = own_pid()}};

    us.alive(began);
    CHECK(manager.heard() == "WATCHDOG=1");
    us.alive(began + 4999ms);
    CHECK(manager.heard().empty());
    us.alive(began + 5s);
    CHECK(manager.heard() == "WATCHDOG=1");
    us.alive(began + 5s + 100ms);
    CHECK(manager.heard().empty());
}

TEST_CASE("a watchdog of another process, or of no time, hears nothing") {
    const test::temp_dir dir;
    const notify_socket manager{dir / "notify"};
    for (const auto& [time, pid] : {std::pair{"10000000", "1"},
                                    {"", ""},
                                    {"0", ""},
                                    {"-5", ""},
                                    {"soon", ""},
                                    {"99999999999999999999", ""}}) {
        supervisor us{
            {.notify_socket = manager.name(), .watchdog_usec = time, .watchdog_pid = pid}};

        us.alive(began);

        CHECK(manager.heard().empty());
    }
}

TEST_CASE("without a service manager, or with one that is gone, nothing happens") {
    const test::temp_dir dir;
    for (const std::string& name : {std::string{}, std::string{"@"}, std::string{"relative"},
                                    (dir / "nobody").string(), std::string(200, '/')}) {
        supervisor us{{.notify_socket = name, .watchdog_usec = "1000000"}};

        CHECK_NOTHROW(us.ready("here"));
        CHECK_NOTHROW(us.alive(began));
        CHECK_NOTHROW(us.stopping("gone"));
        CHECK_FALSE(us.take_listener());
    }
}

TEST_CASE("a second socket, in which people would wait for ever, is refused") {
    CHECK_THROWS_WITH((supervisor{{.listen_pid = own_pid(), .listen_fds = "2"}}),
                      Catch::Contains("gives 2 sockets"));
    CHECK_NOTHROW(supervisor{{.listen_pid = "1", .listen_fds = "2"}});
}

TEST_CASE("a socket that was passed on is taken once, and only by the process it is for") {
    // A test runner may have given descriptor 3 another use.
    const int before = ::dup(3);
    REQUIRE(::dup2(STDIN_FILENO, 3) == 3);

    CHECK_FALSE(supervisor{{.listen_pid = "1", .listen_fds = "1"}}.take_listener());
    CHECK_FALSE(supervisor{{.listen_pid = own_pid(), .listen_fds = "0"}}.take_listener());
    CHECK_FALSE(supervisor{{.listen_pid = own_pid(), .listen_fds = "x"}}.take_listener());
    CHECK_FALSE(supervisor{{.listen_pid = "", .listen_fds = "1"}}.take_listener());
    supervisor us{{.listen_pid = own_pid(), .listen_fds = "1"}};
    CHECK(us.take_listener() == 3);
    CHECK_FALSE(us.take_listener());
    CHECK((::fcntl(3, F_GETFD) & FD_CLOEXEC) != 0);

    if (before >= 0) {
        ::dup2(before, 3);
        ::close(before);
    } else {
        ::close(3);
    }
}
