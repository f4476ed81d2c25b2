// The constexpr tables as plain data, for whatever describes the protocol to somebody else. Not for
// parsing or writing: those walk the tables themselves. Any thread.
#pragma once

#include "protocol/field.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::protocol::model {

enum class shape { boolean, integer, string, words, part };

struct range {
    std::int64_t min;
    std::int64_t max;
};

struct field_info {
    std::string_view name;
    std::string_view doc;
    bool optional = false;
    bool list = false;  // then `shape`, `type` and `length` are those of an element
    model::shape shape = shape::boolean;
    std::string_view type{};                     // of words and parts: which
    std::optional<range> numbers{};              // of an integer: what is allowed
    std::optional<range> length{};               // of a string
    bool length_in_bytes = false;                // otherwise in code points
    std::optional<std::size_t> items_max{};      // of a list
    bool only_true = false;                      // of a boolean
    std::span<const std::string_view> values{};  // of a string: one of these
};

// A message, or a part of messages. One that is both is listed as both.
struct record_info {
    std::string_view name;  // of a message: its type
    std::string_view doc;
    std::string_view answer;  // of a client's message
    bool message = false;
    std::vector<field_info> fields;
    std::vector<std::string_view> needs_one_of;
};

struct word_info {
    std::string_view name;
    std::string_view doc;
};

struct words_info {
    std::string_view name;
    std::vector<word_info> words;
};

struct direction {
    std::vector<record_info> messages;
    std::vector<record_info> parts;
    std::vector<words_info> words;

    // Whether the message of that type is also a part of another one.
    [[nodiscard]] bool is_part(std::string_view type) const;
};

[[nodiscard]] direction of_client();
[[nodiscard]] direction of_server();

// One of the limits that a client should know, durations in milliseconds.
struct limit_info {
    std::string_view name;
    std::int64_t value;
    std::string_view doc;
};

[[nodiscard]] std::vector<limit_info> limit_table();

// "held_position" as "HeldPosition", with `upper_first` false as "heldPosition".
[[nodiscard]] std::string camel_case(std::string_view name, bool upper_first = true);

}  // namespace onechat::protocol::model
