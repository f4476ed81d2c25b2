#include "server/cli/bench_crowd.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <sys/resource.h>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace onechat::cli {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_every{100};
constexpr milliseconds arriving_max{120'000};
constexpr milliseconds settling_max{30'000};
constexpr milliseconds quiet{300};
constexpr std::size_t failures_max = 200;  // to open a line, in a row

// A line is a file, and in the lifecycle two: as many as the system lets us have.
void raise_file_limit() {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

}  // namespace

bench_crowd::bench_crowd(const bench_options& options)
    : options_{options},
      habits_{options.in_flight, options.text_bytes, options.rate > 0 || options.turns,
              options.turns},
      places_(options.pairs * 2 + options.idle),
      lines_{io_, options.url, options.trust, options.lifecycle, *this},
      timer_{io_},
      chance_{options.seed} {
    raise_file_limit();
    for (std::size_t n = 0; n < places_.size(); ++n) {
        users_.emplace_back(n + 1, habits_, figures_);
    }
    turns_.resize(options.pairs * 2);
    std::iota(turns_.begin(), turns_.end(), user_index{0});
    std::ranges::shuffle(turns_, chance_);
}

void bench_crowd::run() {
    phase_since_ = clock::now();
    for (user_index user = 0; user < users_.size(); ++user) {
        open(user);
    }
    tick();
    io_.run();
    if (!failure_.empty()) {
        throw std::runtime_error{failure_};
    }
}

// ---- lines ----

void bench_crowd::open(user_index user) {
    ++places_[user].opening;
    lines_.open(user);
}

void bench_crowd::opened(user_index user, line_id line, peer& to) {
    failures_ = 0;
    --places_[user].opening;
    places_[user].lines.push_back(line);
    users_[user].opened(line, to);
}

void bench_crowd::received(user_index user, line_id line, std::string_view text) {
    users_[user].received(line, text, clock::now());
    if (!places_[user].counted_in && users_[user].welcomed()) {
        places_[user].counted_in = true;
        ++arrived_;
    }
}

void bench_crowd::closed(user_index user, line_id line) {
    const bool expected = std::erase(places_[user].lines, line) == 0;
    if (expected) {
        return;
    }
    users_[user].closed(line);
    if (!users_[user].has_line() && places_[user].opening == 0 && !users_[user].banished()) {
        reopen_later(user, std::max(users_[user].retry_after(), milliseconds{20}));
    }
}

void bench_crowd::failed(user_index user, const std::string& sentence) {
    --places_[user].opening;
    if (++failures_ >= failures_max) {
        failure_ = sentence;
        io_.stop();
        return;
    }
    reopen_later(user, milliseconds{50});
}

void bench_crowd::reopen_later(user_index user, milliseconds after, std::size_t lines) {
    incidents_.push({clock::now() + after, user, true, lines});
}

void bench_crowd::cut_all(user_index user) {
    for (const line_id line : std::exchange(places_[user].lines, {})) {
        lines_.cut(line);
        users_[user].closed(line);
    }
}

void bench_crowd::close_all(user_index user) {
    for (const line_id line : std::exchange(places_[user].lines, {})) {
        lines_.close(line);
        users_[user].closed(line);
    }
}

// ---- time ----

void bench_crowd::tick() {
    const auto now = clock::now();
    keep_schedule(now);
    play(now);
    go_on(now);
    if (now - looked_at_ >= look_every) {
        looked_at_ = now;
        look_after_users(now);
    }
    lines_.flush();
    if (phase_ == phase::done) {
        io_.stop();
        return;
    }
    const bool scheduled = options_.rate > 0 && phase_ <= phase::measuring;
    timer_.expires_after(scheduled ? std::chrono::microseconds{100}
                                   : std::chrono::microseconds{2000});
    timer_.async_wait([this](const boost::system::error_code&) { tick(); });
}

void bench_crowd::go_on(time_point now) {
    const auto passed = now - phase_since_;
    const auto talkers = static_cast<std::ptrdiff_t>(options_.pairs * 2);
    switch (phase_) {
        case phase::arriving:
            if (arrived_ == users_.size()) {
                enter(phase::matching, now);
            } else if (passed > arriving_max) {
                failure_ = "Not everybody could log in within two minutes.";
                io_.stop();
            }
            return;
        case phase::matching:
            search(now);
            if (std::count_if(users_.begin(), users_.begin() + talkers,
                              [](const bench_user& one) { return one.paired(); }) == talkers) {
                enter(phase::warming, now);
            } else if (passed > arriving_max) {
                failure_ = "Not everybody found a partner within two minutes.";
                io_.stop();
            }
            return;
        case phase::warming:
            if (passed >= options_.warm_up) {
                enter(phase::measuring, now);
            }
            return;
        case phase::measuring:
            if (slices_.is_over(now)) {
                slices_.next(now, read_server());
            }
            if (passed >= options_.time) {
                enter(phase::settling, now);
            }
            return;
        case phase::settling:
            if (!all_settled()) {
                unsettled_at_ = now;
            }
            // For a while: one side may have read what the other has yet to read.
            if (now - unsettled_at_ >= quiet || passed > settling_max) {
                audit();
                enter(phase::done, now);
            }
            return;
        case phase::done:
            return;
    }
}

void bench_crowd::enter(phase next, time_point now) {
    const auto talkers = options_.pairs * 2;
    if (next == phase::matching) {
        searching_ = 0;
    } else if (next == phase::warming) {
        next_due_ = now;
        for (std::size_t n = 0; n < talkers; ++n) {
            users_[n].talk(true, now);
            if (options_.lifecycle) {
                await_incident(n, milliseconds{0});
            }
        }
        if (options_.turns) {
            take_first_turns(now);
        }
    } else if (next == phase::measuring) {
        const auto matches = figures_.speed.match;
        figures_.speed = {};
        figures_.speed.match = matches;
        own_before_ = process_usage::of(-1);
        server_before_ = process_usage::of(options_.pid);
        slices_.begin(now, read_server());
    } else if (next == phase::settling) {
        measured_ = now - phase_since_;
        acked_ = figures_.speed.acked;
        slices_.end(now, read_server());
        own_cpu_ = process_usage::of(-1).cpu - own_before_.cpu;
        server_cpu_ = process_usage::of(options_.pid).cpu - server_before_.cpu;
        incidents_ = {};
        unsettled_at_ = now;
        for (std::size_t n = 0; n < talkers; ++n) {
            users_[n].rest();
            users_[n].talk(false, now);
            if (places_[n].lines.empty() && places_[n].opening == 0) {
                open(n);
            }
        }
    }
    phase_ = next;
    phase_since_ = now;
}

// Those who are due by now begin to search.
void bench_crowd::search(time_point now) {
    const std::size_t talkers = options_.pairs * 2;
    const auto due = [&](std::size_t user) {
        return phase_since_ + options_.searching * static_cast<std::int64_t>(user) /
                                  static_cast<std::int64_t>(talkers);
    };
    for (; searching_ < talkers && due(searching_) <= now; ++searching_) {
        users_[searching_].find(now);
    }
}

// One of each pair begins.
void bench_crowd::take_first_turns(time_point now) {
    std::unordered_set<std::string_view> begun;
    for (std::size_t n = 0; n < options_.pairs * 2; ++n) {
        if (begun.insert(users_[n].records().back().pair()).second) {
            for (std::size_t text = 0; text < options_.in_flight; ++text) {
                users_[n].owe(now, now);
            }
        }
    }
}

// Texts become due by the clock alone, however slow the server is.
void bench_crowd::keep_schedule(time_point now) {
    if (options_.rate == 0 || (phase_ != phase::warming && phase_ != phase::measuring)) {
        return;
    }
    const std::chrono::nanoseconds step{1'000'000'000 / options_.rate};
    for (; next_due_ <= now; next_due_ += step) {
        users_[turns_[turn_]].owe(next_due_, now);
        turn_ = (turn_ + 1) % turns_.size();
    }
}

void bench_crowd::look_after_users(time_point now) {
    for (user_index user = 0; user < options_.pairs * 2; ++user) {
        users_[user].nudge(now);
        if (users_[user].wants_new_line() && places_[user].opening == 0) {
            close_all(user);
            open(user);
        }
    }
}

bench_slices::reading bench_crowd::read_server() const {
    return {figures_.speed.acked, process_usage::of(options_.pid).cpu};
}

// ---- the end ----

bool bench_crowd::all_settled() const {
    const auto talkers = static_cast<std::ptrdiff_t>(options_.pairs * 2);
    return std::all_of(users_.begin(), users_.begin() + talkers,
                       [](const bench_user& one) { return one.settled() || one.banished(); });
}

// What one side said and was told is stored, the other side must have seen.
void bench_crowd::audit() {
    std::unordered_map<std::string_view, const bench_record*> other_side;
    for (const bench_user& user : users_) {
        if (!user.records().empty() && !user.settled()) {
            figures_.breaches.note(figures_.breaches.lost, 1, user.standing());
            continue;
        }
        for (const bench_record& record : user.records()) {
            const auto [found, first] = other_side.try_emplace(record.pair(), &record);
            if (!first) {
                bench_record::compare(*found->second, record, figures_.breaches);
            }
        }
    }
}

}  // namespace onechat::cli
