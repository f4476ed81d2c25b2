// Appends JSON as people read it: a line for each element, two spaces for each level. For what is
// committed; messages are written without blanks by codec. Any thread.
#pragma once

#include "protocol/json.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace onechat::protocol {

class json_layout {
public:
    void open(char bracket) {
        out_ += bracket;
        ++depth_;
        first_ = true;
    }
    void close(char bracket) {
        --depth_;
        if (!first_) {
            new_line();
        }
        out_ += bracket;
        first_ = false;
    }
    // The bracket as a member's value.
    void open(std::string_view name, char bracket) {
        key(name);
        open(bracket);
    }
    void element() {
        if (!first_) {
            out_ += ',';
        }
        new_line();
        first_ = false;
    }
    void key(std::string_view name) {
        element();
        json::write_string(out_, name);
        out_ += ": ";
    }
    void text(std::string_view name, std::string_view value) {
        key(name);
        json::write_string(out_, value);
    }
    void number(std::string_view name, std::int64_t value) {
        key(name);
        json::write_integer(out_, value);
    }
    // REQUIRES: JSON.
    void literal(std::string_view name, std::string_view value) {
        key(name);
        out_ += value;
    }
    void element_text(std::string_view value) {
        element();
        json::write_string(out_, value);
    }
    [[nodiscard]] std::string take() { return std::move(out_) + "\n"; }

private:
    void new_line() {
        out_ += '\n';
        out_.append(depth_ * 2, ' ');
    }

    std::string out_;
    std::size_t depth_ = 0;
    bool first_ = true;
};

}  // namespace onechat::protocol
