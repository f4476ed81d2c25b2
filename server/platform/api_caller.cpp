#include "server/platform/api_caller.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace onechat::platform {
namespace asio = boost::asio;

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using loop_timer =
    asio::basic_waitable_timer<steady_clock, asio::wait_traits<steady_clock>, net::loop_executor>;

// What a quota is counted by, at the shortest.
constexpr milliseconds quota_time = std::chrono::minutes{1};
constexpr milliseconds soon_time = std::chrono::seconds{1};

// Neither says that the other side is unwell: quota, token and the like are answers.
constexpr bool is_failure(call_outcome outcome) {
    return outcome == call_outcome::busy || outcome == call_outcome::malformed ||
           outcome == call_outcome::failed || outcome == call_outcome::timed_out;
}

// After a time-out there is no time left, and what was malformed once is so again.
constexpr bool is_worth_another(call_outcome outcome) {
    return outcome == call_outcome::busy || outcome == call_outcome::failed;
}

std::string joined(std::string path, const std::string& target) {
    while (path.ends_with('/')) {
        path.pop_back();
    }
    return path + target;
}

}  // namespace

api_caller::api_caller(const surroundings& shared, platform_name platform, std::string purpose,
                       net::url base, const rules& by)
    : shared_(shared),
      platform_(platform),
      purpose_(std::move(purpose)),
      base_(std::move(base)),
      rules_(by),
      breaker_(by.breaker) {}

net::loop_task<api_caller::reply> api_caller::ask(question what) {
    const auto due = shared_.clock() + rules_.time_max;
    milliseconds pause = rules_.pause;
    for (unsigned tried = 1;; ++tried) {
        auto ended = co_await try_once(what, due);
        // Between one and two pauses, so that those who failed together don't come back together.
        const milliseconds wait{pause.count() +
                                static_cast<std::int64_t>(
                                    shared_.chance(static_cast<std::uint64_t>(pause.count()) + 1))};
        const bool may_be_done = ended.what == call_outcome::failed && !what.repeatable;
        if (!is_worth_another(ended.what) || may_be_done || tried == rules_.tries_max ||
            shared_.clock() + wait >= due) {
            co_return ended;
        }
        const auto executor = co_await asio::this_coro::executor;
        loop_timer timer{executor, wait};
        co_await timer.async_wait(net::as_result);
        pause *= 2;
    }
}

net::loop_task<api_caller::reply> api_caller::try_once(question what, time_point due) {
    const auto began = shared_.clock();
    if (const auto wait = breaker_.admit(began)) {
        settle(call_outcome::resting);
        co_return reply{.what = call_outcome::resting, .retry = *wait + soon()};
    }
    net::http_call call{.to = base_};
    call.to.path = joined(base_.path, what.target);
    call.method = std::move(what.method);
    call.body = std::move(what.body);
    call.time_max = std::max<steady_clock::duration>(due - began, milliseconds{1});
    call.repeatable = what.repeatable;
    auto met = co_await shared_.http.fetch(std::move(call));
    if (met.what != net::http_outcome::kind::crowded) {
        figures_.taken += shared_.clock() - began;
        ++figures_.sent;
    }
    auto ended = judged(std::move(met));
    settle(ended.what);
    co_return ended;
}

api_caller::reply api_caller::judged(net::http_outcome&& met) {
    using kind = net::http_outcome::kind;
    reply ended;
    std::string trouble = std::move(met.trouble);
    std::string rid;
    switch (met.what) {
        case kind::crowded:
            ended.what = call_outcome::crowded;
            break;
        case kind::timed_out:
            ended.what = call_outcome::timed_out;
            break;
        case kind::unreachable:
        case kind::broken:
            ended.what = call_outcome::failed;
            break;
        case kind::malformed:
            ended.what = call_outcome::malformed;
            break;
        case kind::answered:
            if (met.status != 200) {
                ended.what = met.status == 429  ? call_outcome::quota
                             : met.status < 500 ? call_outcome::malformed
                                                : call_outcome::failed;
                trouble = "answered with status " + std::to_string(met.status);
                break;
            }
            auto answer = judge(met.body);
            ended.what = answer.what;
            ended.errcode = answer.errcode;
            ended.body = std::move(met.body);
            rid = std::move(answer.rid);
            trouble = answer.what == call_outcome::malformed
                          ? "answered with something else than its documents say"
                          : "answered with errcode " + std::to_string(answer.errcode);
    }
    ended.retry = ended.what == call_outcome::quota ? quota_time / 4 + soon() * 10 : soon();
    tell(ended, trouble, rid);
    return ended;
}

void api_caller::settle(call_outcome outcome) {
    ++figures_.calls[static_cast<std::size_t>(outcome)];
    if (outcome == call_outcome::resting) {
        return;
    }
    if (outcome == call_outcome::crowded) {
        breaker_.withdrawn();
    } else if (is_failure(outcome)) {
        breaker_.failed(shared_.clock(), static_cast<std::uint32_t>(shared_.chance(1001)));
    } else {
        breaker_.succeeded();
    }
}

// Once for each new trouble, and once when it is over: a dead platform must not fill the log.
void api_caller::tell(const reply& ended, std::string_view trouble, std::string_view rid) {
    const bool well = ended.what == call_outcome::done || ended.what == call_outcome::refused ||
                      ended.what == call_outcome::token;
    const std::string now = well ? std::string{} : std::string{trouble};
    if (now == told_) {
        return;
    }
    told_ = now;
    shared_.note({platform_, purpose_, well ? "over" : now, std::string{rid}});
}

// One to two seconds.
milliseconds api_caller::soon() const {
    return soon_time + milliseconds{static_cast<std::int64_t>(
                           shared_.chance(static_cast<std::uint64_t>(soon_time.count())))};
}

}  // namespace onechat::platform
