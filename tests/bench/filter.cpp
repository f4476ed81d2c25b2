// What it costs to judge a text of about 100 bytes with 10,000 words and the built-in set: each is
// a text that was not judged before, since what people say is new.
#include "server/platform/filter/filter.hpp"

#include "server/platform/filter/folding.hpp"

#include <benchmark/benchmark.h>
#include <random>
#include <string>
#include <vector>

using namespace onechat::platform;

namespace {

constexpr std::size_t words_count = 10'000;
constexpr std::size_t text_bytes = 100;

// Han letters, some far more often than others.
class han_source {
public:
    void append(std::string& to, std::size_t letters) {
        for (std::size_t i = 0; i < letters; ++i) {
            const double skewed = share_(engine_);
            const auto rank = static_cast<std::uint32_t>(3500 * skewed * skewed);
            encode(0x4E00 + rank * 5 % 20'000, [&](char byte) { to += byte; });
        }
    }
    std::size_t below(std::size_t count) { return engine_() % count; }

private:
    std::mt19937 engine_{1};
    std::uniform_real_distribution<> share_{0, 1};
};

filter filter_of_many_words(han_source& source) {
    rule_list list;
    for (std::size_t i = 0; i < words_count; ++i) {
        std::string word;
        source.append(word, 2 + source.below(3));
        list.rules.push_back({rule_action::flag, false, false, word});
    }
    return filter{list};
}

template <class MakeText>
void judge_often(benchmark::State& state, MakeText make_text) {
    han_source source;
    const filter judge = filter_of_many_words(source);
    std::vector<std::string> texts(100'000);
    for (std::string& text : texts) {
        make_text(text, source);
    }
    std::size_t next = 0;
    std::size_t found = 0;
    for (auto _ : state) {
        const verdict said = judge.judge(texts[next++ % texts.size()]);
        found += said.flagged || said.what != decision::pass ? 1U : 0U;
    }
    state.SetItemsProcessed(state.iterations());
    state.counters["found"] =
        benchmark::Counter(static_cast<double>(found), benchmark::Counter::kAvgIterations);
}

void judge_chinese(benchmark::State& state) {
    judge_often(state, [](std::string& text, han_source& source) {
        while (text.size() < text_bytes) {
            source.append(text, 3 + source.below(8));
            text += source.below(2) == 0 ? "，" : " ";
        }
    });
}
BENCHMARK(judge_chinese);

// Numbers, Latin words and symbols between: what the patterns look at.
void judge_mixed(benchmark::State& state) {
    judge_often(state, [](std::string& text, han_source& source) {
        while (text.size() < text_bytes) {
            source.append(text, 1 + source.below(5));
            switch (source.below(4)) {
                case 0:
                    text += std::to_string(source.below(100'000));
                    break;
                case 1:
                    text += " word" + std::string(source.below(5), 'x') + " ";
                    break;
                case 2:
                    text += "😀";
                    break;
                default:
                    text += "。";
            }
        }
    });
}
BENCHMARK(judge_mixed);

// Each has two contacts that are masked.
void judge_contacts(benchmark::State& state) {
    judge_often(state, [](std::string& text, han_source& source) {
        text = "微信" + std::string(1, static_cast<char>('a' + source.below(26))) + "bc12345 ";
        source.append(text, 15);
        text += "13" + std::to_string(source.below(900'000'000) + 100'000'000);
        source.append(text, 5);
    });
}
BENCHMARK(judge_contacts);

void make_filter(benchmark::State& state) {
    for (auto _ : state) {
        han_source source;
        benchmark::DoNotOptimize(filter_of_many_words(source));
    }
}
BENCHMARK(make_filter)->Unit(benchmark::kMillisecond);

}  // namespace
