#include "server/app.hpp"

#include "server/front_page.hpp"
#include "server/log.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <limits>
#include <sys/resource.h>
#include <utility>

namespace onechat {

namespace asio = boost::asio;

namespace {

// A round may be rarer than this; deadlines are looked at this often all the same.
constexpr std::chrono::milliseconds tick_max{100};
constexpr std::chrono::seconds drain_max{8};

constexpr int status_store_failed = 70;  // EX_SOFTWARE of sysexits.h

// New chats wait when the writer's queue is this full, so that those that talk go on.
constexpr double busy_load = 0.75;

lobby::moment now() {
    using std::chrono::system_clock;
    const auto wall = system_clock::now().time_since_epoch();
    return {std::chrono::steady_clock::now(),
            std::chrono::duration_cast<std::chrono::milliseconds>(wall).count()};
}

lobby::session_id session_of(net::connection_id id) {
    return lobby::session_id{static_cast<std::uint64_t>(id)};
}

switchboard_options options_of(const config& from) {
    switchboard_options options;
    options.lobby.match_round = from.match_round;
    options.lobby.rematch_after = from.rematch_after;
    options.lobby.away_time = from.away;
    options.topics = from.topics;
    options.guests = from.guests;
    options.rate_limits = from.rate_limits;
    options.durability = from.durability == storage::durability::full
                             ? protocol::durability::full
                             : protocol::durability::normal;
    return options;
}

net::listener_options listen_at(const endpoint& where) {
    net::listener_options options;
    options.address = where.address;
    options.port = where.port;
    options.websocket_path = protocol::path;
    options.subprotocol = protocol::subprotocol;
    // The limit is kept by the app, which says `bye` to those beyond it.
    options.connections_max = std::numeric_limits<std::size_t>::max();
    return options;
}

// A connection is a file: as many as the system lets us have, less some for the store and for those
// who are told that there is no room.
std::size_t raise_file_limit() {
    constexpr std::size_t spare = 100;
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) {
        return 1024 - spare;
    }
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    return std::max<std::size_t>(files.rlim_cur, 2 * spare) - spare;
}

// What a full disk, a gone reader or a closed terminal would kill the process for.
void ignore_signals() {
    for (const int signal : {SIGXFSZ, SIGPIPE, SIGHUP}) {
        std::signal(signal, SIG_IGN);
    }
}

}  // namespace

app::app(config settings)
    : config_{std::move(settings)},
      folder_{config_.data},
      keys_{keys::open(folder_.keys())},
      store_{folder_.database(), config_.durability},
      board_{options_of(config_), keys_, random_, ports(), facts(), now()},
      connections_{io_},
      reader_{store_.reader(),
              {},
              [this](std::vector<storage::read_job> jobs) {
                  asio::post(io_, [this, answers = std::move(jobs)]() mutable {
                      board_.answered(std::move(answers), now());
                      connections_.flush();
                  });
              }},
      writer_{store_,
              {},
              [this](storage::written batch) {
                  asio::post(
                      io_, [this, done = std::move(batch)]() mutable { written(std::move(done)); });
              }},
      listener_{io_, connections_, listen_at(config_.listen), routes(), this},
      ticks_{io_},
      signals_{io_, SIGTERM, SIGINT},
      connections_max_{raise_file_limit()} {
    ignore_signals();
}

int app::run() {
    await_signal();
    tick();
    log::info("start version=" ONECHAT_VERSION " data=" + config_.data.string());
    // Read by whoever starts us: the line is a promise, like the flags.
    std::fprintf(stderr, "ready listen=%s\n", listener_.local_endpoint().c_str());
    io_.run();
    writer_.stop();
    if (board_.failed()) {
        log::error("end status=70 reason=\"the fate of a commit is unknown; start again\"");
        return status_store_failed;
    }
    log::info("end status=0");
    return 0;
}

// ---- connections ----

void app::opened(net::connection_id id, peer& line, const net::remote_address&) {
    board_.opened(session_of(id), line, now());
    if (connections_.count() > connections_max_) {
        board_.dismiss(session_of(id), protocol::close_code::busy, now());
    }
}

void app::received(net::connection_id id, std::string_view text) {
    board_.received(session_of(id), text, now());
}

void app::trouble(net::connection_id id, net::trouble_kind kind) {
    board_.dismiss(
        session_of(id),
        kind == net::trouble_kind::slow ? protocol::close_code::slow : protocol::close_code::idle,
        now());
}

void app::drained(net::connection_id id) {
    board_.drained(session_of(id), now());
}

void app::closed(net::connection_id id) {
    board_.closed(session_of(id), now());
    end_when_drained();
}

// ---- the store ----

start_facts app::facts() {
    const auto start = now();
    const auto remembered = std::chrono::milliseconds{protocol::limits::parted_time}.count();
    start_facts known;
    const auto epoch = store_.begin_epoch(start.unix_ms);
    known.epoch_stored = epoch.has_value();
    // Not stored yet, and all the same newer than any: what is written meanwhile must not look like
    // what an earlier start may have lost.
    known.epoch = epoch ? *epoch : std::max(start.unix_ms, store_.last_epoch() + 1);
    known.last_user = store_.last_user();
    known.open_chats = store_.open_chats();
    known.partings = store_.partings(start.unix_ms - remembered);
    if (!known.epoch_stored) {
        log::warn("store trouble=\"" + store_.why() + "\" hint=\"nothing new is stored for now\"");
    }
    return known;
}

store_ports app::ports() {
    return {[this](storage::write_job&& job) { return writer_.push(std::move(job)); },
            [this](storage::read_job&& job) { return reader_.push(std::move(job)); },
            [this] {
                if (writer_.trouble()) {
                    return lobby::store_state::closed;
                }
                return writer_.load() >= busy_load ? lobby::store_state::busy
                                                   : lobby::store_state::open;
            }};
}

void app::written(storage::written batch) {
    if (batch.why != store_trouble_) {
        store_trouble_ = batch.why;
        log::warn("store trouble=\"" + (batch.why.empty() ? "over" : batch.why) + "\"");
    }
    board_.written(std::move(batch), now());
    connections_.flush();
    if (board_.failed() && !draining_) {
        drain();
    }
}

// ---- time and signals ----

void app::tick() {
    board_.tick(now());
    connections_.flush();
    end_when_drained();
    const auto round = config_.match_round.count() == 0 ? tick_max : config_.match_round;
    ticks_.expires_after(std::min(round, tick_max));
    ticks_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) {
            tick();
        }
    });
}

void app::await_signal() {
    signals_.async_wait([this](const boost::system::error_code& cancelled, int) {
        if (cancelled) {
            return;
        }
        if (draining_) {
            io_.stop();  // asked twice
            return;
        }
        drain();
        await_signal();
    });
}

// Everybody hears when to come back; what was said is committed before the process ends.
void app::drain() {
    draining_ = true;
    drain_until_ = std::chrono::steady_clock::now() + drain_max;
    log::info("drain sessions=" + std::to_string(board_.session_count()));
    listener_.stop_accepting();
    listener_.drain();
    board_.drain();
    connections_.flush();
    end_when_drained();
}

void app::end_when_drained() {
    if (draining_ &&
        (connections_.count() == 0 || std::chrono::steady_clock::now() >= drain_until_)) {
        io_.stop();
    }
}

net::http_routes app::routes() {
    net::http_routes served;
    served.add("GET", "/", [](const net::http_request&) {
        net::http_answer page;
        page.content_type = "text/html; charset=utf-8";
        page.body = front_page;
        page.headers.push_back({"Content-Security-Policy", std::string{front_page_policy}});
        return page;
    });
    served.add("GET", "/healthz", [](const net::http_request&) {
        net::http_answer well;
        well.body = "ok\n";
        well.headers.push_back({"Cache-Control", "no-store"});
        return well;
    });
    return served;
}

}  // namespace onechat
