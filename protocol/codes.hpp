// The reasons for which the server refuses a request or closes a connection. For a close the range
// of the code is the advice: 4000-4499 connect again, 4500-4999 don't. Constants only: any thread.
#pragma once

#include "protocol/field.hpp"

#include <array>
#include <cassert>
#include <cstdint>
#include <string_view>

namespace onechat::protocol {

// Why a request was refused: the `code` of `error` and `nack`.
enum class refusal {
    bad_json,
    unknown_type,
    bad_field,
    too_long,
    not_ready,
    already_paired,
    not_waiting,
    not_paired,
    unknown_pair,
    unknown_topic,
    cid_stale,
    cid_conflict,
    in_flight_full,
    rate_limited,
    blocked_text,
    login_failed,
    login_code_used,
    login_risky,
    platform_busy,
    store_unavailable,
    too_late,
    forbidden,
};

constexpr auto words(refusal) {
    using enum refusal;
    return std::array{
        word{
            bad_json, "bad_json",
            "Not one JSON object of at most 8 levels without duplicate keys. A bug in the client."},
        word{unknown_type, "unknown_type",
             "`t` is missing or names no message of this server; it may be older than the client."},
        word{bad_field, "bad_field",
             "A field is missing, of the wrong kind or out of range; `field` says which one."},
        word{too_long, "too_long",
             "A text has more code points than allowed. Shorten it; it does not count as "
             "malformed."},
        word{not_ready, "not_ready", "Something was said before `welcome`. Wait for it."},
        word{already_paired, "already_paired",
             "`find` during a chat. Say `next` or `leave` first."},
        word{not_waiting, "not_waiting", "There is no ticket that could be cancelled."},
        word{not_paired, "not_paired",
             "There is no chat, or the named `pair` is not the current one."},
        word{unknown_pair, "unknown_pair",
             "No such pair among one's own; other people's pairs look the same."},
        word{unknown_topic, "unknown_topic",
             "A topic id that the server does not offer. The list of `welcome` is current."},
        word{cid_stale, "cid_stale",
             "The `cid` lies too far back to tell whether its text was stored, or was refused "
             "before. "
             "Say the text again with a new `cid`."},
        word{cid_conflict, "cid_conflict",
             "This `cid` was already used for another text. A bug in the client."},
        word{
            in_flight_full, "in_flight_full",
            "Too many texts without `ack`. Wait for one, then say the refused ones again in order, "
            "with new `cid`s."},
        word{rate_limited, "rate_limited", "Too much, too fast. Try again after `retry_ms`."},
        word{blocked_text, "blocked_text", "Moderation refused the text. Don't repeat it."},
        word{login_failed, "login_failed",
             "The platform did not accept the login. Ask it for a new code and say `hello` again."},
        word{login_code_used, "login_code_used",
             "The login code was used already; each one is good for one `hello`."},
        word{login_risky, "login_risky", "The platform calls this account risky. Don't try again."},
        word{platform_busy, "platform_busy",
             "The platform or the server is overloaded. Try again after `retry_ms`."},
        word{store_unavailable, "store_unavailable",
             "The server cannot store anything at present. Try again after `retry_ms`."},
        word{too_late, "too_late", "The text is too old to be recalled."},
        word{forbidden, "forbidden", "Not allowed here, as a second `hello` on one connection."},
    };
}

enum class close_code : std::uint16_t {
    restarting = 4000,
    slow = 4001,
    idle = 4002,
    flood = 4003,
    busy = 4004,
    replaced = 4500,
    login_required = 4501,
    banned = 4502,
    protocol_error = 4503,
    erased = 4504,
};

struct close_row {
    close_code code;
    std::string_view reason;  // the close frame's reason, and that of `bye`
    std::string_view meaning;
};

inline constexpr std::array close_codes = {
    close_row{
        close_code::restarting, "restarting",
        "The server drains. `retry_ms` is spread over the clients so that they don't come back "
        "at once."},
    close_row{close_code::slow, "slow",
              "More than 256 KiB waited to be sent, or nothing could be sent for 10 s. Resume now, "
              "nothing is lost."},
    close_row{close_code::idle, "idle", "No `hello` within 10 s, or 75 s without a frame."},
    close_row{close_code::flood, "flood", "100 refusals within 10 s. Come back after `retry_ms`."},
    close_row{close_code::busy, "busy", "The server is at its connection limit."},
    close_row{
        close_code::replaced, "replaced",
        "A newer connection of the same user took over. Coming back would start a tug of war."},
    close_row{close_code::login_required, "login_required",
              "The token is bad, expired or revoked. Log in again."},
    close_row{close_code::banned, "banned", "The user is banned; `until` says how long."},
    close_row{close_code::protocol_error, "protocol_error",
              "The client breaks this protocol. A bug in the client."},
    close_row{close_code::erased, "erased", "The account is gone, as its owner asked."},
};

constexpr std::string_view reason_of(close_code code) {
    for (const auto& row : close_codes) {
        if (row.code == code) {
            return row.reason;
        }
    }
    assert(false && "a close code without a row");
    return {};
}

// Whether a client that did not ask for this close connects again. Every code outside 4500-4999
// says yes, 1000 included: WeChat reports a background kill as 1000.
constexpr bool should_reconnect(std::uint32_t code) {
    return code < 4500 || code > 4999;
}

}  // namespace onechat::protocol
