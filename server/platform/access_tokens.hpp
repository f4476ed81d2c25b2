// Keeps one platform's access token, which most of its calls need: fetched when it is first asked
// for, renewed while the old one still holds, once for all who wait. One for the whole process,
// since each platform counts how often it is fetched. Loop thread; the loop must not run on when it
// has died.
#pragma once

#include "server/platform/api_caller.hpp"
#include "server/platform/credentials.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::platform {

struct no_token {
    call_outcome why = call_outcome::failed;
    std::chrono::milliseconds retry{};
};

class access_tokens {
public:
    using answer = boost::system::result<std::string, no_token>;
    using done = std::function<void(answer)>;

    // `line` is for this alone, and outlives it.
    access_tokens(api_caller& line, credentials who);

    // A token that should be good. `finished` is called once, never during this call. At most
    // `waiting_max` wait at once; others hear `crowded`.
    void get(done finished);
    // The same for a coroutine of the loop.
    [[nodiscard]] net::loop_task<answer> fetch();

    // The platform has refused this token. It is given out again only when the platform itself
    // gives it out again, and cannot be forced to another: at once when calls had been taken with
    // it, after a rest when none has been.
    void refused(std::string_view token);
    // The platform has taken a call with this token.
    void taken(std::string_view token);

    static constexpr std::size_t waiting_max = 1000;

private:
    using time_point = std::chrono::steady_clock::time_point;

    [[nodiscard]] net::loop_task<void> renew();
    [[nodiscard]] api_caller::question question_for(bool forced) const;
    [[nodiscard]] net::loop_task<api_caller::reply> ask_for_one();
    // Whether it may be done, and counts that it is.
    [[nodiscard]] bool force();
    void later(done whom, answer with);

    api_caller& line_;
    credentials who_;
    std::string token_;         // empty: none
    bool has_worked_ = false;   // a call has been taken with it
    std::string refused_;       // the last one that was
    time_point rests_until_{};  // it does
    std::chrono::milliseconds rest_{};
    time_point renew_at_{};
    time_point good_until_{};
    call_outcome last_failure_ = call_outcome::failed;
    time_point ask_again_at_{};      // after a failure
    std::deque<time_point> forced_;  // in the last day
    bool renewing_ = false;
    std::vector<done> waiting_;
};

}  // namespace onechat::platform
