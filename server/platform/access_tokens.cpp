#include "server/platform/access_tokens.hpp"

#include "protocol/write.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <tuple>
#include <utility>

namespace onechat::platform {
namespace asio = boost::asio;

namespace {

using protocol::field;
using std::chrono::minutes;
using std::chrono::seconds;

// WeChat gives out the next token in the last five minutes of the one before.
constexpr seconds renew_early = minutes{5};
// "force_refresh" may be asked for every 30 s, and 20 times a day.
constexpr minutes forced_again_after{72};
// Documented: 512 characters.
constexpr std::size_t token_bytes_max = 1024;
constexpr std::int64_t lifetime_max = 86'400;

struct token_request {
    std::string grant_type = "client_credential";
    std::string appid;
    std::string secret;
    bool force_refresh = false;

    static constexpr auto fields = std::tuple{
        field{"grant_type", &token_request::grant_type, "Always this."},
        field{"appid", &token_request::appid, "Who asks."},
        field{"secret", &token_request::secret, "What proves it."},
        field{"force_refresh", &token_request::force_refresh, "A new one, whatever there is."},
    };
};

struct token_answer {
    std::string access_token;
    std::uint64_t expires_in = 0;

    static constexpr auto fields = std::tuple{
        field{"access_token", &token_answer::access_token, "Goes into the URL of other calls.",
              protocol::bytes{1, token_bytes_max}},
        field{"expires_in", &token_answer::expires_in, "Seconds.",
              protocol::between{1, lifetime_max}},
    };
};

}  // namespace

access_tokens::access_tokens(api_caller& line, credentials who)
    : line_(line), who_(std::move(who)) {}

void access_tokens::get(done finished) {
    const auto now = line_.around().clock();
    const bool good = !token_.empty() && now < good_until_;
    if (good) {
        later(std::move(finished), token_);
    } else if (now < ask_again_at_) {
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(ask_again_at_ - now);
        later(std::move(finished), no_token{last_failure_, wait});
    } else if (waiting_.size() >= waiting_max) {
        later(std::move(finished), no_token{call_outcome::crowded, seconds{1}});
    } else {
        waiting_.push_back(std::move(finished));
    }
    if (!renewing_ && now >= ask_again_at_ && (!good || now >= renew_at_)) {
        renewing_ = true;
        asio::co_spawn(line_.around().http.executor(), renew(), asio::detached);
    }
}

net::loop_task<access_tokens::answer> access_tokens::fetch() {
    using token = asio::use_awaitable_t<net::loop_executor>;
    token awaiting;
    return asio::async_initiate<token, void(answer)>(
        [this](auto handler) {
            // A function has to be copyable, which what resumes a coroutine is not.
            auto resume = std::make_shared<decltype(handler)>(std::move(handler));
            get([resume](answer with) { std::move (*resume)(std::move(with)); });
        },
        awaiting);
}

void access_tokens::refused(std::string_view token) {
    if (token == token_) {
        refused_ = std::exchange(token_, {});
    }
}

net::loop_task<void> access_tokens::renew() {
    auto got = co_await line_.ask(question_for(false));
    take(got);
    // WeChat goes on giving out what it has just refused, as after a changed secret.
    const auto now = line_.around().clock();
    if (got.what == call_outcome::token && now >= force_again_at_ &&
        line_.platform() == platform_name::wechat) {
        force_again_at_ = now + forced_again_after;
        got = co_await line_.ask(question_for(true));
        take(got);
    }
    renewing_ = false;
    if (got.what != call_outcome::done) {
        last_failure_ = got.what;
        ask_again_at_ =
            line_.around().clock() + std::max<std::chrono::milliseconds>(got.retry, seconds{1});
    }
    const answer all =
        got.what == call_outcome::done ? answer{token_} : answer{no_token{got.what, got.retry}};
    for (done& one : std::exchange(waiting_, {})) {
        one(all);
    }
}

// Makes of what was got a token, or of its outcome what is wrong with it.
void access_tokens::take(api_caller::reply& got) {
    if (got.what != call_outcome::done) {
        return;
    }
    auto read = read_answer<token_answer>(got.body);
    if (!read) {
        got.what = call_outcome::malformed;
        return;
    }
    if (read->access_token == refused_) {
        got.what = call_outcome::token;
        return;
    }
    const seconds life{read->expires_in};
    const auto now = line_.around().clock();
    token_ = std::move(read->access_token);
    good_until_ = now + life;
    renew_at_ = good_until_ - std::min(renew_early, life / 4);
}

api_caller::question access_tokens::question_for(bool forced) const {
    api_caller::question asked;
    if (line_.platform() == platform_name::wechat) {
        asked.method = "POST";
        asked.target = "/cgi-bin/stable_token";
        protocol::write_fields(
            asked.body,
            token_request{.appid = who_.appid, .secret = who_.secret, .force_refresh = forced});
    } else {
        asked.target =
            "/api/getToken?grant_type=client_credential&appid=" + net::percent_encoded(who_.appid) +
            "&secret=" + net::percent_encoded(who_.secret);
    }
    return asked;
}

// Not during the call that asks.
void access_tokens::later(done whom, answer with) {
    asio::post(line_.around().http.executor(),
               [whom = std::move(whom), with = std::move(with)] { whom(with); });
}

}  // namespace onechat::platform
