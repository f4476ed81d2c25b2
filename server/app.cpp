#include "server/app.hpp"

#include "server/log.hpp"
#include "server/look_lane.hpp"
#include "server/platform/filter/filter_file.hpp"
#include "server/private_files.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <sys/resource.h>
#include <utility>

namespace onechat {

namespace asio = boost::asio;

namespace {

// A round may be rarer than this; deadlines are looked at this often all the same.
constexpr std::chrono::milliseconds tick_max{100};
constexpr std::chrono::seconds drain_max{8};

constexpr int status_store_failed = 70;  // EX_SOFTWARE of sysexits.h

// A stream of texts is gathered for so long into one commit; a text that comes alone is committed
// at once (docs/decisions/0022).
constexpr std::chrono::milliseconds commit_interval{2};
// Where both share a core, the partner sees a text before its author hears that it is kept.
constexpr int writer_niceness = 5;

// New chats wait when the writer's queue is this full, so that those that talk go on.
constexpr double busy_load = 0.75;

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
    if (from.rate_limits) {
        options.lobby.texts = from.texts;
        options.lobby.finds = from.finds;
        options.messages = from.messages;
        options.reports = from.reports;
        options.guest_logins = from.guest_logins;
        options.guest_logins_total = from.guest_logins_total;
        options.hellos = from.hellos;
        options.hellos_total = from.hellos_total;
        options.lobby.skips = from.skips;
        options.logins.per_address = from.logins;
    }
    options.logins.under_way_max = from.logins_max;
    options.logins.under_way_per_address = from.logins_per_address;
    options.bans = from.bans;
    options.moderation = from.moderation;
    options.moderation.looks_under_way_max =
        look_lane::of(from.moderation.looks_per_minute, from.platform_time).under_way_max();
    options.nudge_templates = {"", from.wechat.nudge_template, from.qq.nudge_template};
    if (!from.wechat.nudge_template.empty() || !from.qq.nudge_template.empty()) {
        options.lobby.nudge_after = from.nudge_after;
    }
    options.hello_time = from.hello_time;
    options.idle_time = from.idle_time;
    options.frame_bytes_max = from.frame_bytes_max;
    options.limits.store_requests_max = from.store_requests_max;
    options.limits.blocks_max = from.blocks_max;
    options.limits.seal_time = from.seal_time;
    options.limits.keep_texts = from.keep_texts;
    options.limits.keep_access = from.keep_access;
    options.limits.keep_reports = from.keep_reports;
    options.durability = from.durability == storage::durability::full
                             ? protocol::durability::full
                             : protocol::durability::normal;
    return options;
}

net::ws_options connection_options(const config& from) {
    namespace limits = protocol::limits;
    net::ws_options options;
    options.message.message_bytes_max = from.frame_bytes_max;
    options.message.fragments_max = limits::fragments_max;
    options.message.control_frames_max = limits::control_frames_max;
    options.message.control_window = limits::control_frames_time;
    options.message_time_max = limits::message_time;
    options.outbox_bytes_max = from.outbox_bytes_max;
    options.stall_max = limits::slow_time;
    options.ping_after = ping_after(from.idle_time);
    options.idle_after = from.idle_time;
    return options;
}

void warn_of(const net::tls_context& shown) {
    if (!shown.warning().empty()) {
        log::warn("tls", {{"warning", shown.warning()}});
    }
}

std::shared_ptr<net::tls_context> tls_of(const config& from) {
    if (from.tls_cert.empty() != from.tls_key.empty()) {
        throw std::runtime_error{"--tls-cert and --tls-key go together."};
    }
    if (from.tls_cert.empty()) {
        return nullptr;
    }
    auto made =
        std::make_shared<net::tls_context>(net::tls_context::files{from.tls_cert, from.tls_key});
    warn_of(*made);
    return made;
}

// Some people at their desks, and a monitoring system. More would be files that the public port
// lacks.
constexpr std::size_t operators_connections_max = 64;

// Files for the store, the operator, and those who are told that there is no room: by the app in
// its own words, and by the listener when even that is too much.
constexpr std::size_t told_busy_max = 50;
constexpr std::size_t spare = 100 + operators_connections_max;

// Rows of a time when access was noted. Not in the way of a full disk: the next start comes.
void forget_access(storage::store& store, storage::unix_ms now) {
    for (bool more = true; more;) {
        storage::change step =
            storage::cut_records{.access_before = now, .now = now, .rows_max = 2000};
        more = store.commit({&step, 1}) == storage::commit_result::done &&
               std::get<storage::cut_records>(step).more;
    }
}

keys keys_of(const data_folder& folder) {
    folder.refuse_if_torn();
    return keys::open(folder.keys());
}

net::listener_options listen_at(const endpoint& where) {
    net::listener_options options;
    options.address = where.address;
    options.port = where.port;
    return options;
}

// Connections to platforms, if all their lanes were full.
std::size_t files_for_platforms(const config& from) {
    std::size_t each = 3 * platform::api_caller::rules{}.connections_max;
    if (from.moderation.mode != moderation_mode::local) {
        each += look_lane::of(from.moderation.looks_per_minute, from.platform_time).connections_max;
    }
    return (from.wechat.appid.empty() ? 0 : each) + (from.qq.appid.empty() ? 0 : each);
}

void log_backup(const std::string& trouble) {
    if (trouble.empty()) {
        log::info("backup", {{"made", true}});
    } else {
        log::warn("backup", {{"trouble", trouble}});
    }
}

// A connection is a file: as many as the system lets us have, less the spare ones.
std::size_t raise_file_limit(std::size_t kept) {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0) {
        files.rlim_cur = 1024;
    } else {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
    return std::max<std::size_t>(files.rlim_cur, kept + told_busy_max) - kept;
}

// What a full disk, a gone reader or a closed terminal would kill the process for.
void ignore_signals() {
    for (const int signal : {SIGXFSZ, SIGPIPE}) {
        std::signal(signal, SIG_IGN);
    }
}

// Once the loop has ended nothing is left to be asked: what comes then, while the storage threads
// stop, would meet no handler and kill the process.
void block_signals() {
    sigset_t asking;
    sigemptyset(&asking);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        sigaddset(&asking, signal);
    }
    pthread_sigmask(SIG_BLOCK, &asking, nullptr);
}

}  // namespace

app::app(config settings)
    : config_{std::move(settings)},
      started_{now()},
      connections_max_{raise_file_limit(spare + files_for_platforms(config_))},
      folder_{config_.data},
      keys_{keys_of(folder_)},
      tls_{tls_of(config_)},
      store_{folder_.database(), config_.durability},
      board_{options_of(config_), keys_, random_, ports(), facts(), now()},
      backup_thread_{config_.data,
                     [this](std::string trouble) {
                         asio::post(io_, [this, why = std::move(trouble)]() mutable {
                             log_backup(why);
                             backups_.ended(std::move(why));
                         });
                     }},
      backups_{config_.data, [this](const backup_task& task) { backup_thread_.make(task); }},
      admin_tokens_{config_.admin_listen
                        ? admin::open_tokens(store_, folder_.admin_token(), started_.unix_ms)
                        : admin::tokens{}},
      admin_api_{{.board = board_,
                  .secrets = keys_,
                  .tokens = admin_tokens_,
                  .backups = backups_,
                  .now = now,
                  .started = started_.unix_ms},
                 config_.admin_hosts},
      connections_{io_, connection_options(config_)},
      http_{io_, connections_, {.more_file = config_.platform_ca.string()}},
      reader_{store_.reader(),
              {.wake_on_push = false},
              [this](std::vector<storage::read_job> jobs) {
                  asio::post(io_, [this, answers = std::move(jobs)]() mutable {
                      board_.answered(std::move(answers), now());
                      reader_.wake();  // for what these answers made the board ask
                      connections_.flush_soon();
                  });
              }},
      writer_{
          store_,
          {.wake_on_push = false, .commit_interval = commit_interval, .niceness = writer_niceness},
          [this](storage::written batch) {
              asio::post(io_,
                         [this, done = std::move(batch)]() mutable { written(std::move(done)); });
          }},
      listener_{io_, connections_, public_options(), routes(), this},
      ticks_{io_},
      signals_{io_, SIGTERM, SIGINT, SIGHUP},
      words_{word_ports()} {
    ignore_signals();
    auto words = platform::open_filter(config_.moderation_words);
    words_.uses(words);
    board_.use(std::move(words));
    // Those who hear of a text come first; all texts of the turn are then one commit, and all its
    // questions one batch.
    connections_.at_turn_end([this] {
        writer_.wake();
        reader_.wake();
    });
    if (config_.connections_max > 0) {
        connections_max_ = std::min(connections_max_, config_.connections_max);
    }
    reach_platforms();
    if (config_.admin_listen) {
        listen_to_operator(*config_.admin_listen);
    }
}

lobby::moment app::now() {
    using std::chrono::system_clock;
    const auto wall = system_clock::now().time_since_epoch();
    return {std::chrono::steady_clock::now(),
            std::chrono::duration_cast<std::chrono::milliseconds>(wall).count()};
}

// Nobody asked for the standard port, so a second server on the machine takes a free one.
void app::listen_to_operator(const endpoint& where) {
    auto options = listen_at(where);
    options.websocket_path.clear();
    options.http_connections_max = operators_connections_max;
    options.too_late = admin::late_answer();
    try {
        admin_.emplace(io_, connections_, options, admin_routes(), nullptr);
    } catch (const std::runtime_error& taken) {
        const endpoint standard = *config{}.admin_listen;
        if (where.address != standard.address || where.port != standard.port) {
            throw;
        }
        log::warn("admin port",
                  {{"trouble", taken.what()}, {"hint", "a free port is taken instead"}});
        options.port = 0;
        admin_.emplace(io_, connections_, std::move(options), admin_routes(), nullptr);
    }
}

net::listener_options app::public_options() {
    auto options = listen_at(config_.listen);
    options.socket = supervisor_.take_listener().value_or(-1);
    options.websocket_path = protocol::path;
    options.subprotocol = protocol::subprotocol;
    options.allow_origins = config_.allow_origins;
    options.header_time_max = config_.handshake_time;
    options.trusted_proxies = config_.trusted_proxies;
    options.proxy_protocol = config_.proxy_protocol;
    if (options.proxy_protocol && options.trusted_proxies.empty()) {
        throw std::runtime_error{"--proxy-protocol needs --trusted-proxies: nobody could connect."};
    }
    options.tls = tls_;
    options.connections_per_address = config_.rate_limits ? config_.connections_per_address : 0;
    // Up to here the app says `bye` to those beyond its own limit; the rest hear 503.
    options.connections_max = connections_max_ + told_busy_max;
    return options;
}

int app::run() {
    await_signal();
    tick();
    log::info("start", {{"version", ONECHAT_VERSION}, {"data", config_.data.string()}});
    tell_admin_address();
    // Read by whoever starts us: the line is a promise, like the flags.
    log::announce("ready", {{"listen", listener_.local_endpoint()}});
    supervisor_.ready("listens on " + listener_.local_endpoint());
    io_.run();
    block_signals();
    std::error_code absent;
    std::filesystem::remove(folder_.admin_address(), absent);
    backup_thread_.stop();
    writer_.stop();
    if (board_.failed()) {
        log::error("end", {{"status", status_store_failed},
                           {"reason", "the fate of a commit is unknown; start again"}});
        return status_store_failed;
    }
    log::info("end", {{"status", 0}});
    return 0;
}

// Where it is stands in a file, since the standard port may be somebody else's: who listens there
// would be handed the owner's token. What an earlier start left is wrong, so it goes in any case.
void app::tell_admin_address() const {
    std::error_code absent;
    std::filesystem::remove(folder_.admin_address(), absent);
    if (!admin_) {
        return;
    }
    try {
        write_private_file(folder_.admin_address(), admin_->local_endpoint() + "\n");
    } catch (const std::runtime_error& full) {
        log::warn("admin", {{"trouble", full.what()}, {"hint", "onechat admin needs --url"}});
    }
    log::announce("admin", {{"listen", admin_->local_endpoint()}});
}

// ---- connections ----

void app::opened(net::connection_id id, peer& line, const net::remote_address& from) {
    board_.opened(session_of(id), line, {from.network().bytes, from.bytes, from.port}, now());
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
    if (const auto again = store_.erase_again(start.unix_ms); again > 0) {
        log::warn("erased",
                  {{"again", again}, {"hint", "the database is older than its erasures"}});
    }
    if (const auto again = store_.ban_again(start.unix_ms); again > 0) {
        log::warn("banned", {{"again", again}, {"hint", "the database is older than its bans"}});
    }
    if (!config_.keep_access) {
        forget_access(store_, start.unix_ms);
    }
    const auto remembered = std::chrono::milliseconds{protocol::limits::parted_time}.count();
    start_facts known;
    const auto epoch = store_.begin_epoch(start.unix_ms);
    known.epoch_stored = epoch.has_value();
    // Not stored yet, and all the same newer than any: what is written meanwhile must not look like
    // what an earlier start may have lost.
    known.epoch = epoch ? *epoch : std::max(start.unix_ms, store_.last_epoch() + 1);
    if (const auto again = store_.keep_promises(known.epoch, start.unix_ms); again > 0) {
        log::warn("taken back",
                  {{"again", again}, {"hint", "the database is older than what was taken back"}});
    }
    known.last_user = store_.last_user();
    known.newest_at = store_.newest_at();
    known.open_chats = store_.open_chats();
    known.partings = store_.partings(start.unix_ms - remembered);
    if (!known.epoch_stored) {
        log::warn("store", {{"trouble", store_.why()}, {"hint", "nothing new is stored for now"}});
    }
    return known;
}

store_ports app::ports() {
    // The end of the turn wakes both threads, and what is pushed between two turns asks for one.
    return {[this](storage::write_job&& job) {
                connections_.flush_soon();
                return writer_.push(std::move(job));
            },
            [this](storage::read_job&& job) {
                connections_.flush_soon();
                return reader_.push(std::move(job));
            },
            [this] {
                if (writer_.trouble()) {
                    return lobby::store_state::closed;
                }
                return writer_.load() >= busy_load ? lobby::store_state::busy
                                                   : lobby::store_state::open;
            }};
}

void app::written(storage::written batch) {
    if (batch.result == storage::commit_result::done) {
        commits_.add(std::chrono::duration<double>(batch.took).count());
        rows_ += batch.jobs.size();
    }
    if (batch.why != store_trouble_) {
        store_trouble_ = batch.why;
        log::warn("store", {{"trouble", batch.why.empty() ? "over" : batch.why}});
    }
    board_.written(std::move(batch), now());
    if (board_.failed() && !draining_) {
        drain();  // before anything more is read that could not be stored
    }
    connections_.flush_soon();
}

// ---- time and signals ----

void app::tick() {
    supervisor_.alive(now().steady);
    board_.tick(now());
    connections_.flush();
    if (board_.clock_jumped() && !std::exchange(clock_warned_, true)) {
        log::warn("clock", {{"jumped", true},
                            {"hint", "nothing is deleted for its age until the next start"}});
    }
    for (const std::string& receipt : board_.take_completed()) {
        log::info("erasure complete", {{"receipt", receipt}});
    }
    end_when_drained();
    const auto round = config_.match_round.count() == 0 ? tick_max : config_.match_round;
    ticks_.expires_after(std::min(round, tick_max));
    ticks_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled) {
            const auto late = now().steady - ticks_.expiry();
            lateness_.add(std::chrono::duration<double>(late).count());
            tick();
        }
    });
}

void app::await_signal() {
    signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
        if (cancelled) {
            return;
        }
        if (signal == SIGHUP) {
            reload();
            await_signal();
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

// Those who are connected stay as they are.
void app::reload() {
    if (!tls_ && config_.moderation_words.empty()) {
        log::info("reload", {{"nothing", true}});
        return;
    }
    reload_certificate();
    reload_words();
}

void app::reload_certificate() {
    if (!tls_) {
        return;
    }
    const auto trouble = tls_->reload();
    if (trouble.empty()) {
        log::info("reload", {{"certificate", "done"}});
        warn_of(*tls_);
    } else {
        log::error("reload", {{"certificate", "kept"}, {"reason", trouble}});
    }
}

void app::reload_words() {
    if (!config_.moderation_words.empty()) {
        words_.ask();
    }
}

// A text is judged by the old words or by the new ones: there is no moment between them.
word_reload::ports app::word_ports() {
    return {[this] { return platform::try_filter(config_.moderation_words); },
            [this](std::function<void()> job) { asio::post(io_, std::move(job)); },
            [this](platform::filter_or_trouble outcome) {
                if (!outcome.made) {
                    log::warn("reload", {{"words", "kept"}, {"reason", outcome.trouble}});
                    return;
                }
                log::info("reload", {{"words", "done"}, {"rules", outcome.made->rule_count()}});
                board_.use(std::move(outcome.made));
            }};
}

// Everybody hears when to come back; what was said is committed before the process ends.
void app::drain() {
    draining_ = true;
    drain_until_ = std::chrono::steady_clock::now() + drain_max;
    supervisor_.stopping("says goodbye");
    log::info("drain", {{"sessions", board_.session_count()}});
    listener_.stop_accepting();
    listener_.drain();
    board_.drain();
    connections_.flush();
    end_when_drained();
}

void app::end_when_drained() {
    const bool done = connections_.count() == 0 && !board_.awaits_opinions();
    if (draining_ && (done || std::chrono::steady_clock::now() >= drain_until_)) {
        io_.stop();
    }
}

}  // namespace onechat
