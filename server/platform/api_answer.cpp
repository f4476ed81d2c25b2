#include "server/platform/api_answer.hpp"

#include "protocol/field.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace onechat::platform {
namespace {

using protocol::field;

struct verdict_of_call {
    std::optional<std::int64_t> errcode;
    std::optional<std::int64_t> err_code;
    std::optional<std::string> errmsg;
    std::optional<std::string> err_msg;

    static constexpr auto fields = std::tuple{
        field{"errcode", &verdict_of_call::errcode, "0 or absent: done."},
        field{"errCode", &verdict_of_call::err_code, "The same, as some of QQ's calls write it."},
        field{"errmsg", &verdict_of_call::errmsg, "A sentence, with the request's id."},
        field{"errMsg", &verdict_of_call::err_msg, "The same."},
    };
};

constexpr std::size_t rid_bytes_max = 64;

}  // namespace

std::string_view word_of(call_outcome outcome) {
    constexpr std::array<std::string_view, call_outcome_count> words = {
        "done",      "refused",  "token",  "quota",     "busy",    "misconfigured",
        "malformed", "declined", "failed", "timed_out", "crowded", "resting"};
    return words[static_cast<std::size_t>(outcome)];
}

call_outcome outcome_of_errcode(std::int64_t errcode) {
    switch (errcode) {
        case 0:
            return call_outcome::done;
        case -1:
            return call_outcome::busy;
        case 40001:  // also "invalid secret", of which nothing but a new token could tell
        case 40014:
        case 42001:
            return call_outcome::token;
        case 45009:  // calls in a day
        case 45011:  // calls in a minute
            return call_outcome::quota;
        case 40013:  // invalid appid
        case 40125:  // invalid secret
        case 40164:  // our address is not on their list
        case 41002:  // no appid
        case 41004:  // no secret
        case 48001:  // no permission for this call
        case 50002:  // the program is suspended
            return call_outcome::misconfigured;
        default:
            return call_outcome::refused;
    }
}

std::string_view rid_in(std::string_view errmsg) {
    constexpr std::string_view mark = "rid: ";
    const auto at = errmsg.find(mark);
    if (at == std::string_view::npos) {
        return {};
    }
    const auto rest = errmsg.substr(at + mark.size());
    const auto end = rest.find_first_not_of("0123456789abcdef-");
    const auto rid = rest.substr(0, end);
    return rid.size() <= rid_bytes_max ? rid : std::string_view{};
}

api_answer judge(std::string_view body) {
    const auto read = read_answer<verdict_of_call>(body);
    if (!read) {
        return {};
    }
    api_answer answer;
    answer.errcode = read->errcode.value_or(read->err_code.value_or(0));
    answer.what = outcome_of_errcode(answer.errcode);
    answer.rid = rid_in(read->errmsg ? *read->errmsg : read->err_msg.value_or(""));
    return answer;
}

}  // namespace onechat::platform
