// What the questions of people and the erasing of their texts cost, in records of 500 events.
#include "tests/bench/filled_store.hpp"

#include <benchmark/benchmark.h>
#include <utility>

using namespace onechat;
using namespace onechat::storage;

namespace {

constexpr std::size_t people = 25;
constexpr std::size_t events_each = 500;

class full_records {
public:
    full_records() : filled{people, durability::normal} {
        std::vector<change> batch;
        for (std::size_t n = 0; n < events_each * filled.pairs.size(); ++n) {
            batch.emplace_back(filled.next_text());
        }
        usable = filled.store.commit(batch) == commit_result::done;
    }

    [[nodiscard]] const pair_row& next_pair() {
        at_ = (at_ + 7919) % filled.pairs.size();
        return filled.pairs[at_].pair;
    }

    bench::filled_store filled;
    bool usable = false;

private:
    std::size_t at_ = 0;
};

// What is only asked can be shared.
full_records& shared_records() {
    static full_records made;
    return made;
}

// `next` makes the question from a pair, `count` tells how much the answer holds.
template <class Next, class Count>
void ask_often(benchmark::State& state, Next next, Count count) {
    full_records& records = shared_records();
    for (auto _ : state) {
        question asked = next(records.next_pair());
        if (!records.usable || !records.filled.store.reader().answer(asked) ||
            count(std::get<decltype(next(records.next_pair()))>(asked)) == 0) {
            state.SkipWithError("no answer");
            break;
        }
    }
}

void events_20(benchmark::State& state) {
    ask_often(
        state,
        [](const pair_row& of) { return find_events{.pair = of.id, .before = 400, .events = {}}; },
        [](const find_events& found) { return found.events.size(); });
}
BENCHMARK(events_20)->Unit(benchmark::kMicrosecond);

void history_20(benchmark::State& state) {
    ask_often(
        state,
        [](const pair_row& of) {
            return find_history{
                .name = of.name, .user = of.seats[0].user, .before = 400, .events = {}};
        },
        [](const find_history& found) { return found.events.size(); });
}
BENCHMARK(history_20)->Unit(benchmark::kMicrosecond);

void pairs_20(benchmark::State& state) {
    ask_often(
        state,
        [](const pair_row& of) {
            return list_pairs{.user = of.seats[0].user, .before = {}, .pairs = {}};
        },
        [](const list_pairs& found) { return found.pairs.size(); });
}
BENCHMARK(pairs_20)->Unit(benchmark::kMicrosecond);

void own_texts_100(benchmark::State& state) {
    ask_often(
        state,
        [](const pair_row& of) { return find_own_texts{.user = of.seats[0].user, .texts = {}}; },
        [](const find_own_texts& found) { return found.texts.size(); });
}
BENCHMARK(own_texts_100)->Unit(benchmark::kMicrosecond);

void count_in_5000_events(benchmark::State& state) {
    ask_often(
        state, [](const pair_row& of) { return count_texts{.user = of.seats[0].user}; },
        [](const count_texts& found) { return found.texts; });
}
BENCHMARK(count_in_5000_events)->Unit(benchmark::kMicrosecond);

// The steps in which an erasure's texts are overwritten.
void purge_200(benchmark::State& state) {
    full_records records;
    std::vector<change> erasure;
    erasure.emplace_back(erase_user{.user = records.filled.pairs[0].pair.seats[0].user,
                                    .receipt = "r",
                                    .at = 2,
                                    .sealed_until = 3});
    if (!records.usable || records.filled.store.commit(erasure) != commit_result::done) {
        state.SkipWithError("not erased");
    }
    for (auto _ : state) {
        change step = purge{.now = 4, .rows_max = 200, .completed = {}};
        if (records.filled.store.commit({&step, 1}) != commit_result::done) {
            state.SkipWithError("not purged");
            break;
        }
    }
}
BENCHMARK(purge_200)->Iterations(20)->Unit(benchmark::kMicrosecond);

}  // namespace
