// Fills any described struct from JSON by its table, and says in a sentence what does not fit. It
// knows kinds and limits of fields, not messages: those are the codec's. Pure: any thread.
#pragma once

#include "protocol/codes.hpp"
#include "protocol/field.hpp"
#include "protocol/json.hpp"
#include "protocol/unicode.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::protocol {

// Why a struct could not be read: `text` goes on from the field's name, as "must be a string", and
// never repeats what the client sent.
struct misfit {
    refusal code = refusal::bad_field;
    std::string field{};  // dotted from the outermost struct
    std::string text{};
};

// Valid Unicode without U+0000. A string from JSON can be otherwise through escapes.
[[nodiscard]] inline bool is_clean(std::string_view text) {
    return text.find('\0') == std::string_view::npos && valid_utf8(text);
}

namespace detail {

inline bool refuse(misfit& why, std::string text, refusal code = refusal::bad_field) {
    why.code = code;
    why.text = std::move(text);
    return false;
}

struct range {
    std::int64_t min;
    std::int64_t max;
};

template <class T>
constexpr range range_of(unlimited) {
    return {least_of<T>, most_of<T>};
}
template <class T>
constexpr range range_of(at_least limit) {
    return {limit.min, most_of<T>};
}
template <class T>
constexpr range range_of(between limit) {
    return {limit.min, limit.max};
}
template <class T>
constexpr range range_of(exactly limit) {
    return {limit.value, limit.value};
}

inline bool fits(std::string_view, unlimited, misfit&) {
    return true;
}

inline bool fits(std::string_view text, code_points limit, misfit& why) {
    // A code point has at least one byte, so that most texts need no counting.
    if (text.size() > limit.max && code_points_in(text) > limit.max) {
        return refuse(why, "is longer than " + std::to_string(limit.max) + " code points",
                      refusal::too_long);
    }
    if (limit.min != 0 && code_points_in(text) < limit.min) {
        return refuse(why, "is shorter than " + std::to_string(limit.min) + " code points");
    }
    return true;
}

inline bool fits(std::string_view text, bytes limit, misfit& why) {
    if (text.size() < limit.min || text.size() > limit.max) {
        return refuse(why, "must have " + std::to_string(limit.min) + " to " +
                               std::to_string(limit.max) + " bytes");
    }
    return true;
}

inline bool fits(std::string_view text, one_of limit, misfit& why) {
    if (std::find(limit.values.begin(), limit.values.end(), text) == limit.values.end()) {
        return refuse(why, "must be one of the ids that the protocol lists");
    }
    return true;
}

template <class Limit>
bool read_value(json::value in, bool& out, const Limit&, misfit& why) {
    if (!in.is(json::kind::boolean)) {
        return refuse(why, "must be true or false");
    }
    out = in.boolean();
    if (std::same_as<Limit, must_be_true> && !out) {
        return refuse(why, "must be true");
    }
    return true;
}

template <wire_integer T, class Limit>
bool read_value(json::value in, T& out, const Limit& limit, misfit& why) {
    const range allowed = range_of<T>(limit);
    const auto number = in.integer();
    if (!number || *number < allowed.min || *number > allowed.max) {
        return refuse(why, "must be an integer from " + std::to_string(allowed.min) + " to " +
                               std::to_string(allowed.max));
    }
    out = static_cast<T>(*number);
    return true;
}

template <class Limit>
bool read_value(json::value in, std::string& out, const Limit& limit, misfit& why) {
    if (!in.is(json::kind::string)) {
        return refuse(why, "must be a string");
    }
    if (!is_clean(in.string())) {
        return refuse(why, "must be valid Unicode without U+0000");
    }
    out.assign(in.string());
    return fits(out, limit, why);
}

template <described_enum Enum>
bool read_value(json::value in, Enum& out, unlimited, misfit& why) {
    if (in.is(json::kind::string)) {
        if (const auto found = named<Enum>(in.string())) {
            out = *found;
            return true;
        }
    }
    std::string names;
    for (const auto& each : words_of<Enum>) {
        names += names.empty() ? "" : ", ";
        names += each.name;
    }
    return refuse(why, "must be one of: " + names);
}

template <described T>
bool read_value(json::value in, T& out, unlimited, misfit& why);

// What a list's limit asks of its elements.
inline unlimited each_of(unlimited) {
    return {};
}
inline bytes each_of(const items& limit) {
    return limit.each;
}

template <class T, class Limit>
bool read_value(json::value in, std::vector<T>& out, const Limit& limit, misfit& why) {
    if (!in.is(json::kind::array)) {
        return refuse(why, "must be a list");
    }
    if constexpr (std::same_as<Limit, items>) {
        if (in.size() > limit.max) {
            return refuse(why, "must have at most " + std::to_string(limit.max) + " elements");
        }
    }
    out.clear();
    out.reserve(in.size());
    return in.for_each([&](json::value each) {
        if (read_value(each, out.emplace_back(), each_of(limit), why)) {
            return true;
        }
        why.text.insert(0, "has an element that ");
        return false;
    });
}

template <class T, class Limit>
bool read_value(json::value in, std::optional<T>& out, const Limit& limit, misfit& why) {
    return read_value(in, out.emplace(), limit, why);
}

template <class T, class Field>
bool read_field(json::value object, T& out, const Field& field, misfit& why) {
    auto& member = out.*field.member;
    const json::value in = object.find(field.name);
    if (!in) {
        if constexpr (is_optional<typename Field::member_type>) {
            member.reset();
            return true;
        }
        why.field = field.name;
        return refuse(why, "is missing");
    }
    if (read_value(in, member, field.limit, why)) {
        return true;
    }
    why.field =
        why.field.empty() ? std::string{field.name} : std::string{field.name} + "." + why.field;
    return false;
}

template <described T>
bool has_one_needed(json::value object, misfit& why) {
    if constexpr (requires { T::needs_one_of; }) {
        const auto& needed = T::needs_one_of;
        const auto given = [object](std::string_view name) { return bool{object.find(name)}; };
        if (std::none_of(needed.begin(), needed.end(), given)) {
            why.field = needed.front();
            return refuse(why, "is missing, and so is what could stand for it");
        }
    }
    return true;
}

template <described T>
bool read_value(json::value in, T& out, unlimited, misfit& why) {
    if (!in.is(json::kind::object)) {
        return refuse(why, "must be an object");
    }
    return for_each_field<T>([&](const auto& field) { return read_field(in, out, field, why); }) &&
           has_one_needed<T>(in, why);
}

}  // namespace detail

// Reads the listed fields and ignores all others. False with `why` filled when one does not fit;
// then `out` is half read.
template <described T>
[[nodiscard]] bool read_fields(json::value object, T& out, misfit& why) {
    return detail::read_value(object, out, unlimited{}, why);
}

}  // namespace onechat::protocol
