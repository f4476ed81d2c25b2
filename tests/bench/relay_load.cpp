// People who send each other texts through a program that only relays or echoes (raw_relay,
// onechat_echo): the load that `onechat bench` puts on the whole service, without its protocol. A
// text carries when it was sent; whoever reads one sends the next. Prints one JSON object.
//   relay_load --url ws://127.0.0.1:PORT/ --pid PID --people 2000 --in-flight 1
#include "server/cli/bench_latency.hpp"
#include "server/cli/bench_slices.hpp"
#include "server/cli/process_usage.hpp"
#include "server/net/connections.hpp"
#include "server/net/ws_client.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace asio = boost::asio;
namespace net = onechat::net;
using onechat::cli::bench_latency;
using onechat::cli::bench_slices;
using onechat::cli::process_usage;
using clock_type = std::chrono::steady_clock;

namespace {

constexpr std::size_t time_digits = 20;
struct load_options {
    std::string url;
    std::string ca;  // a certificate to trust, for wss
    std::size_t people = 2000;
    std::size_t in_flight = 1;
    std::size_t text_bytes = 128;
    bool turns = false;      // of each couple one begins; else everybody does
    std::uint64_t rate = 0;  // texts per second in total by the clock; 0: answer what is read
    double warm_up = 1;
    double seconds = 5;
    int pid = 0;
};

class load {
public:
    explicit load(const load_options& options)
        : options_{options},
          url_{*net::ws_url::parse(options.url)},
          text_(options.text_bytes, 'x'),
          upgraded_{io_},
          client_{io_, upgraded_, std::chrono::seconds{10}, {.ca_file = options.ca}},
          timer_{io_} {}

    void run() {
        connect_next();
        io_.run();
        if (!failure_.empty()) {
            throw std::runtime_error{failure_};
        }
    }

private:
    class person final : public net::ws_events {
    public:
        explicit person(load& owner) : owner_{owner} {}
        onechat::peer* line = nullptr;

        void opened(net::connection_id, onechat::peer& to, const net::remote_address&) override {
            line = &to;
            owner_.arrived();
        }
        void received(net::connection_id, std::string_view text) override {
            owner_.received(*this, text);
        }
        void trouble(net::connection_id, net::trouble_kind) override {}
        void drained(net::connection_id) override {}
        void closed(net::connection_id) override {
            line = nullptr;
            owner_.fail("The other end closed a connection.");
        }

    private:
        load& owner_;
    };

    static std::chrono::milliseconds in_milliseconds(double seconds) {
        return std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
    }

    void fail(const std::string& why) {
        if (!done_) {
            failure_ = why;
            io_.stop();
        }
    }

    // One after the other, so that a relay makes couples of neighbours.
    void connect_next() {
        if (people_.size() == options_.people) {
            return;
        }
        people_.push_back(std::make_unique<person>(*this));
        client_.connect(url_, "", *people_.back(), [this](const std::string& why) { fail(why); });
    }

    void arrived() {
        connect_next();
        if (++arrived_ == options_.people) {
            after(std::chrono::milliseconds{100}, [this] { begin(); });
        }
    }

    void begin() {
        if (options_.rate > 0) {
            due_ = clock_type::now();
            keep_schedule();
        } else {
            for (std::size_t at = 0; at < people_.size(); at += options_.turns ? 2 : 1) {
                for (std::size_t n = 0; n < options_.in_flight; ++n) {
                    say(*people_[at], clock_type::now());
                }
            }
            upgraded_.flush();
        }
        after_warm_up_.expires_after(in_milliseconds(options_.warm_up));
        after_warm_up_.async_wait([this](const boost::system::error_code&) { measure(); });
    }

    void measure() {
        began_ = clock_type::now();
        usage_ = process_usage::of(options_.pid).cpu;
        own_usage_ = process_usage::of(-1).cpu;
        read_ = 0;
        delivery_ = {};
        slices_.begin(began_, read_server());
        await_slice();
        after_warm_up_.expires_after(in_milliseconds(options_.seconds));
        after_warm_up_.async_wait([this](const boost::system::error_code&) { report(); });
    }

    [[nodiscard]] bench_slices::reading read_server() const {
        return {read_, process_usage::of(options_.pid).cpu};
    }

    void await_slice() {
        slice_.expires_after(onechat::cli::slice_time);
        slice_.async_wait([this](const boost::system::error_code&) {
            slices_.next(clock_type::now(), read_server());
            await_slice();
        });
    }

    void report() {
        done_ = true;
        const auto count = [](std::chrono::nanoseconds time) {
            return static_cast<long long>(time.count());
        };
        const auto now = clock_type::now();
        const auto time = now - began_;
        slices_.end(now, read_server());
        const auto cpu = process_usage::of(options_.pid).cpu - usage_;
        const auto own = process_usage::of(-1).cpu - own_usage_;
        const auto texts = static_cast<long long>(read_);
        std::printf(
            "{\"texts_per_second\":%lld,\"server_cpu_ns_per_text\":%lld,"
            "\"delivery_p50_us\":%lld,\"delivery_p99_us\":%lld,\"slice_delivery_p99_us\":%lld,"
            "\"slice_server_cpu_ns_per_text\":%lld,\"load_cpu_percent\":%lld,"
            "\"server_resident_kb\":%zu}\n",
            texts * 1'000'000'000 / count(time), count(cpu) / std::max(1LL, texts),
            count(delivery_.all().per_mille(500)) / 1000,
            count(delivery_.all().per_mille(990)) / 1000, count(delivery_.slice_p99()) / 1000,
            count(slices_.cpu_per_text()), count(own) * 100 / count(time),
            process_usage::of(options_.pid).resident_bytes / 1024);
        io_.stop();
    }

    // By the clock, however slow the other end is; the time that a text carries is when it was due.
    void keep_schedule() {
        const std::chrono::nanoseconds step{1'000'000'000 / options_.rate};
        for (const auto now = clock_type::now(); due_ <= now; due_ += step) {
            say(*people_[turn_], due_);
            turn_ = (turn_ + 1) % people_.size();
        }
        upgraded_.flush();
        after(std::chrono::microseconds{100}, [this] { keep_schedule(); });
    }

    void say(person& by, clock_type::time_point when) {
        std::fill_n(text_.begin(), time_digits, ' ');
        std::to_chars(text_.data(), text_.data() + time_digits, when.time_since_epoch().count());
        by.line->send(text_);
    }

    void received(person& by, std::string_view text) {
        if (text.starts_with('a')) {
            return;  // raw_relay's answer
        }
        std::int64_t sent = 0;
        std::from_chars(text.data(), text.data() + time_digits, sent);
        const auto now = clock_type::now();
        delivery_.add(now.time_since_epoch() - std::chrono::nanoseconds{sent}, now);
        ++read_;
        if (options_.rate == 0) {
            say(by, now);
        }
    }

    template <typename Action>
    void after(std::chrono::nanoseconds time, Action act) {
        timer_.expires_after(time);
        timer_.async_wait([act](const boost::system::error_code&) { act(); });
    }

    load_options options_;
    net::ws_url url_;
    std::string text_;
    asio::io_context io_{1};
    net::connections upgraded_;
    net::ws_client client_;
    asio::steady_timer timer_;
    asio::steady_timer after_warm_up_{io_};
    asio::steady_timer slice_{io_};
    std::vector<std::unique_ptr<person>> people_;
    std::size_t arrived_ = 0;
    std::size_t turn_ = 0;
    clock_type::time_point due_;
    clock_type::time_point began_;
    std::chrono::nanoseconds usage_{};
    std::chrono::nanoseconds own_usage_{};
    std::uint64_t read_ = 0;
    bench_latency delivery_;
    bench_slices slices_;
    bool done_ = false;
    std::string failure_;
};

}  // namespace

int main(int count, char** words) {
    load_options asked;
    CLI::App flags{"Loads a relay with texts."};
    flags.add_option("--url", asked.url)->required();
    flags.add_option("--tls-ca", asked.ca);
    flags.add_option("--pid", asked.pid)->required();
    flags.add_option("--people", asked.people)->check(CLI::Range(2, 18'000));
    flags.add_option("--in-flight", asked.in_flight)->check(CLI::Range(1, 64));
    flags.add_flag("--turns", asked.turns);
    flags.add_option("--text-bytes", asked.text_bytes)->check(CLI::Range(20, 30'000));
    flags.add_option("--rate", asked.rate);
    flags.add_option("--warm-up", asked.warm_up);
    flags.add_option("--seconds", asked.seconds);
    CLI11_PARSE(flags, count, words);
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    try {
        load{asked}.run();
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "relay_load: %s\n", failure.what());
        return 1;
    }
    return 0;
}
