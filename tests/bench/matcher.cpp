// Matches per second of one round, by how many wait: everybody in a tier by chance, with up to
// three topics of twelve.
#include "server/lobby/matcher.hpp"

#include "tests/lobby/pools.hpp"
#include "tests/support/seeded_random.hpp"

#include <algorithm>
#include <benchmark/benchmark.h>
#include <chrono>

using namespace onechat;

namespace {

test::pool pool_of(std::int64_t people, test::seeded_random& random) {
    test::pool waiting;
    for (std::int64_t number = 1; number <= people; ++number) {
        auto& one = waiting.add(static_cast<int>(number), static_cast<int>(random.below(3)));
        for (std::uint64_t n = random.below(4); n > 0; --n) {
            const auto topic = static_cast<lobby::topic_id>(random.below(12));
            if (std::ranges::find(one.topics, topic) == one.topics.end()) {
                one.topics.push_back(topic);
            }
        }
    }
    return waiting;
}

void match_round(benchmark::State& state) {
    test::seeded_random random{1};
    const lobby::partings nobody_parted{std::chrono::minutes{30}};
    const test::pool waiting = pool_of(state.range(0), random);
    const auto all = waiting.waiting();
    std::size_t matches = 0;
    for (auto _ : state) {
        matches += lobby::match_round(all, nobody_parted, random).size();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(matches));
}
BENCHMARK(match_round)->Arg(1000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
