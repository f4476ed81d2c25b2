#include "server/net/http_calls.hpp"

#include "server/net/http_response.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

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
    http_outcome failed;
    failed.what = what;
    failed.trouble = std::move(trouble);
    return failed;
}

// The least that one of several addresses gets: enough for a handshake to the other side of the
// world.
constexpr std::chrono::milliseconds connect_min{500};

// How long to try one address when so many are left to be tried: its share of what the call has
// left, so that one that swallows everything doesn't take it all.
std::chrono::steady_clock::duration share_of(std::chrono::steady_clock::duration remaining,
                                             std::size_t left,
                                             std::chrono::steady_clock::duration most) {
    if (left <= 1) {
        return most;
    }
    const auto least = std::min<std::chrono::steady_clock::duration>(connect_min, most);
    return std::clamp(remaining / static_cast<std::int64_t>(left), least, most);
}

}  // namespace

// ---- one call ----

http_exchange::http_exchange(std::shared_ptr<http_calls> all, http_call what,
                             http_client::done finished)
    : all_(std::move(all)),
      what_(std::move(what)),
      finished_(std::move(finished)),
      came_(all_->clock->read_clock()),
      due_(came_ + what_.time_max) {
    all_->running.insert(this);
    all_->clock->deadlines().schedule(*this, due_);
}

http_exchange::~http_exchange() {
    all_->running.erase(this);
}

void http_exchange::begin() {
    has_begun_ = true;
    waited_ = all_->clock->read_clock() - came_;
}

void http_exchange::go_over(http_line* line) {
    line_ = line;
    is_sent_ = is_sent_ || line != nullptr;
}

std::shared_ptr<loop_timer> http_exchange::bell() {
    bell_ = std::make_shared<loop_timer>(all_->executor);
    return bell_;
}

void http_exchange::finish(http_outcome outcome) {
    cancel();
    if (const auto finished = std::exchange(finished_, nullptr); finished) {
        outcome.sent = is_sent_;
        outcome.waited = waited_;
        finished(std::move(outcome));
    }
}

void http_exchange::abort() {
    cancel();
    finished_ = nullptr;
    for (http_line* const line : {line_, connecting_}) {
        if (line != nullptr) {
            line->close();
        }
    }
    if (bell_) {
        bell_->cancel();
    }
}

void http_exchange::expired(std::chrono::steady_clock::time_point) {
    if (line_ != nullptr) {
        line_->close();
    }
    if (bell_) {
        bell_->cancel();
    }
    auto outcome = has_begun_ ? failure(outcome_kind::timed_out, "did not answer in time")
                              : failure(outcome_kind::crowded, "is asked too much at once");
    outcome.sent = is_sent_;
    outcome.waited = has_begun_ ? waited_ : what_.time_max;
    // Posted, since this may be the last that holds the call.
    asio::post(all_->executor, [all = all_, finished = std::exchange(finished_, nullptr),
                                outcome = std::move(outcome)]() mutable {
        if (finished && !all->stopped) {
            finished(std::move(outcome));
        }
    });
}

// ---- all calls ----

void http_calls::admit(std::shared_ptr<http_exchange> call) {
    const http_lane& lane = call->what().lane;
    auto& pool = pool_of(call->what());
    if (pool.busy < lane.connections_max) {
        start(std::move(call));
        return;
    }
    std::erase_if(pool.waiting, [](const auto& one) { return one->over(); });
    if (pool.waiting.size() >= lane.waiting_max) {
        ++crowded;
        call->finish(failure(outcome_kind::crowded, "is asked too much at once"));
        return;
    }
    pool.waiting.push_back(std::move(call));
}

void http_calls::start(std::shared_ptr<http_exchange> call) {
    ++pool_of(call->what()).busy;
    call->begin();
    asio::co_spawn(executor, run(shared_from_this(), std::move(call)), asio::detached);
}

loop_task<void> http_calls::run(std::shared_ptr<http_calls> self,
                                std::shared_ptr<http_exchange> call) {
    auto ended = co_await travel(self, call);
    if (self->stopped) {
        co_return;
    }
    auto& pool = self->pool_of(call->what());
    if (ended.line) {
        self->keep(call->what(), std::move(ended.line));
    }
    --pool.busy;
    while (!pool.waiting.empty() && pool.busy < call->what().lane.connections_max) {
        auto next = std::move(pool.waiting.front());
        pool.waiting.pop_front();
        if (!next->over()) {
            self->start(std::move(next));
        }
    }
    call->finish(std::move(ended.outcome));
}

loop_task<http_calls::trip> http_calls::travel(std::shared_ptr<http_calls> self,
                                               std::shared_ptr<http_exchange> call) {
    if (call->over() || self->stopped) {
        co_return trip{};
    }
    if (auto line = self->pool_of(call->what()).take_kept()) {
        auto ended = co_await over(self, call, std::move(line));
        const bool closed_before = ended.outcome.what == outcome_kind::broken &&
                                   ended.outcome.trouble == http_line::went_away;
        if (!closed_before || !call->what().repeatable) {
            co_return ended;
        }
    }
    if (call->over() || self->stopped) {
        co_return trip{};
    }
    auto met = co_await http_places::find(self->places, call->what().to, call->bell());
    if (call->over() || self->stopped) {
        co_return trip{};
    }
    auto ended = co_await connect(self, call, std::move(met));
    co_return ended;
}

// The addresses one after the other. That goes on when the call is over: else one whose time is
// short would never get beyond an address that swallows everything, nor would the next one.
loop_task<http_calls::trip> http_calls::connect(std::shared_ptr<http_calls> self,
                                                std::shared_ptr<http_exchange> call,
                                                http_places::found at) {
    http_line::attempt attempt{.executor = self->executor,
                               .clock = self->clock,
                               .tls = &self->tls,
                               .to = call->what().to,
                               .time_max = {}};
    auto left = at.addresses.size();
    auto trouble = std::move(at.trouble);
    for (const auto& address : at.addresses) {
        attempt.time_max =
            share_of(call->due() - self->clock->read_clock(), left--, self->options.connect_max);
        auto line = std::make_unique<http_line>(attempt);
        call->connect_by(line.get());
        trouble = co_await line->connect(attempt, address);
        call->connect_by(nullptr);
        if (self->stopped) {
            break;
        }
        if (trouble.empty()) {
            ++self->opened;
            self->places->prefer(attempt.to, address);
            if (call->over()) {
                co_return trip{{}, std::move(line)};
            }
            auto ended = co_await over(self, call, std::move(line));
            co_return ended;
        }
    }
    co_return trip{failure(outcome_kind::unreachable, std::move(trouble)), nullptr};
}

loop_task<http_calls::trip> http_calls::over(std::shared_ptr<http_calls> self,
                                             std::shared_ptr<http_exchange> call,
                                             std::unique_ptr<http_line> line) {
    call->go_over(line.get());
    line->allow(call->due() - self->clock->read_clock());
    auto answer = co_await line->exchange(request_text(call->what()), self->options.body_bytes_max);
    call->go_over(nullptr);
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

void http_calls::keep(const http_call& used_by, std::unique_ptr<http_line> line) {
    auto& pool = pool_of(used_by);
    std::erase_if(pool.kept, [](const auto& one) { return !one->is_quiet(); });
    if (pool.kept.size() < used_by.lane.connections_max) {
        line->allow(options.keep_alive);
        pool.kept.push_back(std::move(line));
    }
}

void http_calls::stop() {
    stopped = true;
    for (auto* const call : running) {
        call->abort();
    }
    // A waiting call takes itself out of `running` as it dies, so not in the loop above.
    pools.clear();
}

}  // namespace onechat::net
