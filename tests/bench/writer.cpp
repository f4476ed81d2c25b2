// How fast texts reach the disk, and at what cost: straight into the store by so many a commit, and
// by the storage thread, which makes its own groups. TMPDIR says which disk.
#include "storage/writer.hpp"

#include "tests/bench/filled_store.hpp"

#include <benchmark/benchmark.h>
#include <latch>

using namespace onechat;
using namespace onechat::storage;

namespace {

constexpr std::size_t people = 100;  // and ten times as many pairs

void append_by_commits(benchmark::State& state) {
    bench::filled_store filled{people};
    const auto rows = static_cast<std::size_t>(state.range(0));
    for (auto _ : state) {
        state.PauseTiming();
        std::vector<change> batch;
        for (std::size_t row = 0; row < rows; ++row) {
            batch.emplace_back(filled.next_text());
        }
        state.ResumeTiming();
        if (filled.store.commit(batch) != commit_result::done) {
            state.SkipWithError("not stored");
            break;
        }
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(append_by_commits)
    ->Arg(1)
    ->Arg(100)
    ->Arg(1000)
    ->Arg(4096)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

void append_by_the_writer(benchmark::State& state) {
    bench::filled_store filled{people};
    const auto rows = static_cast<std::size_t>(state.range(0));
    std::optional<std::latch> stored;
    writer writes{filled.store, {}, [&](written batch) {
                      if (batch.result == commit_result::done) {
                          stored->count_down(static_cast<std::ptrdiff_t>(batch.jobs.size()));
                      }
                  }};
    for (auto _ : state) {
        stored.emplace(static_cast<std::ptrdiff_t>(rows));
        for (std::size_t row = 0; row < rows; ++row) {
            if (writes.push({row, filled.next_text()}) != admission::queued) {
                std::abort();
            }
        }
        stored->wait();
    }
    writes.stop();
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(append_by_the_writer)
    ->Arg(1)
    ->Arg(1000)
    ->Arg(20'000)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
