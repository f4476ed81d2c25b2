// Every number that the server and its clients share, once. The validator, the framing, the lobby's
// defaults, the JSON Schema, the reference and the JavaScript constants all read them here; an
// operator's flags may move some of the durations. Constants only: any thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace onechat::protocol {

// What `v` says. Additive changes don't move it: fields that a side does not know are ignored.
inline constexpr std::uint32_t version = 1;
inline constexpr std::string_view subprotocol = "onechat.v1";
inline constexpr std::string_view path = "/ws";

// The built-in avatars, as ids: a URL would show the partner's address to whoever owns it.
inline constexpr std::array<std::string_view, 24> avatars = {
    "fox",  "cat",  "panda", "owl",  "koala", "tiger",  "rabbit",   "penguin",
    "bear", "deer", "otter", "seal", "whale", "turtle", "hedgehog", "squirrel",
    "frog", "duck", "swan",  "crab", "sheep", "horse",  "zebra",    "elephant"};

}  // namespace onechat::protocol

namespace onechat::protocol::limits {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// Integers stay below 2^53, where a JavaScript number is still exact.
inline constexpr std::int64_t integer_max = (std::int64_t{1} << 53) - 1;

// Frames and JSON.
inline constexpr std::size_t kibibyte = 1024;
inline constexpr std::size_t client_frame_bytes_max = 32 * kibibyte;
inline constexpr std::size_t server_frame_bytes_max = 64 * kibibyte;
inline constexpr unsigned fragments_max = 16;
inline constexpr seconds message_time = seconds{10};
inline constexpr unsigned control_frames_max = 10;
inline constexpr seconds control_frames_time = seconds{10};
inline constexpr std::size_t depth_max = 8;
inline constexpr std::size_t outbox_bytes_max = 256 * kibibyte;

// Fields. Ids that the server gives out are far shorter than what it reads.
inline constexpr std::size_t text_code_points_max = 2000;
inline constexpr std::size_t nickname_code_points_max = 32;
inline constexpr std::size_t note_code_points_max = 500;
inline constexpr std::size_t topics_max = 8;
inline constexpr std::size_t templates_max = 16;
inline constexpr std::size_t id_bytes_max = 128;
inline constexpr std::size_t cursor_bytes_max = 256;
inline constexpr std::size_t login_code_bytes_max = 512;
inline constexpr std::size_t token_bytes_max = 4096;
inline constexpr std::size_t pair_random_bits_min = 96;

// Delivery.
inline constexpr std::uint32_t page_max = 100;
inline constexpr std::uint32_t page_default = 20;
inline constexpr std::size_t in_flight_max = 64;
inline constexpr std::size_t cid_window = 64;
inline constexpr std::size_t recent_max = 20;
inline constexpr std::size_t replay_max = 1000;
inline constexpr minutes recall_time = minutes{2};
inline constexpr milliseconds held_time = milliseconds{1500};

// How long a connection may be silent, and how much it may get wrong.
inline constexpr seconds hello_time = seconds{10};
inline constexpr seconds ping_after = seconds{25};
inline constexpr seconds idle_time = seconds{75};
inline constexpr seconds slow_time = seconds{10};
inline constexpr std::size_t malformed_max = 5;
inline constexpr seconds malformed_time = seconds{10};
inline constexpr std::size_t refusals_max = 100;
inline constexpr seconds refusals_time = seconds{10};
inline constexpr milliseconds drain_retry_min = milliseconds{500};
inline constexpr milliseconds drain_retry_max = milliseconds{5000};

// Matching.
inline constexpr milliseconds match_round = milliseconds{200};
inline constexpr seconds any_topic_after = seconds{3};
inline constexpr seconds rematch_after = seconds{8};
inline constexpr minutes parted_time = minutes{30};
inline constexpr seconds waiting_update_time = seconds{2};
inline constexpr seconds ticket_kept_time = seconds{60};
inline constexpr seconds away_time = seconds{120};
inline constexpr minutes away_time_max = minutes{30};

}  // namespace onechat::protocol::limits
