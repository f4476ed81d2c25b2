// `onechat bench`: many people at once, against any server of the protocol.
#include "server/cli/bench_crowd.hpp"
#include "server/cli/bench_options.hpp"
#include "server/cli/bench_report.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/flags.hpp"
#include "server/config/config.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <stdexcept>
#include <string>

namespace onechat::cli {

namespace {

// Both ends' texts wait in a frame of the server's at most; one that holds its numbers is this
// long.
constexpr std::size_t text_bytes_min = 48;

// As they are written: in seconds.
struct written_times {
    double measured = 10;
    double warm_up = 1;
    double searching = 0;
};

std::chrono::milliseconds milliseconds_of(double seconds) {
    return std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

void describe_options(CLI::App& flags, bench_options& into, std::string& url,
                      written_times& times) {
    flags.add_option("--url", url, "The server, as ws://127.0.0.1:8080/ws")->required();
    add_trust(flags, into.trust);
    flags.add_option("--pairs", into.pairs, "Couples that talk, both ways")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    flags.add_option("--in-flight", into.in_flight, "Texts of each person without an ack")
        ->check(CLI::Range(1, 64))
        ->capture_default_str();
    flags.add_option("--seconds", times.measured, "How long to measure")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    flags.add_option("--warm-up", times.warm_up, "Seconds of talk before, which don't count")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    flags
        .add_option("--searching", times.searching,
                    "Seconds over which people begin to search, evenly; 0: all at once")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    flags.add_flag(
        "--turns", into.turns,
        "Only --in-flight texts of each pair are on their way: whoever hears one says the next");
    flags
        .add_option("--rate", into.rate,
                    "Texts per second in total, due by the clock; latency counts from then. "
                    "0: as fast as acks come")
        ->check(CLI::Range(0, 1'000'000))
        ->capture_default_str();
    flags.add_option("--idle", into.idle, "Further people who log in and say nothing")
        ->check(CLI::Range(0, 100'000))
        ->capture_default_str();
    flags.add_option("--text-bytes", into.text_bytes, "Bytes in a text")
        ->check(CLI::Range(text_bytes_min, protocol::limits::text_code_points_max))
        ->capture_default_str();
    flags.add_flag("--lifecycle", into.lifecycle,
                   "People lose their connection, come back, come twice, and skip");
    flags.add_option("--time-scale", into.time_scale, "Stretches the times of --lifecycle")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    flags.add_option("--seed", into.seed, "Of all chance in here")->capture_default_str();
    flags.add_option("--pid", into.pid, "The server's process, to tell what it uses");
    flags.add_flag("--json", into.json, "Report one JSON object");
}

}  // namespace

int bench(int argc, char** argv) {
    CLI::App flags{
        "Loads a server with people who check that nothing is lost, doubled or out of order. The "
        "server needs --rate-limits off.",
        "onechat bench"};
    bench_options asked;
    std::string url;
    written_times times;
    describe_options(flags, asked, url, times);
    if (const auto status = read_flags(flags, argc, argv)) {
        return *status;
    }
    const auto parsed = net::ws_url::parse(url);
    if (!parsed) {
        std::fprintf(stderr, "onechat bench: %s\n", parsed.error().sentence.c_str());
        return 2;
    }
    asked.url = *parsed;
    asked.time = milliseconds_of(times.measured);
    asked.warm_up = milliseconds_of(times.warm_up);
    asked.searching = milliseconds_of(times.searching);

    bench_crowd crowd{asked};
    crowd.run();
    const std::string report =
        asked.json ? bench_report_json(asked, crowd) : bench_report(asked, crowd);
    std::fputs(report.c_str(), stdout);
    return crowd.figures().breaches.any() ? 1 : 0;
}

}  // namespace onechat::cli
