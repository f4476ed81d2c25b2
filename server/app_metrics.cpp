// What the operator can watch: every figure of the parts, by name. No figure is of one user.
#include "server/app.hpp"
#include "server/metrics.hpp"

#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace onechat {

namespace {

void say_people(metrics_text& say, const switchboard& board) {
    say.gauge("onechat_sessions", "WebSocket connections, those not logged in included.",
              static_cast<double>(board.session_count()));
    say.gauge("onechat_people", "Users connected, waiting or with a seat in a chat.",
              static_cast<double>(board.people().people_count()));
    say.gauge("onechat_waiting", "Tickets that can be matched, as of the last round.",
              static_cast<double>(board.people().waiting_count()));
    say.gauge("onechat_banned", "People whose ban runs, as of the last minute.",
              static_cast<double>(board.banned_count()));
    say.gauge("onechat_muted", "People muted by reports, as of the last minute.",
              static_cast<double>(board.muted_count()));
    say.gauge("onechat_chats", "Chats that live, or whose end is being told.",
              static_cast<double>(board.people().chat_count()));
}

void say_counts(metrics_text& say, const counts& counted,
                const lobby::limited_counts& lobby_limited) {
    say.counter_head("onechat_logins_total",
                     "Users welcomed or on their way to it, by what they "
                     "brought.");
    say.value("by", "new", counted.logins);
    say.value("by", "token", counted.returns);
    say.value("by", "code", counted.codes);
    say.counter("onechat_matches_total", "Chats that were opened.", counted.matches);
    say.counter("onechat_texts_total", "Texts accepted and shown to the partner.", counted.texts);
    say.counter("onechat_acks_total", "Acks sent, each for a text on disk.", counted.acks);
    say.counter("onechat_reports_total", "Reports stored.", counted.reports);
    say.counter("onechat_bans_total", "Bans given.", counted.bans);
    say.counter("onechat_lifted_bans_total", "Orders that lifted a ban.", counted.lifted_bans);
    say.counter("onechat_mutes_total", "People muted by reports.", counted.mutes);
    say.counter("onechat_erasures_total", "Accounts erased.", counted.erasures);
    say.counter("onechat_purged_rows_total", "Rows overwritten or deleted since their time was up.",
                counted.purged_rows);
    say.counter("onechat_lost_access_total", "Records of access that the disk had no room for.",
                counted.lost_access);
    say.counter("onechat_cut_rows_total", "Events and chats deleted since they were too old.",
                counted.cut_rows);

    say.counter_head("onechat_refusals_total", "Requests refused, by the code that was told.");
    for (const auto& word : protocol::words_of<protocol::refusal>) {
        const auto found = counted.refusals.find(word.value);
        say.value("code", word.name, found == counted.refusals.end() ? 0 : found->second);
    }
    say.counter_head("onechat_closes_total", "Connections closed with a bye, by its reason.");
    for (const auto& row : protocol::close_codes) {
        const auto found = counted.byes.find(row.code);
        say.value("reason", row.reason, found == counted.byes.end() ? 0 : found->second);
    }
    say.counter_head("onechat_limited_total", "Refusals by the limit that was reached.");
    const auto& limits = counted.limits;
    say.value("limit", "messages", limits.messages);
    say.value("limit", "texts", lobby_limited.texts);
    say.value("limit", "finds", lobby_limited.finds);
    say.value("limit", "store_requests", limits.store_requests);
    say.value("limit", "reports", limits.reports);
    say.value("limit", "skips", lobby_limited.skips);
    say.value("limit", "muted", lobby_limited.muted);
    say.value("limit", "guest_logins", limits.guest_logins);
    say.value("limit", "guest_logins_total", limits.guest_logins_total);
    say.value("limit", "hellos", limits.hellos);
    say.value("limit", "hellos_total", limits.hellos_total);
    say.value("limit", "logins", limits.logins);
    say.value("limit", "logins_under_way", limits.logins_under_way);
    say.value("limit", "blocks", limits.blocks);
    say.value("limit", "operator_requests", limits.operator_requests);
}

void say_network(metrics_text& say, const net::connections& connections,
                 const net::listener& listener) {
    const net::traffic& moved = connections.counted();
    say.gauge("onechat_connections", "Upgraded connections, those that are closing included.",
              static_cast<double>(connections.count()));
    say.counter("onechat_received_bytes_total", "Bytes read from WebSocket connections.",
                moved.bytes_received);
    say.counter("onechat_sent_bytes_total", "Bytes written to WebSocket connections.",
                moved.bytes_sent);
    say.counter("onechat_received_messages_total", "WebSocket messages received.",
                moved.messages_received);
    say.counter("onechat_sent_messages_total", "WebSocket messages sent.", moved.messages_sent);
    say.counter("onechat_reads_total", "System calls that read from connections.", moved.reads);
    say.counter("onechat_writes_total", "System calls that wrote to connections.", moved.writes);
    say.counter_head("onechat_violations_total", "Connections failed for what they sent.");
    say.value("of", "protocol", moved.violations);
    say.value("of", "message_size", moved.too_big);
    say.value("of", "message_parts", moved.too_much);

    const net::http_traffic& http = listener.counted();
    say.gauge("onechat_http_connections", "Connections that are not upgraded.",
              static_cast<double>(listener.http_count()));
    say.counter("onechat_http_accepted_total", "Connections accepted.", http.connections);
    say.counter("onechat_http_requests_total", "HTTP requests, upgrades included.", http.requests);
    say.counter("onechat_http_upgrades_total", "Upgrades to WebSocket.", http.upgrades);
    say.counter("onechat_http_slow_total", "Connections closed before their head was complete.",
                http.slow_heads);
    say.counter("onechat_http_errors_total", "HTTP answers from 400 on.", http.refusals);
    say.counter("onechat_http_tls_failed_total", "TLS handshakes that failed.", http.tls_failed);
    say.counter_head("onechat_http_refused_total", "Connections refused, by the limit.");
    say.value("limit", "connections_per_address", http.refused_per_address);
    say.value("limit", "connections", http.refused_full);
    say.value("limit", "origin", http.refused_origin);
    say.value("limit", "header_bytes", http.refused_heads);
    say.value("limit", "not_a_proxy", http.refused_strangers);
    say.value("limit", "proxy_header", http.bad_proxy_headers);
    say.value("limit", "forwarded_for", http.bad_forwarded_for);
}

// What isn't known, say since the folder is gone, is left out.
void say_disk(metrics_text& say, const std::filesystem::path& data) {
    std::error_code unknown;
    const auto space = std::filesystem::space(data, unknown);
    if (!unknown) {
        say.gauge("onechat_data_free_bytes", "Room on the disk of the data folder.",
                  static_cast<double>(space.available));
    }
    say.gauge_head("onechat_data_bytes", "Size of a file of the data folder.");
    for (const char* file : {"onechat.db", "onechat.db-wal"}) {
        const auto size = std::filesystem::file_size(data / file, unknown);
        if (!unknown) {
            say.value("file", file, std::uint64_t{size});
        }
    }
}

void say_filter(metrics_text& say, const moderation_counts& counted) {
    say.counter_head("onechat_filter_verdicts_total",
                     "Texts and nicknames that the local filter judged.");
    say.value("verdict", "pass", counted.passed);
    say.value("verdict", "mask", counted.masked);
    say.value("verdict", "reject", counted.rejected);
    say.counter("onechat_filter_flags_total", "Those of them that a person should look at.",
                counted.flagged);
}

template <class Say>
void each_caller(const std::deque<platform::service>& platforms, Say say) {
    for (const platform::service& one : platforms) {
        for (const platform::api_caller& caller : one.callers()) {
            say(caller, platform::word_of(one.name()));
        }
    }
}

// Calls to WeChat and QQ, by what they are for.
void say_platforms(metrics_text& say, const std::deque<platform::service>& platforms,
                   const net::http_client::figures& http) {
    say.counter_head("onechat_platform_calls_total", "Calls to a platform, each try, by outcome.");
    each_caller(platforms, [&](const auto& caller, std::string_view name) {
        for (std::size_t n = 0; n < platform::call_outcome_count; ++n) {
            const auto outcome = platform::word_of(static_cast<platform::call_outcome>(n));
            say.value({{"platform", name}, {"call", caller.purpose()}, {"outcome", outcome}},
                      caller.counted().calls[n]);
        }
    });
    say.counter_head("onechat_platform_call_seconds_sum", "Time that calls took, altogether.");
    each_caller(platforms, [&](const auto& caller, std::string_view name) {
        say.value({{"platform", name}, {"call", caller.purpose()}},
                  std::chrono::duration<double>{caller.counted().taken}.count());
    });
    say.counter_head("onechat_platform_call_seconds_count", "Calls that were sent.");
    each_caller(platforms, [&](const auto& caller, std::string_view name) {
        say.value({{"platform", name}, {"call", caller.purpose()}}, caller.counted().sent);
    });
    say.gauge_head("onechat_platform_resting", "1 while nobody asks: the platform seems dead.");
    each_caller(platforms, [&](const auto& caller, std::string_view name) {
        const bool rests = caller.breaker() != platform::circuit_breaker::state::closed;
        say.value({{"platform", name}, {"call", caller.purpose()}}, std::uint64_t{rests ? 1U : 0U});
    });
    say.gauge_head("onechat_platform_connections", "Connections to platforms.");
    say.value("state", "busy", static_cast<std::uint64_t>(http.busy));
    say.value("state", "kept", static_cast<std::uint64_t>(http.kept));
    say.gauge("onechat_platform_waiting", "Calls that wait for a connection.",
              static_cast<double>(http.waiting));
}

void say_looks(metrics_text& say, const switchboard& board) {
    const counts& counted = board.counted();
    say.counter_head("onechat_looks_total", "Looks from outside at words, by what they brought.");
    constexpr std::array<std::string_view, 4> opinions{"pass", "doubtful", "risky", "failed"};
    for (std::size_t n = 0; n < opinions.size(); ++n) {
        say.value("opinion", opinions[n], counted.looks[n]);
    }
    say.counter("onechat_looks_unaffordable_total",
                "Words that nobody outside looked at since the budget was used up.",
                board.moderation().counted().unaffordable);
    say.gauge("onechat_looks_under_way", "Looks that are not answered yet.",
              static_cast<double>(board.moderation().under_way()));
    say.gauge("onechat_held", "Texts and searches that wait for an opinion.",
              static_cast<double>(board.people().held_count()));
    say.counter_head("onechat_unjudged_total", "Held words without an opinion in time.");
    say.value("then", "passed", board.people().unjudged().passed);
    say.value("then", "refused", board.people().unjudged().refused);
    say.counter("onechat_removals_total", "Texts taken away after people had seen them.",
                counted.removals);
    say.counter_head("onechat_nudges_total", "Messages to people who are away, by outcome.");
    constexpr std::array<std::string_view, 5> outcomes{"sent", "no_consent", "refused", "failed",
                                                       "not_sent"};
    for (std::size_t n = 0; n < outcomes.size(); ++n) {
        say.value("outcome", outcomes[n], counted.nudges[n]);
    }
}

// The names that every Prometheus client library uses.
void say_process(metrics_text& say, std::int64_t started_ms) {
    say.gauge("process_start_time_seconds", "Start of the process, Unix time.",
              static_cast<double>(started_ms) / 1000);
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    say.counter("process_cpu_seconds_total", "CPU time of all threads.",
                seconds(used.ru_utime) + seconds(used.ru_stime));
    std::ifstream statm{"/proc/self/statm"};
    std::uint64_t pages = 0;
    std::uint64_t resident = 0;
    if (statm >> pages >> resident) {
        say.gauge("process_resident_memory_bytes", "Resident memory.",
                  static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    }
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        say.gauge("process_max_fds", "Files the process may open.",
                  static_cast<double>(files.rlim_cur));
    }
}

}  // namespace

std::string app::metrics() const {
    metrics_text say;
    say.gauge_head("onechat_build_info", "The version that runs.");
    say.value("version", ONECHAT_VERSION, std::uint64_t{1});
    say_people(say, board_);
    say_counts(say, board_.counted(), board_.people().limited());
    say_filter(say, board_.moderation().counted());
    say_looks(say, board_);
    say_network(say, connections_, listener_);
    say.counter("onechat_admin_wrong_tokens_total",
                "Requests to the operator's API without a right token.", admin_api_.wrong_tokens());
    if (admin_) {
        say.gauge("onechat_admin_connections", "Connections to the operator's port.",
                  static_cast<double>(admin_->http_count()));
        say.counter("onechat_admin_refused_connections_total",
                    "Connections to the operator's port closed since there were too many.",
                    admin_->counted().refused_full);
    }
    say.gauge("onechat_backup_time_seconds", "Of the newest backup, Unix time; 0 without any.",
              static_cast<double>(backups_.newest()) / 1000);
    say.counter_head("onechat_backups_total", "Backups that the operator asked for here.");
    say.value("outcome", "made", backups_.made_count());
    say.value("outcome", "failed", backups_.failed_count());
    say_platforms(say, platforms_, http_.counted());
    say.gauge("onechat_logins_under_way", "Logins that a platform has not answered yet.",
              static_cast<double>(board_.logins_under_way()));
    say.gauge_head("onechat_store_queue_ratio", "How full the queue to a storage thread is.");
    say.value("thread", "writer", writer_.load());
    say.value("thread", "reader", reader_.load());
    say.distribution("onechat_commit_seconds", "How long each commit to the disk took.", commits_);
    say.distribution("onechat_ack_seconds",
                     "From accepting a text, a held one when it is let go, to the commit that its "
                     "ack waits for; repeats not counted.",
                     board_.counted().ack_times);
    say.gauge("onechat_commit_age_seconds",
              "How long the commit that is under way has been; 0 without one.",
              std::chrono::duration<double>{writer_.commit_age(now().steady)}.count());
    say.counter("onechat_committed_changes_total", "Changes that were committed.", rows_);
    say.distribution("onechat_loop_late_seconds",
                     "How late the event loop came to its tick, ten times a second.", lateness_);
    say_disk(say, config_.data);
    say.gauge("onechat_connections_max", "Connections from which on newcomers hear `busy`.",
              static_cast<double>(connections_max_));
    say.gauge("onechat_store_trouble", "1 while nothing new is stored, as on a full disk.",
              writer_.trouble() ? 1 : 0);
    say.gauge("onechat_retention_behind", "1 while more is too old than a step has deleted.",
              board_.retention_behind() ? 1 : 0);
    say.gauge("onechat_erasures_behind", "1 while DATA/erasures.log or bans.log lacks something.",
              store_.logs_behind() ? 1 : 0);
    if (tls_) {
        const auto until = tls_->expires().time_since_epoch();
        say.gauge(
            "onechat_certificate_expiry_seconds", "When the certificate ends, Unix time.",
            static_cast<double>(std::chrono::duration_cast<std::chrono::seconds>(until).count()));
    }
    say.gauge("onechat_clock_jumped", "1 once the clock has jumped: nothing expires by age then.",
              board_.clock_jumped() ? 1 : 0);
    say.gauge("onechat_draining", "1 while the server takes its leave.", draining_ ? 1 : 0);
    say_process(say, started_.unix_ms);
    return std::move(say).take();
}

}  // namespace onechat
