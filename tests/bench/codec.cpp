// What it costs to read what people say and to write what they hear, 128 bytes a text.
#include "protocol/codec.hpp"

#include <benchmark/benchmark.h>
#include <string>

using namespace onechat::protocol;

namespace {

constexpr std::string_view pair_name = "0123456789abcdef";

void parse_say(benchmark::State& state) {
    const std::string said = R"({"t":"say","pair":")" + std::string{pair_name} +
                             R"(","cid":1234,"text":")" + std::string(128, 'x') + R"("})";
    for (auto _ : state) {
        auto read = parse(said);
        if (!read) {
            state.SkipWithError("not read");
        }
        benchmark::DoNotOptimize(read);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse_say);

// Outside ASCII each character is looked at more closely.
void parse_say_chinese(benchmark::State& state) {
    std::string text;
    while (text.size() < 128) {
        text += "你好";
    }
    const std::string said = R"({"t":"say","cid":1234,"text":")" + text + R"("})";
    for (auto _ : state) {
        auto read = parse(said);
        if (!read) {
            state.SkipWithError("not read");
        }
        benchmark::DoNotOptimize(read);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(parse_say_chinese);

template <class Message>
void write_often(benchmark::State& state, const Message& message) {
    std::string out;
    for (auto _ : state) {
        out.clear();
        write(out, server_message{message});
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(state.iterations());
}

void write_event(benchmark::State& state) {
    write_often(state, server::event{.pair = std::string{pair_name},
                                     .seq = 1234,
                                     .at = 1'700'000'000'000,
                                     .from = sender::partner,
                                     .text = std::string(128, 'x')});
}
BENCHMARK(write_event);

void write_ack(benchmark::State& state) {
    write_often(
        state,
        server::ack{
            .pair = std::string{pair_name}, .cid = 1234, .seq = 1234, .at = 1'700'000'000'000});
}
BENCHMARK(write_ack);

}  // namespace
