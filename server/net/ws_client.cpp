#include "server/net/ws_client.hpp"

#include "server/net/ascii.hpp"
#include "server/net/handshake.hpp"
#include "server/net/http_head.hpp"
#include "server/net/timed_socket.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/post.hpp>

#include <set>
#include <utility>

namespace onechat::net {
namespace asio = boost::asio;

namespace {

using tcp = asio::ip::tcp;
using loop_resolver = asio::ip::basic_resolver<tcp, loop_executor>;

remote_address address_of(const tcp::endpoint& endpoint) {
    auto remote = remote_address::parse(endpoint.address().to_string()).value_or(remote_address{});
    remote.port = endpoint.port();
    return remote;
}

std::string upgrade_request(const ws_url& url, std::string_view subprotocol, std::string_view key) {
    std::string text = "GET " + url.path + " HTTP/1.1\r\nHost: " + url.authority() +
                       "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ";
    text.append(key).append("\r\n");
    if (!subprotocol.empty()) {
        text.append("Sec-WebSocket-Protocol: ").append(subprotocol).append("\r\n");
    }
    return text.append("\r\n");
}

// Section 4.1: what a client must find in the answer. Empty when all is well.
std::string answer_trouble(const response_head& head, std::string_view subprotocol,
                           std::string_view key) {
    if (head.what != response_head::state::complete) {
        return "answered with something that is not HTTP";
    }
    if (head.status != 101) {
        return "refused the upgrade with status " + std::to_string(head.status);
    }
    const auto& fields = head.fields;
    if (!fields.lists("Upgrade", "websocket") || !fields.lists("Connection", "upgrade") ||
        fields.header("Sec-WebSocket-Accept") != accept_of(key)) {
        return "answered the upgrade wrongly";
    }
    if (fields.header("Sec-WebSocket-Protocol") != subprotocol) {
        return "does not speak " + std::string{subprotocol};
    }
    if (fields.count("Sec-WebSocket-Extensions") != 0) {
        return "uses an extension that was not asked for";
    }
    return {};
}

}  // namespace

boost::system::result<ws_url, bad_url> ws_url::parse(std::string_view text) {
    auto parsed =
        url::parse(text, {"ws://", "wss://", "ws://127.0.0.1:8080/ws or wss://example.org/ws"});
    if (parsed.has_error()) {
        return std::move(parsed).error();
    }
    return ws_url{*std::move(parsed)};
}

// One attempt to connect, from the name to the upgrade.
class ws_attempt;

class ws_attempts {
public:
    ws_attempts(asio::io_context& io, connections& into, std::chrono::steady_clock::duration time,
                tls_trust trust)
        : executor(io.get_executor()), upgraded(&into), time_max(time), tls(std::move(trust)) {}

    loop_executor executor;
    connections* upgraded;
    std::chrono::steady_clock::duration time_max;
    tls_connector tls;
    std::set<ws_attempt*> running;
    bool stopped = false;
};

class ws_attempt {
public:
    ws_attempt(std::shared_ptr<ws_attempts> all, ws_url url, std::string subprotocol,
               ws_events& events, ws_client::failure failed)
        : all_(std::move(all)),
          url_(std::move(url)),
          subprotocol_(std::move(subprotocol)),
          events_(events),
          failed_(std::move(failed)),
          socket_(*all_->upgraded, loop_socket{all_->executor}) {
        all_->running.insert(this);
    }
    ~ws_attempt() { all_->running.erase(this); }

    ws_attempt(const ws_attempt&) = delete;
    ws_attempt& operator=(const ws_attempt&) = delete;

    void abort() { socket_.close(); }

    [[nodiscard]] static loop_task<void> run(std::unique_ptr<ws_attempt> self) {
        self->socket_.allow(self->all_->time_max);
        auto trouble = co_await self->connected();
        if (trouble.empty() && self->url_.secure) {
            trouble = co_await self->secured();
        }
        if (trouble.empty()) {
            trouble = co_await self->upgraded();
        }
        if (self->all_->stopped) {
            co_return;
        }
        if (!trouble.empty()) {
            if (self->socket_.timed_out()) {
                trouble = "did not answer in time";
            }
            // The attempt and its descriptor are gone before the caller tries again.
            const auto failed = std::move(self->failed_);
            const auto sentence = self->url_.authority() + " " + trouble;
            self.reset();
            failed(sentence);
            co_return;
        }
        self->hand_over();
    }

private:
    // Empty, or what went wrong, as the rest of a sentence that begins with the host.
    [[nodiscard]] loop_task<std::string> connected() {
        std::vector<tcp::endpoint> endpoints;
        boost::system::error_code error;
        if (const auto address = asio::ip::make_address(url_.host, error); !error) {
            endpoints.emplace_back(address, url_.port);
        } else {
            loop_resolver resolver{all_->executor};
            const auto [unknown, found] =
                co_await resolver.async_resolve(url_.host, std::to_string(url_.port), as_result);
            if (unknown) {
                co_return "is unknown: " + unknown.message();
            }
            for (const auto& entry : found) {
                endpoints.push_back(entry.endpoint());
            }
        }
        error = asio::error::host_not_found;
        for (const auto& endpoint : endpoints) {
            if (all_->stopped || socket_.timed_out()) {
                break;
            }
            socket_.close();
            std::tie(error) = co_await socket_.socket().async_connect(endpoint, as_result);
            if (!error) {
                remote_ = address_of(endpoint);
                socket_.socket().native_non_blocking(true, error);
                socket_.connected();
                co_return std::string{};
            }
        }
        co_return "cannot be reached: " + error.message();
    }

    [[nodiscard]] loop_task<std::string> secured() {
        auto made = all_->tls.towards(url_.host);
        if (made.has_error()) {
            co_return "cannot be trusted: " + made.error().sentence;
        }
        auto trouble = co_await socket_.shake_hands(std::move(*made));
        co_return trouble;
    }

    [[nodiscard]] loop_task<std::string> upgraded() {
        const auto key = make_key();
        const bool written = co_await socket_.write_all(upgrade_request(url_, subprotocol_, key));
        if (!written) {
            co_return "went away";
        }
        for (;;) {
            const bool more = co_await socket_.read_some(received_);
            if (!more) {
                co_return "went away before it answered the upgrade";
            }
            const auto head = read_response_head(received_);
            if (head.what != response_head::state::incomplete) {
                received_.erase(0, head.head_bytes);
                co_return answer_trouble(head, subprotocol_, key);
            }
        }
    }

    void hand_over() {
        if (auto stream = socket_.release(); stream.descriptor() >= 0) {
            all_->upgraded->adopt(std::move(stream), role::client, events_, remote_,
                                  std::move(received_));
        }
    }

    std::shared_ptr<ws_attempts> all_;
    ws_url url_;
    std::string subprotocol_;
    ws_events& events_;
    ws_client::failure failed_;
    timed_socket socket_;
    remote_address remote_;
    std::string received_;
};

ws_client::ws_client(asio::io_context& io, connections& upgraded,
                     std::chrono::steady_clock::duration time_max, tls_trust trust)
    : attempts_(std::make_shared<ws_attempts>(io, upgraded, time_max, std::move(trust))) {}

ws_client::~ws_client() {
    attempts_->stopped = true;
    for (auto* attempt : attempts_->running) {
        attempt->abort();
    }
}

void ws_client::connect(ws_url url, std::string subprotocol, ws_events& events, failure failed) {
    auto attempt = std::make_unique<ws_attempt>(attempts_, std::move(url), std::move(subprotocol),
                                                events, std::move(failed));
    // Posted: neither outcome may come during this call.
    asio::post(attempts_->executor, [attempts = attempts_, attempt = std::move(attempt)]() mutable {
        asio::co_spawn(attempts->executor, ws_attempt::run(std::move(attempt)), asio::detached);
    });
}

}  // namespace onechat::net
