#include "server/cli/bench_report.hpp"

#include "protocol/field.hpp"
#include "protocol/write.hpp"
#include "server/cli/process_usage.hpp"

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <tuple>
#include <vector>

namespace onechat::cli {

namespace {

using protocol::field;

struct times {
    static constexpr std::string_view name = "times";
    static constexpr std::string_view doc = "Durations in microseconds.";

    std::uint64_t count = 0;
    std::uint64_t p50 = 0;
    std::uint64_t p99 = 0;
    std::uint64_t p999 = 0;
    std::uint64_t max = 0;

    static constexpr auto fields = std::tuple{
        field{"count", &times::count, ""}, field{"p50", &times::p50, ""},
        field{"p99", &times::p99, ""},     field{"p999", &times::p999, ""},
        field{"max", &times::max, ""},
    };
};

struct refused {
    static constexpr std::string_view name = "refused";
    static constexpr std::string_view doc = "How often a code came.";

    std::string code{};
    std::uint64_t count = 0;

    static constexpr auto fields =
        std::tuple{field{"code", &refused::code, ""}, field{"count", &refused::count, ""}};
};

struct summary {
    static constexpr std::string_view name = "summary";
    static constexpr std::string_view doc = "What a bench has found.";

    std::uint64_t sessions = 0;
    std::uint64_t measured_ms = 0;
    std::uint64_t said = 0;
    std::uint64_t acked = 0;
    std::uint64_t acked_per_second = 0;
    times delivery_us{};
    times ack_us{};
    // The medians of what the slices have (bench_slices.hpp).
    std::uint64_t slice_acked_per_second = 0;
    std::uint64_t slice_delivery_p99_us = 0;
    std::uint64_t slice_ack_p99_us = 0;
    std::uint64_t slice_server_cpu_ns_per_text = 0;
    times match_us{};
    std::uint64_t lost = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t disorder = 0;
    std::uint64_t repeats = 0;
    std::uint64_t resumes = 0;
    std::uint64_t gaps = 0;
    std::uint64_t overdue = 0;
    std::vector<refused> refusals{};
    std::uint64_t bench_cpu_ms = 0;
    std::uint64_t server_cpu_ms = 0;
    std::uint64_t server_cpu_ns_per_text = 0;
    std::uint64_t server_resident_kb = 0;
    std::uint64_t server_resident_max_kb = 0;

    static constexpr auto fields = std::tuple{
        field{"sessions", &summary::sessions, ""},
        field{"measured_ms", &summary::measured_ms, ""},
        field{"said", &summary::said, ""},
        field{"acked", &summary::acked, ""},
        field{"acked_per_second", &summary::acked_per_second, ""},
        field{"delivery_us", &summary::delivery_us, ""},
        field{"ack_us", &summary::ack_us, ""},
        field{"slice_acked_per_second", &summary::slice_acked_per_second, ""},
        field{"slice_delivery_p99_us", &summary::slice_delivery_p99_us, ""},
        field{"slice_ack_p99_us", &summary::slice_ack_p99_us, ""},
        field{"slice_server_cpu_ns_per_text", &summary::slice_server_cpu_ns_per_text, ""},
        field{"match_us", &summary::match_us, ""},
        field{"lost", &summary::lost, ""},
        field{"duplicates", &summary::duplicates, ""},
        field{"disorder", &summary::disorder, ""},
        field{"repeats", &summary::repeats, ""},
        field{"resumes", &summary::resumes, ""},
        field{"gaps", &summary::gaps, ""},
        field{"overdue", &summary::overdue, ""},
        field{"refusals", &summary::refusals, ""},
        field{"bench_cpu_ms", &summary::bench_cpu_ms, ""},
        field{"server_cpu_ms", &summary::server_cpu_ms, ""},
        field{"server_cpu_ns_per_text", &summary::server_cpu_ns_per_text, ""},
        field{"server_resident_kb", &summary::server_resident_kb, ""},
        field{"server_resident_max_kb", &summary::server_resident_max_kb, ""},
    };
};

std::uint64_t whole(auto count) {
    return static_cast<std::uint64_t>(count);
}

std::uint64_t us(std::chrono::nanoseconds value) {
    return whole(value.count() / 1000);
}

times times_of(const bench_histogram& from) {
    return {from.total(), us(from.per_mille(500)), us(from.per_mille(990)), us(from.per_mille(999)),
            us(from.max())};
}

summary summary_of(const bench_options& asked, const bench_crowd& crowd) {
    const bench_figures& found = crowd.figures();
    const auto ms = [](std::chrono::nanoseconds value) { return whole(value.count() / 1'000'000); };
    summary sum;
    sum.sessions = crowd.sessions();
    sum.measured_ms = ms(crowd.measured_time());
    sum.said = found.speed.said;
    sum.acked = crowd.acked();
    sum.acked_per_second = sum.acked * 1000 / std::max<std::uint64_t>(1, sum.measured_ms);
    sum.delivery_us = times_of(found.speed.delivery.all());
    sum.ack_us = times_of(found.speed.ack.all());
    sum.slice_acked_per_second = whole(crowd.slices().per_second());
    sum.slice_delivery_p99_us = us(found.speed.delivery.slice_p99());
    sum.slice_ack_p99_us = us(found.speed.ack.slice_p99());
    sum.slice_server_cpu_ns_per_text = whole(crowd.slices().cpu_per_text().count());
    sum.match_us = times_of(found.speed.match);
    sum.lost = found.breaches.lost;
    sum.duplicates = found.breaches.duplicates;
    sum.disorder = found.breaches.disorder;
    sum.repeats = found.repeats;
    sum.resumes = found.resumes;
    sum.gaps = found.gaps;
    sum.overdue = found.overdue;
    for (const auto& [code, count] : found.refusals) {
        sum.refusals.push_back({code, count});
    }
    sum.bench_cpu_ms = ms(crowd.own_cpu());
    sum.server_cpu_ms = ms(crowd.server_cpu());
    sum.server_cpu_ns_per_text =
        whole(crowd.server_cpu().count()) / std::max<std::uint64_t>(1, sum.acked);
    const auto usage = process_usage::of(asked.pid);
    sum.server_resident_kb = usage.resident_bytes / 1024;
    sum.server_resident_max_kb = usage.resident_bytes_max / 1024;
    return sum;
}

[[gnu::format(printf, 2, 3)]] void print(std::string& out, const char* format, ...) {
    std::array<char, 512> line{};
    std::va_list values;
    va_start(values, format);
    std::vsnprintf(line.data(), line.size(), format, values);
    va_end(values);
    out += line.data();
}

void print(std::string& out, const char* name, const times& of) {
    print(out, "%-9s p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms, max %.3f ms (%llu)\n", name,
          static_cast<double>(of.p50) / 1000, static_cast<double>(of.p99) / 1000,
          static_cast<double>(of.p999) / 1000, static_cast<double>(of.max) / 1000,
          static_cast<unsigned long long>(of.count));
}

using number = unsigned long long;

}  // namespace

std::string bench_report(const bench_options& asked, const bench_crowd& crowd) {
    const summary sum = summary_of(asked, crowd);
    std::string out;
    print(out,
          "%zu pairs, each %s up to %zu texts in flight, %zu idle sessions, %zu bytes a text%s\n",
          asked.pairs, asked.turns ? "pair" : "person", asked.in_flight, asked.idle,
          asked.text_bytes, asked.lifecycle ? ", with phones that come and go" : "");
    print(out, "texts     %llu stored and acked per second (%llu in %.1f s)\n",
          number{sum.acked_per_second}, number{sum.acked},
          static_cast<double>(sum.measured_ms) / 1000);
    print(out, "delivery", sum.delivery_us);
    print(out, "ack", sum.ack_us);
    print(out, "match", sum.match_us);
    print(out,
          "slices    of %lld ms, medians: %llu texts per second, delivery p99 %.3f ms, "
          "ack p99 %.3f ms\n",
          static_cast<long long>(slice_time.count()), number{sum.slice_acked_per_second},
          static_cast<double>(sum.slice_delivery_p99_us) / 1000,
          static_cast<double>(sum.slice_ack_p99_us) / 1000);
    print(out, "contract  %llu lost, %llu twice, %llu out of order (seed %llu)\n", number{sum.lost},
          number{sum.duplicates}, number{sum.disorder}, number{asked.seed});
    if (asked.lifecycle) {
        print(out, "lines     %llu resumed, %llu texts said again, %llu replays cut to 1000\n",
              number{sum.resumes}, number{sum.repeats}, number{sum.gaps});
    }
    if (sum.overdue > 0) {
        print(out, "schedule  %llu texts could not be said in time\n", number{sum.overdue});
    }
    for (const refused& one : sum.refusals) {
        print(out, "refused   %s: %llu\n", one.code.c_str(), number{one.count});
    }
    const double busy = 100.0 / static_cast<double>(std::max<std::uint64_t>(1, sum.measured_ms));
    print(out, "load      this program used %.0f %% of a core\n",
          busy * static_cast<double>(sum.bench_cpu_ms));
    if (asked.pid != 0) {
        print(out,
              "server    %.2f us CPU per text (slices: %.2f), %.0f %% of a core, "
              "%llu KB resident (at most %llu)\n",
              static_cast<double>(sum.server_cpu_ns_per_text) / 1000,
              static_cast<double>(sum.slice_server_cpu_ns_per_text) / 1000,
              busy * static_cast<double>(sum.server_cpu_ms), number{sum.server_resident_kb},
              number{sum.server_resident_max_kb});
    }
    for (const std::string& sentence : crowd.figures().breaches.sentences) {
        out += "BREACH    " + sentence + "\n";
    }
    return out;
}

std::string bench_report_json(const bench_options& asked, const bench_crowd& crowd) {
    std::string out;
    protocol::write_fields(out, summary_of(asked, crowd));
    return out + "\n";
}

}  // namespace onechat::cli
