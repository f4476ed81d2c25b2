// Writes any described struct as JSON by its table, in the table's order, so that the same value is
// always the same bytes. Appends to a string of the caller's, who may reuse it. Pure: any thread.
#pragma once

#include "protocol/field.hpp"
#include "protocol/json.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace onechat::protocol {

namespace detail {

// The parts that never change are put together by the compiler, and appended as one.
template <std::size_t Size>
constexpr std::array<char, Size> joined(std::initializer_list<std::string_view> parts) {
    std::array<char, Size> all{};
    char* at = all.data();
    for (const std::string_view part : parts) {
        at = std::copy(part.begin(), part.end(), at);
    }
    return all;
}

// `,"name":` of the field with that index.
template <described T, std::size_t Index>
inline constexpr auto key_text = joined<std::get<Index>(T::fields).name.size() + 4>(
    {",\"", std::get<Index>(T::fields).name, "\":"});

// `{"t":"type"`, how a message begins.
template <message T>
inline constexpr auto opening_text = joined<std::string_view{T::type}.size() + 7>({"{\"t\":\"",
                                                                                   T::type, "\""});

template <std::size_t Size>
void append(std::string& out, const std::array<char, Size>& text) {
    out.append(text.data(), Size);
}

inline void write_value(std::string& out, bool value) {
    out += value ? "true" : "false";
}

template <wire_integer T>
void write_value(std::string& out, T value) {
    if constexpr (std::is_signed_v<T>) {
        json::write_integer(out, std::int64_t{value});
    } else {
        json::write_integer(out, std::uint64_t{value});
    }
}

inline void write_value(std::string& out, const std::string& value) {
    json::write_string(out, value);
}

template <described_enum Enum>
void write_value(std::string& out, Enum value) {
    out += '"';
    out += name_of(value);  // plain ASCII, which the tests check
    out += '"';
}

template <described T>
void write_value(std::string& out, const T& value);

template <class T>
void write_value(std::string& out, const std::vector<T>& value) {
    out += '[';
    for (const T& each : value) {
        if (out.back() != '[') {
            out += ',';
        }
        write_value(out, each);
    }
    out += ']';
}

template <class Limit, class Member>
constexpr bool is_absent(const Member& member) {
    if constexpr (std::same_as<Limit, when_true>) {
        return !member.value_or(false);
    } else if constexpr (is_optional<Member>) {
        return !member.has_value();
    } else {
        return false;
    }
}

template <std::size_t Index, described T>
void write_field(std::string& out, const T& value) {
    constexpr auto& field = std::get<Index>(T::fields);
    const auto& member = value.*field.member;
    if (is_absent<std::remove_cvref_t<decltype(field.limit)>>(member)) {
        return;
    }
    if (out.back() == '{') {
        out.append(key_text<T, Index>.data() + 1, key_text<T, Index>.size() - 1);
    } else {
        append(out, key_text<T, Index>);
    }
    if constexpr (is_optional<std::remove_cvref_t<decltype(member)>>) {
        write_value(out, *member);
    } else {
        write_value(out, member);
    }
}

template <described T>
void write_all_fields(std::string& out, const T& value) {
    [&]<std::size_t... Index>(std::index_sequence<Index...>) {
        (write_field<Index>(out, value), ...);
    }
    (std::make_index_sequence<field_count<T>>{});
}

template <described T>
void write_value(std::string& out, const T& value) {
    out += '{';
    write_all_fields(out, value);
    out += '}';
}

}  // namespace detail

// Appends the struct as a JSON object; a message, too, is written without its `t`.
// REQUIRES: strings are valid UTF-8, integers below 2^53 in magnitude.
template <described T>
void write_fields(std::string& out, const T& value) {
    detail::write_value(out, value);
}

// Appends a message with its `t`, then `rid` if given. REQUIRES: as above.
template <message T>
void write(std::string& out, const T& value, std::optional<std::int64_t> rid = {}) {
    detail::append(out, detail::opening_text<T>);
    if (rid) {
        out += ",\"rid\":";
        json::write_integer(out, *rid);
    }
    detail::write_all_fields(out, value);
    out += '}';
}

}  // namespace onechat::protocol
