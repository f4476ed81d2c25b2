#include "server/platform/access_tokens.hpp"

#include "protocol/write.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

namespace onechat::platform {
namespace asio = boost::asio;

namespace {

using protocol::field;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

// WeChat gives out the next token in the last five minutes of the one before.
constexpr seconds renew_early = minutes{5};
// What WeChat allows: "force_refresh" 20 times a day, and 30 s apart.
constexpr std::size_t forced_max = 20;
constexpr std::chrono::hours forced_time{24};
constexpr seconds forced_again_after{30};
// How long a token rests that was refused whenever it was tried.
constexpr seconds rest_min{1};
constexpr seconds rest_max{30};
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

// Makes `malformed` of what is none.
std::optional<token_answer> token_in(api_caller::reply& got) {
    if (got.what != call_outcome::done) {
        return std::nullopt;
    }
    auto read = read_answer<token_answer>(got.body);
    if (!read) {
        got.what = call_outcome::malformed;
    }
    return read;
}

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
    if (token != token_) {
        return;  // that of a call from before
    }
    refused_ = std::exchange(token_, {});
    rest_ = has_worked_ ? milliseconds{} : std::clamp<milliseconds>(rest_ * 2, rest_min, rest_max);
    rests_until_ = line_.around().clock() + rest_;
    has_worked_ = false;
}

void access_tokens::taken(std::string_view token) {
    if (token == token_) {
        has_worked_ = true;
    }
}

net::loop_task<void> access_tokens::renew() {
    const auto got = co_await ask_for_one();
    renewing_ = false;
    if (got.what != call_outcome::done) {
        last_failure_ = got.what;
        ask_again_at_ = line_.around().clock() + std::max<milliseconds>(got.retry, seconds{1});
    }
    const answer all =
        got.what == call_outcome::done ? answer{token_} : answer{no_token{got.what, got.retry}};
    for (done& one : std::exchange(waiting_, {})) {
        one(all);
    }
}

// Its outcome is `token` when there is only one that has to rest.
net::loop_task<api_caller::reply> access_tokens::ask_for_one() {
    auto got = co_await line_.ask(question_for(false));
    if (got.what == call_outcome::token) {
        got.what = call_outcome::misconfigured;  // of this call 40001 says: a wrong secret
    }
    auto given = token_in(got);
    // WeChat goes on giving out what it has just refused, as after a changed secret.
    if (given && given->access_token == refused_ && force()) {
        auto forced = co_await line_.ask(question_for(true));
        if (auto other = token_in(forced)) {
            given = std::move(other);
        }
    }
    if (!given) {
        co_return got;
    }
    const auto now = line_.around().clock();
    if (given->access_token == refused_) {
        if (now < rests_until_) {
            got.what = call_outcome::token;
            got.retry = std::chrono::ceil<milliseconds>(rests_until_ - now);
            co_return got;
        }
        refused_.clear();
    }
    const seconds life{given->expires_in};
    has_worked_ = has_worked_ && given->access_token == token_;
    token_ = std::move(given->access_token);
    good_until_ = now + life;
    renew_at_ = good_until_ - std::min(renew_early, life / 4);
    co_return got;
}

bool access_tokens::force() {
    if (line_.platform() != platform_name::wechat) {
        return false;
    }
    const auto now = line_.around().clock();
    while (!forced_.empty() && now - forced_.front() >= forced_time) {
        forced_.pop_front();
    }
    if (forced_.size() >= forced_max ||
        (!forced_.empty() && now - forced_.back() < forced_again_after)) {
        return false;
    }
    forced_.push_back(now);
    return true;
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
