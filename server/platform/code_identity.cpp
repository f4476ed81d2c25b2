#include "server/platform/code_identity.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace onechat::platform {
namespace asio = boost::asio;

namespace {

using protocol::field;

// Real ones have 28 characters at WeChat and 32 at QQ.
constexpr std::size_t openid_bytes_max = 128;

struct session_answer {
    std::string openid;

    static constexpr auto fields = std::tuple{
        field{"openid", &session_answer::openid, "The person, as this program knows them.",
              protocol::bytes{1, openid_bytes_max}},
    };
};

constexpr std::int64_t code_risky = 40226;
constexpr std::int64_t code_used = 40163;

}  // namespace

code_identity::code_identity(api_caller& line, credentials who)
    : line_(line), who_(std::move(who)) {}

// What no platform can have given out is not shown to it: it may take offence at more than the
// code.
void code_identity::identify(std::string code, done finished) {
    if (!std::ranges::all_of(code, [](char c) { return c > 0x20 && c < 0x7F; })) {
        asio::post(line_.around().http.executor(), [finished = std::move(finished)] {
            finished(login_refusal{login_refusal::kind::failed});
        });
        return;
    }
    asio::co_spawn(line_.around().http.executor(), ask(std::move(code), std::move(finished)),
                   asio::detached);
}

net::loop_task<void> code_identity::ask(std::string code, done finished) {
    api_caller::question asked;
    asked.target = "/sns/jscode2session?appid=" + net::percent_encoded(who_.appid) +
                   "&secret=" + net::percent_encoded(who_.secret) +
                   "&js_code=" + net::percent_encoded(code) + "&grant_type=authorization_code";
    const auto got = co_await line_.ask(std::move(asked));
    finished(judged(got));
}

identity::answer code_identity::judged(const api_caller::reply& got) const {
    using kind = login_refusal::kind;
    if (got.what == call_outcome::done) {
        if (auto read = read_answer<session_answer>(got.body)) {
            return account{line_.platform(), std::move(read->openid)};
        }
        return login_refusal{kind::busy, got.retry};
    }
    if (got.what != call_outcome::refused) {
        return login_refusal{kind::busy, got.retry};
    }
    if (got.errcode == code_used) {
        return login_refusal{kind::used};
    }
    return login_refusal{got.errcode == code_risky ? kind::risky : kind::failed};
}

}  // namespace onechat::platform
