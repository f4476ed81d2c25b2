// How many people a server can let in: connections that are opened, upgraded, say `hello` with a
// token the server knows, are welcomed, and are torn down, over and over. Over a hand-written epoll
// loop, so that the server is what is busy; says how busy both are. Prints one JSON object.
//   logins --url ADDRESS:PORT --data DIR --people 1000 --pid PID
// The folder was filled by `long_record fill` with as many people, and is the server's.
#include "server/cli/bench_histogram.hpp"
#include "server/cli/process_usage.hpp"
#include "tests/bench/bare_line.hpp"
#include "tests/bench/known_people.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace bench = onechat::bench;
using onechat::cli::bench_histogram;
using onechat::cli::process_usage;
using clock_type = std::chrono::steady_clock;

namespace {

struct login_options {
    std::string address;
    std::string data;
    std::size_t people = 1000;
    std::size_t at_once = 64;
    double warm_up = 0.5;
    double seconds = 3;
    int pid = 0;
};

struct line {
    int descriptor = -1;
    std::size_t person = 0;
    bool upgraded = false;
    std::string unread;
    clock_type::time_point began;
};

sockaddr_in address_of(const std::string& text) {
    const auto colon = text.rfind(':');
    std::uint16_t port = 0;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    if (colon != std::string::npos) {
        std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    }
    address.sin_port = htons(port);
    if (port == 0 || ::inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr) != 1) {
        throw std::runtime_error{"No address and port: " + text};
    }
    return address;
}

class logins {
public:
    explicit logins(const login_options& options)
        : options_{options},
          to_{address_of(options.address)},
          upgrade_{bench::upgrade_request(options.address)},
          lines_(options.at_once) {
        const auto by = onechat::keys::open(std::filesystem::path{options.data} / "keys");
        for (std::size_t person = 0; person < options.people; ++person) {
            hellos_.push_back(bench::text_frame(R"({"t":"hello","v":1,"token":")" +
                                                bench::token_of(by, person) + R"("})"));
        }
    }

    void run() {
        for (line& one : lines_) {
            connect(one);
        }
        serve_until(clock_type::now() + seconds(options_.warm_up));
        welcomed_ = 0;
        times_ = {};
        const auto server = process_usage::of(options_.pid).cpu;
        const auto own = process_usage::of(-1).cpu;
        const auto began = clock_type::now();
        serve_until(began + seconds(options_.seconds));
        report(clock_type::now() - began, process_usage::of(options_.pid).cpu - server,
               process_usage::of(-1).cpu - own);
    }

private:
    static std::chrono::nanoseconds seconds(double count) {
        return std::chrono::nanoseconds{static_cast<std::int64_t>(count * 1e9)};
    }

    void connect(line& one) {
        one.person = next_person_;
        next_person_ = (next_person_ + 1) % hellos_.size();
        one.upgraded = false;
        one.unread.clear();
        one.began = clock_type::now();
        one.descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        // On loopback this returns as soon as the listener's queue has room.
        if (::connect(one.descriptor, reinterpret_cast<const sockaddr*>(&to_), sizeof to_) != 0) {
            throw std::runtime_error{"Cannot connect: " + std::string{std::strerror(errno)}};
        }
        const int on = 1;
        ::setsockopt(one.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_event readable{};
        readable.events = EPOLLIN;
        readable.data.ptr = &one;
        ::epoll_ctl(epoll_set_, EPOLL_CTL_ADD, one.descriptor, &readable);
        send(one, upgrade_);
    }

    // The few bytes of a login always have room.
    static void send(const line& one, const std::string& bytes) {
        if (::send(one.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(bytes.size())) {
            throw std::runtime_error{"The server closed a connection."};
        }
    }

    void serve_until(clock_type::time_point end) {
        std::array<epoll_event, 256> events{};
        while (clock_type::now() < end) {
            const int count =
                ::epoll_wait(epoll_set_, events.data(), static_cast<int>(events.size()), 100);
            for (int i = 0; i < count; ++i) {
                readable(*static_cast<line*>(events[static_cast<std::size_t>(i)].data.ptr));
            }
        }
    }

    void readable(line& one) {
        const auto got = ::recv(one.descriptor, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
        if (got <= 0) {
            throw std::runtime_error{"The server closed a connection."};
        }
        one.unread.append(buffer_.data(), static_cast<std::size_t>(got));
        if (!one.upgraded) {
            one.upgraded = bench::take_upgrade(one.unread);
            if (one.upgraded) {
                send(one, hellos_[one.person]);
            }
            return;
        }
        if (const auto said = bench::take_text(one.unread)) {
            if (said->find(R"("t":"welcome")") == std::string::npos) {
                throw std::runtime_error{"Not welcome: " + *said};
            }
            times_.add(clock_type::now() - one.began);
            ++welcomed_;
            tear_down(one);
            connect(one);
        }
    }

    // With a reset: an orderly end would keep each port of ours for a minute.
    static void tear_down(const line& one) {
        const linger at_once{1, 0};
        ::setsockopt(one.descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        ::close(one.descriptor);
    }

    void report(std::chrono::nanoseconds time, std::chrono::nanoseconds server,
                std::chrono::nanoseconds own) const {
        const auto percent = [&](std::chrono::nanoseconds of) {
            return static_cast<long long>(of.count() * 100 / time.count());
        };
        const auto count = std::max<std::int64_t>(1, static_cast<std::int64_t>(welcomed_));
        std::printf(
            "{\"logins_per_second\":%lld,\"server_cpu_ns_per_login\":%lld,"
            "\"server_cpu_percent\":%lld,\"load_cpu_percent\":%lld,"
            "\"login_p50_us\":%lld,\"login_p99_us\":%lld}\n",
            static_cast<long long>(static_cast<double>(welcomed_) * 1e9 /
                                   static_cast<double>(time.count())),
            static_cast<long long>(server.count() / count), percent(server), percent(own),
            static_cast<long long>(times_.per_mille(500).count() / 1000),
            static_cast<long long>(times_.per_mille(990).count() / 1000));
    }

    login_options options_;
    sockaddr_in to_;
    std::string upgrade_;
    std::vector<std::string> hellos_;
    std::vector<line> lines_;
    int epoll_set_ = ::epoll_create1(EPOLL_CLOEXEC);
    std::array<char, 65536> buffer_{};
    std::size_t next_person_ = 0;
    std::uint64_t welcomed_ = 0;
    bench_histogram times_;
};

}  // namespace

int main(int count, char** words) {
    login_options asked;
    CLI::App flags{"Logs people in, over and over."};
    flags.add_option("--url", asked.address, "ADDRESS:PORT")->required();
    flags.add_option("--data", asked.data)->required();
    flags.add_option("--pid", asked.pid)->required();
    flags.add_option("--people", asked.people)->check(CLI::Range(1, 1'000'000));
    flags.add_option("--at-once", asked.at_once)->check(CLI::Range(1, 1000));
    flags.add_option("--warm-up", asked.warm_up);
    flags.add_option("--seconds", asked.seconds);
    CLI11_PARSE(flags, count, words);
    try {
        logins{asked}.run();
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "logins: %s\n", failure.what());
        return 1;
    }
    return 0;
}
