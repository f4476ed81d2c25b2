#include "server/metrics.hpp"

#include <array>
#include <charconv>

namespace onechat {

namespace {

std::string_view written(double value, std::array<char, 32>& room) {
    const auto end = std::to_chars(room.data(), room.data() + room.size(), value).ptr;
    return {room.data(), static_cast<std::size_t>(end - room.data())};
}

}  // namespace

void metrics_text::counter(std::string_view name, std::string_view help, std::uint64_t value) {
    counter_head(name, help);
    text_.append(name).append(" ").append(std::to_string(value)).append("\n");
}

void metrics_text::counter(std::string_view name, std::string_view help, double value) {
    counter_head(name, help);
    std::array<char, 32> room{};
    text_.append(name).append(" ").append(written(value, room)).append("\n");
}

void metrics_text::gauge(std::string_view name, std::string_view help, double value) {
    gauge_head(name, help);
    std::array<char, 32> room{};
    text_.append(name).append(" ").append(written(value, room)).append("\n");
}

void metrics_text::distribution(std::string_view name, std::string_view help, const histogram& of) {
    head(name, help, "histogram");
    std::uint64_t up_to = 0;
    std::array<char, 32> room{};
    for (std::size_t i = 0; i < histogram::bounds.size(); ++i) {
        up_to += of.counted()[i];
        text_.append(name).append("_bucket{le=\"");
        text_.append(written(histogram::bounds[i], room)).append("\"} ");
        text_.append(std::to_string(up_to)).append("\n");
    }
    const auto all = std::to_string(of.count());
    text_.append(name).append("_bucket{le=\"+Inf\"} ").append(all).append("\n");
    text_.append(name).append("_sum ").append(written(of.sum(), room)).append("\n");
    text_.append(name).append("_count ").append(all).append("\n");
}

void metrics_text::counter_head(std::string_view name, std::string_view help) {
    head(name, help, "counter");
}

void metrics_text::gauge_head(std::string_view name, std::string_view help) {
    head(name, help, "gauge");
}

void metrics_text::value(std::string_view name, std::string_view word, std::uint64_t value) {
    this->value({{name, word}}, value);
}

void metrics_text::value(std::string_view name, std::string_view word, double value) {
    this->value({{name, word}}, value);
}

void metrics_text::value(std::initializer_list<label> labels, std::uint64_t value) {
    begin(labels);
    text_.append(std::to_string(value)).append("\n");
}

void metrics_text::value(std::initializer_list<label> labels, double value) {
    std::array<char, 32> room{};
    begin(labels);
    text_.append(written(value, room)).append("\n");
}

void metrics_text::begin(std::initializer_list<label> labels) {
    text_.append(name_);
    char before = '{';
    for (const auto& [name, word] : labels) {
        text_.append(1, before).append(name).append("=\"").append(word).append("\"");
        before = ',';
    }
    text_.append("} ");
}

void metrics_text::head(std::string_view name, std::string_view help, std::string_view type) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

}  // namespace onechat
