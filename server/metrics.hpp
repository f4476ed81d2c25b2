// Writes figures as Prometheus reads them (text exposition format 0.0.4). Not where anything is
// counted, and no register: whoever owns a figure says it when it is asked for. Any thread.
#pragma once

#include "server/histogram.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace onechat {

class metrics_text {
public:
    // Names carry the unit and, for counters, end in _total (prometheus.io, "Metric and label
    // naming"). `help` is one sentence without a line end.
    void counter(std::string_view name, std::string_view help, std::uint64_t value);
    void counter(std::string_view name, std::string_view help, double value);
    void gauge(std::string_view name, std::string_view help, double value);

    // Seconds, as `name_bucket`, `name_sum` and `name_count`.
    void distribution(std::string_view name, std::string_view help, const histogram& of);

    // A metric with one label: the head once, then each of its values.
    void counter_head(std::string_view name, std::string_view help);
    void gauge_head(std::string_view name, std::string_view help);
    void value(std::string_view name, std::string_view word, std::uint64_t value);
    void value(std::string_view name, std::string_view word, double value);
    // With several labels.
    struct label {
        std::string_view name;
        std::string_view word;
    };
    void value(std::initializer_list<label> labels, std::uint64_t value);
    void value(std::initializer_list<label> labels, double value);

    [[nodiscard]] std::string take() && { return std::move(text_); }

private:
    void begin(std::initializer_list<label> labels);
    void head(std::string_view name, std::string_view help, std::string_view type);

    std::string text_;
    std::string name_;  // of the metric whose values follow
};

inline constexpr std::string_view metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace onechat
