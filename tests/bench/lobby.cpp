// What the rules cost for each text: from a `say` to what shall be done, and on to its ack when it
// is stored. And what it costs to ask a limit.
#include "server/keyed_limits.hpp"
#include "tests/lobby/stage.hpp"

#include <benchmark/benchmark.h>

using namespace onechat;
using namespace onechat::lobby;

namespace {

void say_and_store(benchmark::State& state) {
    const auto pairs = static_cast<int>(state.range(0));
    auto options = test::stage_options();
    options.match_round = {};  // so that each pair meets without the passing of time
    test::stage here{options};
    for (int pair = 0; pair < pairs; ++pair) {
        here.pair_up(2 * pair + 1, 2 * pair + 2);
    }
    const std::string text(128, 'x');
    std::uint64_t cid = 1;
    int pair = 0;
    for (auto _ : state) {
        here.say(2 * pair + 1, cid, text);
        const auto* const kept = [&]() -> const keep* {
            for (const effect& one : here.out) {
                if (const auto* found = std::get_if<keep>(&one)) {
                    return found;
                }
            }
            return nullptr;
        }();
        if (kept == nullptr) {
            state.SkipWithError("not taken");
            break;
        }
        here.hall.stored(kept->pair, kept->what.seq, here.now, here.out);
        here.out.clear();
        if (++pair == pairs) {
            pair = 0;
            ++cid;
        }
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(say_and_store)->Arg(1)->Arg(1000);

void ask_a_limit(benchmark::State& state) {
    const auto people = static_cast<std::int64_t>(state.range(0));
    const rate allowed{.count = 5, .per = std::chrono::seconds{1}, .burst = 20};
    keyed_limits<user_id> limits;
    rate_limit::time_point now{std::chrono::hours{1}};
    std::int64_t who = 0;
    for (auto _ : state) {
        who = (who + 7919) % people;
        now += std::chrono::microseconds{10};
        benchmark::DoNotOptimize(limits.take(user_id{who}, allowed, now));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ask_a_limit)->Arg(1000)->Arg(100'000);

}  // namespace
