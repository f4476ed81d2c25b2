// What the operator can set, and what holds when nothing is said. How it is written, bounded and
// explained is table's; where it comes from, reader's. Read once at the start,
// constant afterwards: any thread.
#pragma once

#include "protocol/limits.hpp"
#include "server/ban_policy.hpp"
#include "server/config/values.hpp"
#include "server/lobby/rate_limit.hpp"
#include "server/lobby/skip_limit.hpp"
#include "server/log.hpp"
#include "server/moderation_options.hpp"
#include "server/topics.hpp"
#include "server/user_limits.hpp"
#include "storage/sqlite_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace onechat {

// Generic on purpose: no word of anybody and no name goes into it.
inline const std::vector<std::pair<std::string, std::string>> standard_nudge{
    {"thing1", "有人在等你的回复"}};

// Who we are to a platform; offered for logins when the AppID is set.
struct platform_config {
    std::string appid{};
    std::string api{};
    std::filesystem::path secret_file{};
    std::string secret{};  // from the environment alone: no flag, no key, shown nowhere
    // The message to somebody who is away while a text waits; without a template there is none.
    std::string nudge_template{};
    std::string nudge_page{};
    std::vector<std::pair<std::string, std::string>> nudge_values = standard_nudge;
};

struct config {
    std::string profile = "none";  // see profile.hpp
    endpoint listen{"127.0.0.1", 8080};
    std::optional<endpoint> admin_listen = endpoint{"127.0.0.1", 8081};  // nothing: no listener
    std::vector<std::string> admin_hosts;  // beside addresses and localhost
    std::filesystem::path tls_cert;        // empty: plain
    std::filesystem::path tls_key;
    std::vector<std::string> trusted_proxies;
    bool proxy_protocol = false;
    std::vector<std::string> allow_origins;  // empty: not checked

    std::filesystem::path data = "data";
    storage::durability durability = storage::durability::full;

    std::chrono::milliseconds match_round = protocol::limits::match_round;
    std::chrono::milliseconds rematch_after = protocol::limits::rematch_after;
    std::chrono::milliseconds away = protocol::limits::away_time;
    bool guests = true;
    std::vector<topic> topics = onechat::topics::built_in();

    platform_config wechat{.api = "https://api.weixin.qq.com"};
    platform_config qq{.api = "https://api.q.qq.com"};
    std::chrono::milliseconds nudge_after{10'000};
    std::filesystem::path platform_ca;  // empty: the system's roots alone
    std::chrono::milliseconds platform_time{3000};

    bool rate_limits = true;
    std::size_t connections_max = 0;  // 0: as many as the system lets us
    std::uint32_t connections_per_address = 2000;
    std::chrono::milliseconds handshake_time = protocol::limits::hello_time;
    std::chrono::milliseconds hello_time = protocol::limits::hello_time;
    std::chrono::milliseconds idle_time = protocol::limits::idle_time;
    std::size_t frame_bytes_max = protocol::limits::client_frame_bytes_max;
    std::size_t outbox_bytes_max = protocol::limits::outbox_bytes_max;
    lobby::rate texts{5, std::chrono::seconds{1}, 20};
    lobby::rate finds{10, std::chrono::minutes{1}, 10};
    lobby::rate messages{30, std::chrono::seconds{1}, 60};
    lobby::rate reports{10, std::chrono::hours{1}, 10};
    lobby::rate guest_logins{120, std::chrono::minutes{1}, 300};
    lobby::rate guest_logins_total{6000, std::chrono::minutes{1}, 6000};
    // After a restart all of an address come back within seconds, and so do all of all.
    lobby::rate hellos{1200, std::chrono::minutes{1}, 4000};
    lobby::rate hellos_total{5000, std::chrono::seconds{1}, 20'000};
    lobby::skip_rule skips;
    lobby::rate logins{120, std::chrono::minutes{1}, 300};
    std::uint32_t logins_max = login_limits{}.under_way_max;
    std::uint32_t logins_per_address = login_limits{}.under_way_per_address;
    std::uint32_t store_requests_max = user_limits{}.store_requests_max;
    std::uint32_t blocks_max = user_limits{}.blocks_max;

    ban_policy bans;
    moderation_options moderation;
    std::filesystem::path moderation_words;  // empty: the built-in set alone

    std::chrono::milliseconds seal_time = user_limits{}.seal_time;
    std::optional<std::chrono::milliseconds> keep_access = user_limits{}.keep_access;
    std::chrono::milliseconds keep_texts = user_limits{}.keep_texts;
    std::chrono::milliseconds keep_reports = user_limits{}.keep_reports;

    std::string log_level = "info";
    log::form log_form = log::form::text;
};

}  // namespace onechat
