// What the header of a frame and its mask cost.
#include "server/net/frame.hpp"

#include <array>
#include <benchmark/benchmark.h>
#include <string>

using namespace onechat::net;

namespace {

constexpr std::array<char, 4> mask{'a', 'b', 'c', 'd'};

void read_frame_header(benchmark::State& state) {
    std::array<char, frame_header_max> bytes{};
    const auto size =
        write_header(bytes.data(), {.payload_bytes = static_cast<std::uint64_t>(state.range(0)),
                                    .mask = mask,
                                    .masked = true});
    for (auto _ : state) {
        frame_header header;
        benchmark::DoNotOptimize(bytes);
        if (read_header({bytes.data(), size}, role::server, header) != header_state::complete) {
            state.SkipWithError("not read");
        }
        benchmark::DoNotOptimize(header);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(read_frame_header)->Arg(100)->Arg(4096);

void write_frame_header(benchmark::State& state) {
    std::array<char, frame_header_max> bytes{};
    frame_header header{.payload_bytes = static_cast<std::uint64_t>(state.range(0))};
    for (auto _ : state) {
        benchmark::DoNotOptimize(header);
        benchmark::DoNotOptimize(write_header(bytes.data(), header));
        benchmark::DoNotOptimize(bytes);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(write_frame_header)->Arg(100)->Arg(4096);

void unmask(benchmark::State& state) {
    std::string payload(static_cast<std::size_t>(state.range(0)), 'x');
    for (auto _ : state) {
        apply_mask(payload, mask);
        benchmark::DoNotOptimize(payload.data());
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(unmask)->Arg(128)->Arg(4096);

}  // namespace
