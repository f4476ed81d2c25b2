// What happens to phones: they lose the network, are sent to the background, come back twice, and
// their owners skip.
#include "server/cli/bench_crowd.hpp"

#include <algorithm>
#include <utility>

namespace onechat::cli {

using std::chrono::milliseconds;

namespace {

// How long a phone is left alone, and how long it is gone; `--time-scale` stretches all of it.
constexpr std::pair<std::int64_t, std::int64_t> calm_ms{2'000, 40'000};
constexpr std::pair<std::int64_t, std::int64_t> tunnel_ms{5'000, 60'000};
constexpr std::pair<std::int64_t, std::int64_t> restart_ms{0, 2'000};

}  // namespace

milliseconds bench_crowd::scaled(std::int64_t min_ms, std::int64_t max_ms) {
    const auto drawn = std::uniform_int_distribution<std::int64_t>{min_ms, max_ms}(chance_);
    return milliseconds{
        static_cast<std::int64_t>(static_cast<double>(drawn) * options_.time_scale)};
}

void bench_crowd::await_incident(user_index user, milliseconds offline) {
    const auto when = clock::now() + offline + scaled(calm_ms.first, calm_ms.second);
    incidents_.push({when, user, false, 0});
}

void bench_crowd::play(time_point now) {
    while (!incidents_.empty() && incidents_.top().when <= now) {
        const incident next = incidents_.top();
        incidents_.pop();
        if (!next.reopen) {
            happen(next.user, now);
        } else if (places_[next.user].lines.empty() && places_[next.user].opening == 0) {
            for (std::size_t n = 0; n < next.lines; ++n) {
                open(next.user);
            }
        }
    }
}

void bench_crowd::happen(user_index user, time_point now) {
    milliseconds offline{0};
    const auto drawn = std::uniform_int_distribution<int>{0, 99}(chance_);
    if (places_[user].lines.empty() || places_[user].opening > 0) {
        await_incident(user, offline);
        return;
    }
    if (drawn < 40) {
        offline = scaled(tunnel_ms.first, tunnel_ms.second);
        cut_all(user);
        reopen_later(user, offline);
    } else if (drawn < 50) {
        offline = scaled(restart_ms.first, restart_ms.second);
        close_all(user);
        reopen_later(user, offline);
    } else if (drawn < 65) {
        open(user);  // a second line while the first one works
    } else if (drawn < 75) {
        cut_all(user);
        reopen_later(user, offline, 2);
    } else if (drawn < 80) {
        open(user);
        open(user);
    } else {
        users_[user].skip(now);
    }
    await_incident(user, offline);
}

}  // namespace onechat::cli
