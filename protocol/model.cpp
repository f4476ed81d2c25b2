#include "protocol/model.hpp"

#include "protocol/client_messages.hpp"
#include "protocol/codes.hpp"
#include "protocol/collector.hpp"
#include "protocol/server_messages.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

namespace onechat::protocol::model {

namespace {

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
