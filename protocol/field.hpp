// How a message describes itself: a struct has a tuple `fields`, and each field names its member on
// the wire, says what it means, and states its limit. From these tables messages are parsed,
// written and documented. Not reflection: only what is listed exists on the wire. Constants only:
// any thread.
#pragma once

#include "protocol/limits.hpp"

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace onechat::protocol {

// ---- limits that a field may state ----

struct unlimited {};

// Integers.
struct at_least {
    std::int64_t min;
};
struct between {
    std::int64_t min;
    std::int64_t max;
};
struct exactly {
    std::int64_t value;
};

// Text that people write: beyond `max` it is `too_long`, below `min` a `bad_field`.
struct code_points {
    std::size_t min;
    std::size_t max;
};

// Ids and other opaque strings: beyond `max` nothing can be meant by it, so `bad_field`.
struct bytes {
    std::size_t min;
    std::size_t max;
};

struct one_of {
    std::span<const std::string_view> values;
};

// Lists of strings.
struct items {
    std::size_t max;
    bytes each;
};

// Booleans. `must_be_true` refuses false; `when_true` is written only when true, and absent is
// false.
struct must_be_true {};
struct when_true {};

// ---- a field ----

template <class Struct, class Member, class Limit = unlimited>
struct field {
    using member_type = Member;

    std::string_view name;
    Member Struct::*member;
    std::string_view doc;
    Limit limit{};
};

template <class Struct, class Member>
field(const char*, Member Struct::*, const char*) -> field<Struct, Member, unlimited>;
template <class Struct, class Member, class Limit>
field(const char*, Member Struct::*, const char*, Limit) -> field<Struct, Member, Limit>;

template <class T>
concept described = requires {
    std::tuple_size<std::remove_cvref_t<decltype(T::fields)>>::value;
};

// A message is a described struct with a type, the `t` on the wire.
template <class T>
concept message = described<T> && requires {
    { T::type } -> std::convertible_to<std::string_view>;
};

template <class T>
inline constexpr std::size_t field_count =
    std::tuple_size_v<std::remove_cvref_t<decltype(T::fields)>>;

// Calls `f` with each field of T in the order of the table, until it returns false.
template <described T, class F>
constexpr bool for_each_field(F&& f) {
    return std::apply([&f](const auto&... each) { return (f(each) && ...); }, T::fields);
}

// ---- words: enumerations with a name for each value ----

template <class Enum>
struct word {
    Enum value;
    std::string_view name;
    std::string_view doc;
};

template <class Enum>
word(Enum, const char*, const char*) -> word<Enum>;

// A word list is found by argument-dependent lookup: `constexpr auto words(Enum)` returns an array
// of `word` in the order of the enumerators, which count from 0.
template <class T>
concept described_enum = std::is_enum_v<T> && requires(T value) {
    words(value).size();
};

template <described_enum Enum>
inline constexpr auto words_of = words(Enum{});

template <described_enum Enum>
consteval bool words_in_order() {
    for (std::size_t i = 0; i < words_of<Enum>.size(); ++i) {
        if (static_cast<std::size_t>(words_of<Enum>[i].value) != i) {
            return false;
        }
    }
    return true;
}

// The name on the wire. REQUIRES: one of the enumerators.
template <described_enum Enum>
constexpr std::string_view name_of(Enum value) {
    static_assert(words_in_order<Enum>());
    return words_of<Enum>[static_cast<std::size_t>(value)].name;
}

template <described_enum Enum>
constexpr std::optional<Enum> named(std::string_view name) {
    for (const auto& each : words_of<Enum>) {
        if (each.name == name) {
            return each.value;
        }
    }
    return std::nullopt;
}

// ---- which C++ types a field may have ----

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;

template <class T>
concept wire_integer = std::same_as<T, std::uint32_t> || std::same_as<T, std::uint64_t> ||
    std::same_as<T, std::int64_t>;

// The smallest and largest value that the type alone lets through.
template <wire_integer T>
inline constexpr std::int64_t least_of = std::is_signed_v<T> ? -limits::integer_max : 0;
template <wire_integer T>
inline constexpr std::int64_t most_of = sizeof(T) == 4 ? std::int64_t{UINT32_MAX}
                                                       : limits::integer_max;

}  // namespace onechat::protocol
