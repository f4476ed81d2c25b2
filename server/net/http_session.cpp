#include "server/net/http_session.hpp"

#include "server/net/ascii.hpp"
#include "server/net/forwarded_for.hpp"
#include "server/net/handshake.hpp"
#include "server/net/proxy_header.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <algorithm>
#include <optional>
#include <utility>

namespace onechat::net {
namespace asio = boost::asio;

namespace {

constexpr auto linger_time = std::chrono::seconds{2};
constexpr auto retry_after = "5";  // seconds; protocol.md spreads a drain over at most five

using loop_timer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, loop_executor>;

// Between an answer that may come late and a session that may be gone by then.
struct awaited_answer {
    std::optional<http_answer> answer;
    loop_timer* waiting = nullptr;
};

// Tells the late answer that nobody waits any more, however the coroutine ends.
class waiting_mark {
public:
    waiting_mark(std::shared_ptr<awaited_answer> awaited, loop_timer& timer)
        : awaited_(std::move(awaited)) {
        awaited_->waiting = &timer;
    }
    ~waiting_mark() { awaited_->waiting = nullptr; }
    waiting_mark(const waiting_mark&) = delete;
    waiting_mark& operator=(const waiting_mark&) = delete;

private:
    std::shared_ptr<awaited_answer> awaited_;
};

http_answer come_back_later(unsigned status, std::string_view why) {
    auto answer = http_answer::refusal(status, why);
    answer.headers.push_back({"Retry-After", retry_after});
    answer.close = true;
    return answer;
}

bool is_letter(char c) {
    return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

http_answer crowded() {
    return come_back_later(429, "too_many_connections");
}

}  // namespace

bool http_context::full() const {
    return sessions.size() + upgraded->count() > options.connections_max;
}

bool http_context::overrun() const {
    if (options.http_connections_max > 0) {
        return sessions.size() >= options.http_connections_max;
    }
    return sessions.size() + upgraded->count() >= options.connections_max + options.refused_max;
}

bool http_context::is_proxy(const remote_address& address) const {
    return is_in(proxies, address);
}

std::optional<address_counts::place> http_context::place_for(const remote_address& address) {
    if (options.connections_per_address == 0 || is_proxy(address)) {
        return address_counts::place{};
    }
    auto place = upgraded->addresses().take(address, options.connections_per_address);
    if (!place) {
        ++counted.refused_per_address;
    }
    return place;
}

http_session::http_session(std::shared_ptr<http_context> context, loop_socket socket,
                           const remote_address& remote)
    : context_(std::move(context)),
      socket_(*context_->upgraded, std::move(socket)),
      remote_(remote) {
    take_place();
    context_->sessions.insert(this);
}

http_session::~http_session() {
    context_->sessions.erase(this);
}

void http_session::take_place() {
    if (auto place = context_->place_for(remote_)) {
        place_ = *std::move(place);
    } else {
        crowded_ = true;
    }
}

loop_task<void> http_session::run(std::unique_ptr<http_session> self) {
    self->socket_.allow(self->context_->options.header_time_max);
    if (self->context_->options.proxy_protocol) {
        const bool known = co_await self->introduced();
        if (!known) {
            co_return;
        }
    }
    if (self->context_->options.tls) {
        const bool agreed = co_await self->secured();
        if (!agreed) {
            co_return;
        }
    }
    if (self->crowded_) {
        // At once, since one that waits for its request is a connection all the same.
        const auto refusal = crowded();
        co_await self->write(refusal, false, false);
        co_return;
    }
    bool goes_on = true;
    while (goes_on) {
        goes_on = co_await self->one_request();
    }
}

// The header is looked at before it is taken: what follows it may be TLS, which reads the
// descriptor itself.
loop_task<bool> http_session::introduced() {
    if (!context_->is_proxy(remote_)) {
        ++context_->counted.refused_strangers;
        co_await turn_away(403, "proxy_required");
        co_return false;
    }
    std::string seen;
    proxy_header header;
    while (header.what == proxy_header::state::incomplete) {
        const std::size_t taken = seen.size();
        const bool more = co_await socket_.peek_some(seen, proxy_header_bytes_max);
        if (!more) {
            context_->counted.slow_heads += socket_.timed_out() ? 1U : 0U;
            co_return false;
        }
        header = read_proxy_header(seen);
        if (header.what == proxy_header::state::malformed) {
            ++context_->counted.bad_proxy_headers;
            co_await turn_away(400, "bad_proxy_header");
            co_return false;
        }
        const bool whole = header.what == proxy_header::state::complete;
        socket_.skip((whole ? header.bytes : seen.size()) - taken);
    }
    if (header.source) {
        remote_ = *header.source;
        take_place();
    }
    co_return true;
}

loop_task<void> http_session::turn_away(unsigned status, std::string_view why) {
    if (context_->options.tls) {
        co_return;
    }
    const auto refusal = http_answer::refusal(status, why);
    co_await write(refusal, false, false);
}

loop_task<bool> http_session::secured() {
    if (crowded_) {
        co_return false;  // saying so would take a handshake and the memory for it
    }
    // Silent newcomers cost no more than plain ones: TLS begins with their first byte.
    const bool begun = co_await socket_.readable();
    if (begun && is_letter(socket_.peek())) {
        exposed_ = true;  // a method; a handshake begins with 22
        co_return true;
    }
    bool agreed = false;
    if (begun) {
        const auto trouble = co_await socket_.shake_hands(context_->options.tls->accepted());
        agreed = trouble.empty();
        context_->counted.tls_failed += agreed || socket_.timed_out() ? 0U : 1U;
    }
    context_->counted.slow_heads += socket_.timed_out() ? 1U : 0U;
    co_return agreed;
}

loop_task<bool> http_session::one_request() {
    auto head = co_await read_head();
    if (head.what == request_head::state::incomplete) {
        co_return false;
    }
    ++context_->counted.requests;
    const bool head_only = head.request.method == "HEAD";
    if (auto refusal = refusal_of(head)) {
        co_await write(*refusal, head_only, false);
        co_return false;
    }
    received_.erase(0, head.head_bytes);
    auto& request = head.request;
    const auto client = client_of(request);
    if (!client) {
        ++context_->counted.bad_forwarded_for;
        const auto refusal = http_answer::refusal(400, "bad_forwarded_for");
        co_await write(refusal, head_only, false);
        co_return false;
    }
    request.remote = *client;
    if (!context_->options.websocket_path.empty() &&
        request.path == context_->options.websocket_path) {
        co_await upgrade(std::move(request));
        co_return false;
    }
    const bool whole = co_await read_body(request, static_cast<std::size_t>(head.body_bytes));
    if (!whole) {
        co_return false;
    }
    const auto answer = co_await answered(request);
    served_ = true;
    const bool keep_alive = head.keep_alive && !answer.close && !context_->draining;
    const bool goes_on = co_await write(answer, head_only, keep_alive);
    co_return goes_on;
}

// Incomplete when the connection ended before the head did.
loop_task<request_head> http_session::read_head() {
    const auto& options = context_->options;
    bool begun = !received_.empty() || !served_;
    if (served_) {  // the first has been allowed its time from accept on
        socket_.allow(begun ? options.header_time_max : options.keep_alive_max);
    }
    for (;;) {
        auto head = read_request_head(received_);
        if (head.what != request_head::state::incomplete) {
            co_return head;
        }
        const bool more = co_await socket_.read_some(received_);
        if (!more) {
            if (begun && socket_.timed_out()) {
                ++context_->counted.slow_heads;
            }
            co_return head;
        }
        if (!begun) {
            begun = true;
            socket_.allow(options.header_time_max);
        }
    }
}

// After these the connection ends: where the next request begins is not certain any more.
std::optional<http_answer> http_session::refusal_of(const request_head& head) const {
    if (exposed_) {
        return http_answer::refusal(400, "tls_required");
    }
    if (head.what == request_head::state::refused) {
        return head.refusal;
    }
    if (head.body_bytes > context_->options.body_bytes_max) {
        return http_answer::refusal(413, "body_too_big");
    }
    if (!context_->options.websocket_path.empty() &&
        head.request.path == context_->options.websocket_path) {
        if (head.body_bytes != 0) {
            return http_answer::refusal(400, "upgrade_with_body");
        }
        return upgrade_refusal(head.request, head.http_1_1);
    }
    return std::nullopt;
}

loop_task<bool> http_session::read_body(http_request& request, std::size_t body_bytes) {
    socket_.allow(context_->options.body_time_max);
    bool alive = true;
    if (received_.size() < body_bytes && request.lists("Expect", "100-continue")) {
        alive = co_await socket_.write_all("HTTP/1.1 100 Continue\r\n\r\n");
    }
    while (alive && received_.size() < body_bytes) {
        alive = co_await socket_.read_some(received_);
    }
    if (!alive) {
        co_return false;
    }
    request.body = received_.substr(0, body_bytes);
    received_.erase(0, body_bytes);
    co_return true;
}

loop_task<http_answer> http_session::answered(const http_request& request) {
    const auto awaited = std::make_shared<awaited_answer>();
    context_->routes.answer(request, [awaited](http_answer answer) {
        awaited->answer = std::move(answer);
        if (awaited->waiting != nullptr) {
            awaited->waiting->cancel();
        }
    });
    if (!awaited->answer) {
        socket_.allow(context_->options.deferred_time_max + context_->options.body_time_max);
        loop_timer timer{socket_.socket().get_executor(), context_->options.deferred_time_max};
        const waiting_mark mark{awaited, timer};
        co_await timer.async_wait(as_result);
    }
    if (awaited->answer) {
        co_return std::move(*awaited->answer);
    }
    auto late = context_->options.too_late.value_or(come_back_later(503, "took_too_long"));
    late.close = true;
    co_return late;
}

loop_task<bool> http_session::write(const http_answer& answer, bool head_only, bool keep_alive) {
    if (context_->stopped) {
        co_return false;
    }
    if (answer.status >= 400) {
        ++context_->counted.refusals;
        context_->counted.refused_heads += answer.status == 431 ? 1 : 0;
    }
    socket_.allow(context_->options.body_time_max);
    const bool written = co_await socket_.write_all(write_answer(answer, head_only, keep_alive));
    if (!written) {
        co_return false;
    }
    if (!keep_alive && !context_->stopped) {
        co_await socket_.linger(linger_time);
    }
    co_return keep_alive;
}

// Why a well-formed upgrade is not granted, here and now.
std::optional<http_answer> http_session::upgrade_trouble(const http_request& request) {
    const auto& options = context_->options;
    if (auto refusal = origin_refusal(request, options.allow_origins)) {
        ++context_->counted.refused_origin;
        return refusal;
    }
    if (context_->draining) {
        return come_back_later(503, "restarting");
    }
    if (context_->full()) {
        ++context_->counted.refused_full;
        return come_back_later(503, "busy");
    }
    if (context_->is_proxy(remote_)) {
        auto place = context_->place_for(request.remote);
        if (!place) {
            return crowded();
        }
        place_ = *std::move(place);
    }
    return options.admission ? options.admission(request) : std::nullopt;
}

loop_task<void> http_session::upgrade(http_request request) {
    if (auto refusal = upgrade_trouble(request)) {
        co_await write(*refusal, false, false);
        co_return;
    }
    socket_.allow(context_->options.body_time_max);
    const auto answer = upgrade_answer(request, context_->options.subprotocol);
    const bool written = co_await socket_.write_all(write_answer(answer, false, true));
    if (!written || context_->stopped) {
        co_return;
    }
    auto stream = socket_.release();
    if (stream.descriptor() >= 0) {
        ++context_->counted.upgrades;
        context_->upgraded->adopt(std::move(stream), role::server, *context_->events,
                                  request.remote, std::move(received_), std::move(place_));
    }
}

std::optional<remote_address> http_session::client_of(const http_request& request) const {
    if (!context_->is_proxy(remote_)) {
        return remote_;
    }
    return forwarded_for(request, context_->proxies, remote_);
}

}  // namespace onechat::net
