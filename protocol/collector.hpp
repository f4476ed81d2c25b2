// From the constexpr tables to the plain data of model.hpp: what a set of described structs is made
// of, each part and word list once. Any thread.
#pragma once

#include "protocol/codes.hpp"
#include "protocol/model.hpp"
#include "protocol/vocabulary.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace onechat::protocol::model {

// What the enumerations are called outside C++. Without its name an enumeration is not described.
template <class Enum>
inline constexpr std::string_view words_name = {};
template <>
inline constexpr std::string_view words_name<provider> = "provider";
template <>
inline constexpr std::string_view words_name<user_state> = "user_state";
template <>
inline constexpr std::string_view words_name<sender> = "sender";
template <>
inline constexpr std::string_view words_name<event_kind> = "event_kind";
template <>
inline constexpr std::string_view words_name<end_reason> = "end_reason";
template <>
inline constexpr std::string_view words_name<gone_reason> = "gone_reason";
template <>
inline constexpr std::string_view words_name<partner_state> = "partner_state";
template <>
inline constexpr std::string_view words_name<report_reason> = "report_reason";
template <>
inline constexpr std::string_view words_name<pool_size> = "pool_size";
template <>
inline constexpr std::string_view words_name<durability> = "durability";
template <>
inline constexpr std::string_view words_name<record_kind> = "record_kind";
template <>
inline constexpr std::string_view words_name<refusal> = "refusal";

template <described T>
constexpr std::string_view name_of_record() {
    if constexpr (message<T>) {
        return T::type;
    } else {
        return T::name;
    }
}

inline void note(field_info&, unlimited) {}
inline void note(field_info& info, at_least limit) {
    info.numbers->min = limit.min;
}
inline void note(field_info& info, between limit) {
    info.numbers = range{limit.min, limit.max};
}
inline void note(field_info& info, exactly limit) {
    info.numbers = range{limit.value, limit.value};
}
inline void note(field_info& info, code_points limit) {
    info.length = range{static_cast<std::int64_t>(limit.min), static_cast<std::int64_t>(limit.max)};
}
inline void note(field_info& info, bytes limit) {
    info.length = range{static_cast<std::int64_t>(limit.min), static_cast<std::int64_t>(limit.max)};
    info.length_in_bytes = true;
}
inline void note(field_info& info, one_of limit) {
    info.values = limit.values;
}
inline void note(field_info& info, const items& limit) {
    info.items_max = limit.max;
    note(info, limit.each);
}
inline void note(field_info& info, must_be_true) {
    info.only_true = true;
}
inline void note(field_info& info, when_true) {
    info.only_true = true;
}

// Collects what the messages of one direction need, or the parts of another interface.
class collector {
public:
    template <class... Message>
    direction collect(std::type_identity<std::variant<Message...>>) {
        (found_.messages.push_back(record<Message>()), ...);
        return std::move(found_);
    }

    // Adds a part with all that it is made of.
    template <described T>
    std::string_view add() {
        add_part<T>();
        return name_of_record<T>();
    }
    [[nodiscard]] direction take() { return std::move(found_); }

private:
    template <described T>
    record_info record() {
        record_info info{.name = name_of_record<T>(),
                         .doc = T::doc,
                         .answer = {},
                         .message = message<T>,
                         .fields = {},
                         .needs_one_of = {}};
        if constexpr (requires { T::answer; }) {
            info.answer = T::answer;
        }
        if constexpr (requires { T::needs_one_of; }) {
            info.needs_one_of.assign(T::needs_one_of.begin(), T::needs_one_of.end());
        }
        for_each_field<T>([&]<class Field>(const Field& field) {
            field_info each{.name = field.name, .doc = field.doc};
            type_of<typename Field::member_type>(each);
            note(each, field.limit);
            info.fields.push_back(each);
            return true;
        });
        return info;
    }

    template <class Member>
    void type_of(field_info& info) {
        if constexpr (is_optional<Member>) {
            info.optional = true;
            type_of<typename Member::value_type>(info);
        } else if constexpr (is_vector<Member>) {
            info.list = true;
            type_of<typename Member::value_type>(info);
        } else if constexpr (std::same_as<Member, bool>) {
            info.shape = shape::boolean;
        } else if constexpr (std::same_as<Member, std::string>) {
            info.shape = shape::string;
        } else if constexpr (wire_integer<Member>) {
            info.shape = shape::integer;
            info.numbers = range{least_of<Member>, most_of<Member>};
        } else if constexpr (described_enum<Member>) {
            info.shape = shape::words;
            info.type = words_name<Member>;
            add_words<Member>();
        } else {
            info.shape = shape::part;
            info.type = name_of_record<Member>();
            add_part<Member>();
        }
    }

    template <described_enum Enum>
    void add_words() {
        static_assert(!words_name<Enum>.empty());
        const auto same = [](const words_info& each) { return each.name == words_name<Enum>; };
        if (std::any_of(found_.words.begin(), found_.words.end(), same)) {
            return;
        }
        words_info info{.name = words_name<Enum>, .words = {}};
        for (const auto& each : words_of<Enum>) {
            info.words.push_back({each.name, each.doc});
        }
        found_.words.push_back(std::move(info));
    }

    template <described T>
    void add_part() {
        const auto same = [](const record_info& each) { return each.name == name_of_record<T>(); };
        if (std::none_of(found_.parts.begin(), found_.parts.end(), same)) {
            record_info info = record<T>();  // adds the parts of the part
            found_.parts.push_back(std::move(info));
        }
    }

    direction found_;
};

}  // namespace onechat::protocol::model
