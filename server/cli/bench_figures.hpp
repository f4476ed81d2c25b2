// What all users of a bench count together: speed, which is reset after the warm-up, and breaches
// of the contract, which are not. Main thread.
#pragma once

#include "server/cli/bench_histogram.hpp"
#include "server/cli/bench_latency.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onechat::cli {

// From the end of the warm-up until the last text has settled: one that is late is not left out.
struct bench_speed {
    std::uint64_t said = 0;
    std::uint64_t acked = 0;
    std::uint64_t delivered = 0;
    bench_latency delivery;  // from when a text was due to be said until the partner has it
    bench_latency ack;       // until its sender knows that it is stored
    bench_histogram match;   // from `find` to `matched`
};

// Of the whole run.
struct bench_breaches {
    static constexpr std::size_t sentences_max = 20;

    std::uint64_t lost = 0;        // accepted, and not shown to the partner; or an event missing
    std::uint64_t duplicates = 0;  // shown twice
    std::uint64_t disorder = 0;    // out of order, or against what was said before
    std::vector<std::string> sentences;  // the first ones

    [[nodiscard]] bool any() const { return lost + duplicates + disorder > 0; }
    void note(std::uint64_t& kind, std::uint64_t count, std::string sentence) {
        kind += count;
        if (sentences.size() < sentences_max) {
            sentences.push_back(std::move(sentence));
        }
    }
};

struct bench_figures {
    bench_speed speed;
    bench_breaches breaches;
    std::map<std::string, std::uint64_t, std::less<>> refusals;  // by code, `bye` included

    std::uint64_t repeats = 0;  // texts said again with their cid
    std::uint64_t resumes = 0;  // welcomes into a chat that was going on
    std::uint64_t gaps = 0;     // replays that were cut to the newest 1000
    std::uint64_t overdue = 0;  // texts of the schedule that nobody could say any more

    void refused(std::string_view code) {
        const auto found = refusals.find(code);
        ++(found != refusals.end() ? found : refusals.emplace(code, 0).first)->second;
    }
};

}  // namespace onechat::cli
