#include "server/net/http_client.hpp"

#include "server/net/http_line.hpp"
#include "server/net/http_response.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cassert>
#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace onechat::net {
namespace asio = boost::asio;

using outcome_kind = http_outcome::kind;

namespace {

std::string request_text(const http_call& call) {
    std::string text = call.method + " " + call.to.path +
                       " HTTP/1.1\r\nHost: " + call.to.host_header() +
                       "\r\nUser-Agent: onechat\r\nAccept: application/json\r\n";
    for (const http_header& one : call.headers) {
        assert((one.name + one.value).find_first_of("\r\n") == std::string::npos);
        text += one.name + ": " + one.value + "\r\n";
    }
    if (!call.body.empty() || call.method == "POST") {
        text += "Content-Type: application/json; charset=utf-8\r\nContent-Length: " +
                std::to_string(call.body.size()) + "\r\n";
    }
    return text + "\r\n" + call.body;
}

http_outcome failure(outcome_kind what, std::string trouble) {
    return {.what = what, .trouble = std::move(trouble)};
}

}  // namespace

// One call, from its waiting to its answer: whichever comes first ends it, the answer or the
// deadline. What it waited for may go on for a while after the deadline (a name that is looked up
// can't be called off).
class http_exchange final : private wheel::entry {
public:
    http_exchange(std::shared_ptr<http_calls> all, http_call what, http_client::done finished);
    ~http_exchange();

    http_exchange(const http_exchange&) = delete;
    http_exchange& operator=(const http_exchange&) = delete;

    [[nodiscard]] const http_call& what() const { return what_; }
    [[nodiscard]] bool over() const { return !finished_; }
    [[nodiscard]] std::chrono::steady_clock::time_point due() const { return due_; }

    void finish(http_outcome outcome);
    // Drops it without a word.
    void abort();
    // The connection that a deadline closes; null: none.
    void use(http_line* line) { line_ = line; }

private:
    void expired(std::chrono::steady_clock::time_point now) override;

    std::shared_ptr<http_calls> all_;
    http_call what_;
    http_client::done finished_;
    http_line* line_ = nullptr;
    std::chrono::steady_clock::time_point due_;
};

// What is known of one host.
struct http_host {
    std::deque<std::shared_ptr<http_exchange>> waiting;
    std::vector<std::unique_ptr<http_line>> kept;  // the one used last is last
    std::size_t busy = 0;

    // One that nothing has been heard on since its last answer, so that it is likely to live.
    [[nodiscard]] std::unique_ptr<http_line> take_kept() {
        while (!kept.empty()) {
            auto line = std::move(kept.back());
            kept.pop_back();
            if (line->is_quiet()) {
                return line;
            }
        }
        return nullptr;
    }
};

class http_calls : public std::enable_shared_from_this<http_calls> {
public:
    http_calls(asio::io_context& io, connections& clock_owner, tls_trust trust,
               const http_client_options& limits)
        : executor(io.get_executor()),
          clock(&clock_owner),
          tls(std::move(trust)),
          options(limits) {}

    void admit(std::shared_ptr<http_exchange> call);
    void stop();

    loop_executor executor;
    connections* clock;
    tls_connector tls;
    http_client_options options;
    std::map<std::string, http_host> hosts;  // as many as the configuration names
    std::set<http_exchange*> running;
    std::uint64_t opened = 0;
    std::uint64_t crowded = 0;
    bool stopped = false;

private:
    void start(std::shared_ptr<http_exchange> call);
    [[nodiscard]] static loop_task<void> run(std::shared_ptr<http_calls> self,
                                             std::shared_ptr<http_exchange> call);
    // What came of the call, and the connection if it can be used again.
    struct trip {
        http_outcome outcome;
        std::unique_ptr<http_line> line;
    };
    [[nodiscard]] static loop_task<trip> travel(std::shared_ptr<http_calls> self,
                                                std::shared_ptr<http_exchange> call);
    [[nodiscard]] static loop_task<trip> over(std::shared_ptr<http_calls> self,
                                              std::shared_ptr<http_exchange> call,
                                              std::unique_ptr<http_line> line);
    [[nodiscard]] static std::string key_of(const url& to) {
        return (to.secure ? "https://" : "http://") + to.authority();
    }
    void keep(http_host& host, std::unique_ptr<http_line> line);
};

// ---- one call ----

http_exchange::http_exchange(std::shared_ptr<http_calls> all, http_call what,
                             http_client::done finished)
    : all_(std::move(all)),
      what_(std::move(what)),
      finished_(std::move(finished)),
      due_(all_->clock->read_clock() + what_.time_max) {
    all_->running.insert(this);
    all_->clock->deadlines().schedule(*this, due_);
}

http_exchange::~http_exchange() {
    all_->running.erase(this);
}

void http_exchange::finish(http_outcome outcome) {
    cancel();
    if (const auto finished = std::exchange(finished_, nullptr); finished) {
        finished(std::move(outcome));
    }
}

void http_exchange::abort() {
    cancel();
    finished_ = nullptr;
    if (line_ != nullptr) {
        line_->close();
    }
}

void http_exchange::expired(std::chrono::steady_clock::time_point) {
    if (line_ != nullptr) {
        line_->close();
    }
    // Posted, since this may be the last that holds the call.
    asio::post(all_->executor, [all = all_, finished = std::exchange(finished_, nullptr)] {
        if (finished && !all->stopped) {
            finished(failure(outcome_kind::timed_out, "did not answer in time"));
        }
    });
}

// ---- all calls ----

void http_calls::admit(std::shared_ptr<http_exchange> call) {
    auto& host = hosts[key_of(call->what().to)];
    if (host.busy < options.connections_max) {
        start(std::move(call));
        return;
    }
    std::erase_if(host.waiting, [](const auto& one) { return one->over(); });
    if (host.waiting.size() >= options.waiting_max) {
        ++crowded;
        call->finish(failure(outcome_kind::crowded, "is asked too much at once"));
        return;
    }
    host.waiting.push_back(std::move(call));
}

void http_calls::start(std::shared_ptr<http_exchange> call) {
    ++hosts[key_of(call->what().to)].busy;
    asio::co_spawn(executor, run(shared_from_this(), std::move(call)), asio::detached);
}

loop_task<void> http_calls::run(std::shared_ptr<http_calls> self,
                                std::shared_ptr<http_exchange> call) {
    auto ended = co_await travel(self, call);
    if (self->stopped) {
        co_return;
    }
    auto& host = self->hosts[key_of(call->what().to)];
    if (ended.line) {
        self->keep(host, std::move(ended.line));
    }
    --host.busy;
    while (!host.waiting.empty() && host.busy < self->options.connections_max) {
        auto next = std::move(host.waiting.front());
        host.waiting.pop_front();
        if (!next->over()) {
            self->start(std::move(next));
        }
    }
    call->finish(std::move(ended.outcome));
}

loop_task<http_calls::trip> http_calls::travel(std::shared_ptr<http_calls> self,
                                               std::shared_ptr<http_exchange> call) {
    const url& to = call->what().to;
    if (auto line = self->hosts[key_of(to)].take_kept()) {
        auto ended = co_await over(self, call, std::move(line));
        const bool closed_before = ended.outcome.what == outcome_kind::broken &&
                                   ended.outcome.trouble == http_line::went_away;
        if (!closed_before || !call->what().repeatable || call->over() || self->stopped) {
            co_return ended;
        }
    }
    http_line::attempt attempt{.executor = self->executor,
                               .clock = self->clock,
                               .tls = &self->tls,
                               .to = to,
                               .time_max = self->options.connect_max};
    auto met = co_await http_line::resolve(attempt);
    auto trouble = std::move(met.trouble);
    for (const auto& address : met.addresses) {
        if (call->over() || self->stopped) {
            break;
        }
        auto line = std::make_unique<http_line>(attempt);
        call->use(line.get());
        trouble = co_await line->connect(attempt, address);
        call->use(nullptr);
        if (trouble.empty()) {
            ++self->opened;
            auto ended = co_await over(self, call, std::move(line));
            co_return ended;
        }
    }
    co_return trip{failure(outcome_kind::unreachable, std::move(trouble)), nullptr};
}

loop_task<http_calls::trip> http_calls::over(std::shared_ptr<http_calls> self,
                                             std::shared_ptr<http_exchange> call,
                                             std::unique_ptr<http_line> line) {
    if (call->over() || self->stopped) {
        co_return trip{failure(outcome_kind::timed_out, {}), nullptr};
    }
    call->use(line.get());
    line->allow(call->due() - self->clock->read_clock());
    auto answer = co_await line->exchange(request_text(call->what()), self->options.body_bytes_max);
    call->use(nullptr);
    trip ended;
    if (answer.what == http_response::state::complete) {
        ended.outcome.what = outcome_kind::answered;
        ended.outcome.status = answer.status;
        ended.outcome.body = std::move(answer.body);
        ended.line = answer.keep_alive ? std::move(line) : nullptr;
    } else if (answer.what == http_response::state::malformed) {
        ended.outcome.what = outcome_kind::malformed;
        ended.outcome.trouble = "answered with something that is no acceptable HTTP";
    } else {
        ended.outcome.trouble = answer.bytes == 0 ? http_line::went_away : "went away in an answer";
    }
    co_return ended;
}

void http_calls::keep(http_host& host, std::unique_ptr<http_line> line) {
    std::erase_if(host.kept, [](const auto& one) { return !one->is_quiet(); });
    if (host.kept.size() < options.connections_max) {
        line->allow(options.keep_alive);
        host.kept.push_back(std::move(line));
    }
}

void http_calls::stop() {
    stopped = true;
    for (auto* const call : running) {
        call->abort();
    }
    // A waiting call takes itself out of `running` as it dies, so not in the loop above.
    hosts.clear();
}

// ---- the client ----

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
    for (const auto& [key, host] : calls_->hosts) {
        all.busy += host.busy;
        all.kept += host.kept.size();
        all.waiting += host.waiting.size();
    }
    return all;
}

}  // namespace onechat::net
