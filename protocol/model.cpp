#include "protocol/model.hpp"

#include "protocol/client_messages.hpp"
#include "protocol/codes.hpp"
#include "protocol/server_messages.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace onechat::protocol::model {

namespace {

// What the enumerations are called outside C++. Without its name an enumeration is not described.
template <class Enum>
constexpr std::string_view words_name = {};
template <>
constexpr std::string_view words_name<provider> = "provider";
template <>
constexpr std::string_view words_name<user_state> = "user_state";
template <>
constexpr std::string_view words_name<sender> = "sender";
template <>
constexpr std::string_view words_name<event_kind> = "event_kind";
template <>
constexpr std::string_view words_name<end_reason> = "end_reason";
template <>
constexpr std::string_view words_name<gone_reason> = "gone_reason";
template <>
constexpr std::string_view words_name<partner_state> = "partner_state";
template <>
constexpr std::string_view words_name<report_reason> = "report_reason";
template <>
constexpr std::string_view words_name<pool_size> = "pool_size";
template <>
constexpr std::string_view words_name<durability> = "durability";
template <>
constexpr std::string_view words_name<record_kind> = "record_kind";
template <>
constexpr std::string_view words_name<refusal> = "refusal";

template <described T>
constexpr std::string_view name_of_record() {
    if constexpr (message<T>) {
        return T::type;
    } else {
        return T::name;
    }
}

void note(field_info&, unlimited) {}
void note(field_info& info, at_least limit) {
    info.numbers->min = limit.min;
}
void note(field_info& info, between limit) {
    info.numbers = range{limit.min, limit.max};
}
void note(field_info& info, exactly limit) {
    info.numbers = range{limit.value, limit.value};
}
void note(field_info& info, code_points limit) {
    info.length = range{static_cast<std::int64_t>(limit.min), static_cast<std::int64_t>(limit.max)};
}
void note(field_info& info, bytes limit) {
    info.length = range{static_cast<std::int64_t>(limit.min), static_cast<std::int64_t>(limit.max)};
    info.length_in_bytes = true;
}
void note(field_info& info, one_of limit) {
    info.values = limit.values;
}
void note(field_info& info, const items& limit) {
    info.items_max = limit.max;
    note(info, limit.each);
}
void note(field_info& info, must_be_true) {
    info.only_true = true;
}
void note(field_info& info, when_true) {
    info.only_true = true;
}

// Collects what the messages of one direction need.
class collector {
public:
    template <class... Message>
    direction collect(std::type_identity<std::variant<Message...>>) {
        (found_.messages.push_back(record<Message>()), ...);
        return std::move(found_);
    }

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

std::int64_t ms(std::chrono::milliseconds duration) {
    return duration.count();
}

std::int64_t number(std::size_t count) {
    return static_cast<std::int64_t>(count);
}

}  // namespace

bool direction::is_part(std::string_view type) const {
    return std::any_of(parts.begin(), parts.end(), [type](const record_info& part) {
        return part.message && part.name == type;
    });
}

direction of_client() {
    return collector{}.collect(std::type_identity<client_message>{});
}

direction of_server() {
    return collector{}.collect(std::type_identity<server_message>{});
}

std::vector<limit_info> limit_table() {
    using namespace limits;
    return {
        {"text_code_points_max", number(text_code_points_max), "Code points in a text."},
        {"nickname_code_points_max", number(nickname_code_points_max),
         "Code points in a nickname."},
        {"note_code_points_max", number(note_code_points_max), "Code points in a report's note."},
        {"topics_max", number(topics_max), "Topics that `find` may name."},
        {"templates_max", number(templates_max), "Templates that `notify` may name."},
        {"id_bytes_max", number(id_bytes_max), "Bytes in a pair, a topic or a template id."},
        {"token_bytes_max", number(token_bytes_max), "Bytes in a token."},
        {"page_max", page_max, "Entries that one page may be asked for."},
        {"page_default", page_default, "Entries of a page when `limit` is absent."},
        {"in_flight_max", number(in_flight_max), "Texts without an `ack`."},
        {"cid_window", number(cid_window),
         "How far back among the accepted texts a repeated `cid` is recognised."},
        {"recent_max", number(recent_max), "Events in `matched.recent`."},
        {"replay_max", number(replay_max), "Missed events that come after `welcome`."},
        {"recall_ms", ms(recall_time), "How old a text may be to be recalled."},
        {"client_frame_bytes_max", number(client_frame_bytes_max),
         "Bytes in a message from the client; beyond it the connection closes with 1009."},
        {"server_frame_bytes_max", number(server_frame_bytes_max),
         "Bytes in a message from the server."},
        {"depth_max", number(depth_max), "Levels of JSON, the outer object being the first."},
        {"integer_max", integer_max, "The largest integer."},
        {"fragments_max", number(fragments_max), "Fragments of a message."},
        {"message_ms", ms(message_time), "From a message's first fragment to its last."},
        {"control_frames_max", number(control_frames_max), "Control frames in 10 s."},
        {"outbox_bytes_max", number(outbox_bytes_max),
         "Bytes that may wait to be sent to a client; beyond it, 4001."},
        {"slow_ms", ms(slow_time), "How long nothing may get through to a client; then 4001."},
        {"hello_ms", ms(hello_time), "From the upgrade to `hello`; then 4002."},
        {"ping_after_ms", ms(ping_after), "Silence before the server sends a WebSocket ping."},
        {"idle_ms", ms(idle_time), "Silence before the server closes with 4002."},
        {"malformed_max", number(malformed_max),
         "Malformed messages in 10 s; this one closes, 4503."},
        {"refusals_max", number(refusals_max), "Refusals in 10 s; this one closes, 4003."},
        {"drain_retry_min_ms", ms(drain_retry_min), "The least `retry_ms` of a draining server."},
        {"drain_retry_max_ms", ms(drain_retry_max),
         "The largest `retry_ms` of a draining server, unless very many are connected."},
        {"any_topic_after_ms", ms(any_topic_after), "Waiting time until tier 1."},
        {"rematch_after_ms", ms(rematch_after), "Waiting time until tier 2; configurable."},
        {"parted_ms", ms(parted_time), "How long a former partner counts as recent."},
        {"waiting_update_ms", ms(waiting_update_time), "The least time between two `waiting`."},
        {"ticket_kept_ms", ms(ticket_kept_time),
         "How long the place of somebody without a connection is kept."},
        {"away_ms", ms(away_time), "How long a seat is kept; configurable, `welcome` has it."},
    };
}

std::string camel_case(std::string_view name, bool upper_first) {
    std::string out;
    bool upper = upper_first;
    for (const char c : name) {
        if (c == '_') {
            upper = true;
            continue;
        }
        out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        upper = false;
    }
    return out;
}

}  // namespace onechat::protocol::model
