#include "server/net/http_client.hpp"

#include "server/net/http_calls.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

namespace onechat::net {
namespace asio = boost::asio;

boost::system::result<url, bad_url> parse_http_url(std::string_view text) {
    return url::parse(text, {"http://", "https://", "https://api.weixin.qq.com"});
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view unreserved =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string encoded;
    for (const char c : text) {
        if (unreserved.find(c) != std::string_view::npos) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += {'%', digits[byte >> 4U], digits[byte & 0xFU]};
        }
    }
    return encoded;
}

http_client::http_client(asio::io_context& io, connections& clock, tls_trust trust,
                         const http_client_options& options)
    : calls_(std::make_shared<http_calls>(io, clock, std::move(trust), options)) {}

http_client::~http_client() {
    calls_->stop();
}

std::string http_client::trouble() {
    return calls_->tls.prepare();
}

void http_client::call(http_call what, done finished) {
    assert(finished && "somebody waits for the answer");
    const auto is_visible = [](char c) { return c > 0x20 && c < 0x7F; };
    assert(std::ranges::all_of(what.to.path, is_visible) && "encoded, as it goes into a line");
    auto made = std::make_shared<http_exchange>(calls_, std::move(what), std::move(finished));
    // Posted: it must not finish during this call.
    asio::post(calls_->executor, [calls = calls_, made = std::move(made)]() mutable {
        if (!calls->stopped) {
            calls->admit(std::move(made));
        }
    });
}

loop_task<http_outcome> http_client::fetch(http_call what) {
    using token = asio::use_awaitable_t<loop_executor>;
    token awaiting;
    return asio::async_initiate<token, void(http_outcome)>(
        [this](auto handler, http_call asked) {
            // A function has to be copyable, which what resumes a coroutine is not.
            auto resume = std::make_shared<decltype(handler)>(std::move(handler));
            call(std::move(asked),
                 [resume](http_outcome outcome) { std::move (*resume)(std::move(outcome)); });
        },
        awaiting, std::move(what));
}

loop_executor http_client::executor() const {
    return calls_->executor;
}

http_client::figures http_client::counted() const {
    figures all{.opened = calls_->opened, .crowded = calls_->crowded};
    for (const auto& [key, pool] : calls_->pools) {
        all.busy += pool.busy;
        all.kept += pool.kept.size();
        all.waiting += pool.waiting.size();
    }
    return all;
}

}  // namespace onechat::net
