// Asks one platform for one purpose (logins, tokens, ...): each call with a deadline for all its
// tries, tried again only where that helps, and not at all while the platform seems to be dead.
// Counts what came of it. Not what is asked: that is the fillings'. Loop thread; the loop must not
// run on when it has died.
#pragma once

#include "server/net/http_client.hpp"
#include "server/platform/account.hpp"
#include "server/platform/api_answer.hpp"
#include "server/platform/circuit_breaker.hpp"
#include "server/platform/trouble_report.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace onechat::platform {

// What an operator should know: something has gone wrong at a platform, or is well again ("over").
// No code, no OpenID, no secret and no text is in it.
struct api_news {
    platform_name at{};
    std::string call;          // what for
    std::string trouble;       // the rest of a sentence that begins with the platform
    std::string rid;           // the platform's own number of the call; empty: none
    std::uint64_t untold = 0;  // changes since the last news of this call
};

// What all callers of a server share.
struct surroundings {
    net::http_client& http;
    std::function<std::chrono::steady_clock::time_point()> clock;
    std::function<std::uint64_t(std::uint64_t below)> chance;
    std::function<void(const api_news&)> note;
};

class api_caller {
public:
    struct rules {
        std::chrono::milliseconds time_max{3000};  // all tries together
        unsigned tries_max = 3;
        std::chrono::milliseconds pause{100};  // before the second try; twice that before the next
        circuit_breaker::rules breaker{};
        // Of its own: calls for one purpose never wait for those for another.
        std::size_t connections_max = 16;
        std::size_t waiting_max = 256;
        // Is asked before a question goes out that has gone out before; null: it always may.
        std::function<bool()> may_repeat{};
    };

    // `base` as the platform's documents have it, "https://api.weixin.qq.com"; one with a path goes
    // through a gateway.
    api_caller(const surroundings& shared, platform_name platform, std::string purpose,
               net::url base, const rules& by);

    struct question {
        std::string method = "GET";
        std::string target;  // path and query, encoded; it may hold secrets
        std::string body{};
        bool repeatable = true;  // whether it does no harm when it is done twice
        bool repeats = false;    // it has been asked before, with another token
    };
    struct reply {
        call_outcome what = call_outcome::failed;
        std::int64_t errcode = 0;
        std::string body{};
        bool may_be_done = false;  // whether the platform may have acted upon it, in any try
        // After quota, busy, failed, timed_out, crowded, resting: when it may be worth to ask
        // again.
        std::chrono::milliseconds retry{};
    };
    [[nodiscard]] net::loop_task<reply> ask(question what);

    struct figures {
        std::array<std::uint64_t, call_outcome_count> calls{};  // each try is one
        std::chrono::nanoseconds taken{};                       // by those that were sent
        std::uint64_t sent = 0;
    };
    [[nodiscard]] const figures& counted() const { return figures_; }
    [[nodiscard]] circuit_breaker::state breaker() const { return breaker_.now(); }
    [[nodiscard]] platform_name platform() const { return platform_; }
    [[nodiscard]] const std::string& purpose() const { return purpose_; }
    [[nodiscard]] const surroundings& around() const { return shared_; }

private:
    using time_point = std::chrono::steady_clock::time_point;

    [[nodiscard]] net::loop_task<reply> try_once(question what, time_point due);
    [[nodiscard]] reply judged(net::http_outcome&& met);
    void settle(call_outcome outcome);
    void tell(call_outcome outcome, std::string_view trouble, std::string rid);
    [[nodiscard]] bool may_repeat() const;
    [[nodiscard]] std::chrono::milliseconds soon() const;

    surroundings shared_;
    platform_name platform_;
    std::string purpose_;
    net::url base_;
    rules rules_;
    circuit_breaker breaker_;
    figures figures_;
    trouble_report report_;
};

}  // namespace onechat::platform
