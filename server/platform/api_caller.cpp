#include "server/platform/api_caller.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace onechat::platform {
namespace asio = boost::asio;

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What a quota is counted by, at the shortest.
constexpr milliseconds quota_time = std::chrono::minutes{1};
constexpr milliseconds soon_time = std::chrono::seconds{1};

// Quota, token and the like are answers: who gives them is well.
constexpr bool is_failure(call_outcome outcome) {
    return outcome == call_outcome::busy || outcome == call_outcome::malformed ||
           outcome == call_outcome::failed || outcome == call_outcome::timed_out;
}

// What a client may have brought about by what it asked, or we by asking too much.
constexpr bool says_nothing(call_outcome outcome) {
    return outcome == call_outcome::declined || outcome == call_outcome::crowded;
}

// The platform has looked at it and has not done it.
constexpr bool is_turned_away(call_outcome outcome) {
    return outcome == call_outcome::refused || outcome == call_outcome::token ||
           outcome == call_outcome::quota || outcome == call_outcome::misconfigured ||
           outcome == call_outcome::declined;
}

// After a time-out there is no time left, and what was malformed once is so again.
constexpr bool is_worth_another(call_outcome outcome) {
    return outcome == call_outcome::busy || outcome == call_outcome::failed;
}

call_outcome outcome_of_status(unsigned status) {
    if (status == 429) {
        return call_outcome::quota;
    }
    return status >= 500   ? call_outcome::failed
           : status >= 400 ? call_outcome::declined
                           : call_outcome::malformed;
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
    if (what.repeats && !may_repeat()) {
        ++figures_.calls[static_cast<std::size_t>(call_outcome::crowded)];
        co_return reply{.what = call_outcome::crowded, .retry = soon()};
    }
    bool may_be_done = false;
    for (unsigned tried = 1;; ++tried) {
        auto ended = co_await try_once(what, due);
        may_be_done = may_be_done || ended.may_be_done;
        ended.may_be_done = may_be_done;
        // Between one and two pauses, so that those who failed together don't come back together.
        const milliseconds wait{pause.count() +
                                static_cast<std::int64_t>(
                                    shared_.chance(static_cast<std::uint64_t>(pause.count()) + 1))};
        const bool must_not = ended.what == call_outcome::failed && !what.repeatable;
        if (!is_worth_another(ended.what) || must_not || tried == rules_.tries_max ||
            shared_.clock() + wait >= due || !may_repeat()) {
            co_return ended;
        }
        const auto executor = co_await asio::this_coro::executor;
        net::loop_timer timer{executor, wait};
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
    call.lane = {std::string{word_of(platform_)} + " " + purpose_, rules_.connections_max,
                 rules_.waiting_max};
    const auto time = call.time_max;
    auto met = co_await shared_.http.fetch(std::move(call));
    // Then it had no fair chance, by our own doing.
    if (met.what == net::http_outcome::kind::timed_out && met.waited * 2 > time) {
        met.what = net::http_outcome::kind::crowded;
    }
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
                ended.what = outcome_of_status(met.status);
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
    ended.may_be_done = met.sent && !is_turned_away(ended.what);
    ended.retry = ended.what == call_outcome::quota ? quota_time / 4 + soon() * 10 : soon();
    tell(ended.what, trouble, std::move(rid));
    return ended;
}

void api_caller::settle(call_outcome outcome) {
    ++figures_.calls[static_cast<std::size_t>(outcome)];
    if (outcome == call_outcome::resting) {
        return;
    }
    if (says_nothing(outcome)) {
        breaker_.withdrawn();
    } else if (is_failure(outcome)) {
        breaker_.failed(shared_.clock(), static_cast<std::uint32_t>(shared_.chance(1001)));
    } else {
        breaker_.succeeded();
    }
}

// That we ask too much is in the metrics: of the platform it says nothing.
void api_caller::tell(call_outcome outcome, std::string_view trouble, std::string rid) {
    if (outcome == call_outcome::crowded) {
        return;
    }
    const bool well = outcome == call_outcome::done || outcome == call_outcome::refused ||
                      outcome == call_outcome::token;
    if (well) {
        trouble = {};
    }
    if (const auto untold = report_.tell(trouble, shared_.clock())) {
        shared_.note(
            {platform_, purpose_, well ? "over" : std::string{trouble}, std::move(rid), *untold});
    }
}

bool api_caller::may_repeat() const {
    return !rules_.may_repeat || rules_.may_repeat();
}

// One to two seconds.
milliseconds api_caller::soon() const {
    return soon_time + milliseconds{static_cast<std::int64_t>(
                           shared_.chance(static_cast<std::uint64_t>(soon_time.count())))};
}

}  // namespace onechat::platform
