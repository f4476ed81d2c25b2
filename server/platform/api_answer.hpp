// What the platforms' answers have in common: an error code that may be absent when all is well,
// and a sentence of which only the request's id is fit for a log. Which code means what for all
// calls alike is decided here; what it means for a login or a text, there. Pure: any thread.
#pragma once

#include "protocol/json.hpp"
#include "protocol/read.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace onechat::platform {

// How a call ended, for whoever decides what to do next, and for metrics.
enum class call_outcome : std::uint8_t {
    done,           // errcode 0 or absent
    refused,        // another errcode: for the filling to judge
    token,          // the access token is no longer good
    quota,          // too many calls in a minute or a day: waiting helps, trying again does not
    busy,           // -1: they ask to try again
    misconfigured,  // our AppID, secret or permission is wrong: the operator's to mend
    malformed,      // not what their documents say
    declined,       // a status from 400 to 499: what was asked may be to blame
    failed,         // not reached, cut off, or a status of 500 and above
    timed_out,
    crowded,  // too many calls of ours wait, or this one did for too long
    resting,  // the circuit breaker let none through
};

inline constexpr std::size_t call_outcome_count = 12;

[[nodiscard]] std::string_view word_of(call_outcome outcome);

struct api_answer {
    call_outcome what = call_outcome::malformed;
    std::int64_t errcode = 0;
    std::string rid{};  // by which Tencent finds a call in its logs; "" without one
};

// Of an answer with status 200. WeChat writes `errcode`, QQ in places `errCode`.
[[nodiscard]] api_answer judge(std::string_view body);

[[nodiscard]] call_outcome outcome_of_errcode(std::int64_t errcode);

// The id in "invalid code, rid: 5f3b-...", or "": nothing else of the text may be logged, since it
// may repeat what was sent.
[[nodiscard]] std::string_view rid_in(std::string_view errmsg);

// No answer of theirs that we read is nested deeper.
inline constexpr std::size_t answer_depth_max = 8;

// Any described struct from their JSON; unlisted fields are ignored. The text is in nobody's memory
// after that: it may hold a session_key.
template <protocol::described T>
[[nodiscard]] std::optional<T> read_answer(std::string_view body) {
    protocol::json::document document;
    if (!document.parse(body, answer_depth_max).empty()) {
        return std::nullopt;
    }
    T read{};
    protocol::misfit ignored;
    if (!protocol::read_fields(document.root(), read, ignored)) {
        return std::nullopt;
    }
    return read;
}

}  // namespace onechat::platform
