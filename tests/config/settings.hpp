// A right and a wrong value for each setting of the table, and how to see that the right one has
// come through.
#pragma once

#include "server/config/config.hpp"

#include <string>
#include <vector>

namespace onechat::test {

struct setting_case {
    std::string name;
    std::string value;  // not the default
    std::string wrong;
    bool (*holds)(const config&);
};

inline const std::vector<setting_case>& setting_cases() {
    using namespace std::chrono_literals;
    using c = const config&;
    static const std::vector<setting_case> cases{
        {"profile", "cn-miniprogram", "cn",
         [](c is) { return is.profile == "cn-miniprogram" && is.keep_texts == 180 * 24h; }},
        {"listen", "0.0.0.0:9000", "nowhere",
         [](c is) {
             return is.listen == endpoint{"0.0.0.0", 9000};
         }},
        {"admin-listen", "[::1]:0", "on",
         [](c is) {
             return is.admin_listen == endpoint{"::1", 0};
         }},
        {"admin-listen", "off", "of", [](c is) { return !is.admin_listen; }},
        {"admin-hosts", "admin.example.org, box", "admin.example.org:81",
         [](c is) {
             return is.admin_hosts == std::vector<std::string>{"admin.example.org", "box"};
         }},
        {"allow-origins", "https://a.example, http://B.example:3000", "https://a.example,b",
         [](c is) {
             return is.allow_origins ==
                    std::vector<std::string>{"https://a.example", "http://b.example:3000"};
         }},
        {"tls-cert", "/tmp/chain.pem", "", [](c is) { return is.tls_cert == "/tmp/chain.pem"; }},
        {"tls-key", "/tmp/key.pem", "", [](c is) { return is.tls_key == "/tmp/key.pem"; }},
        {"trusted-proxies", "10.0.0.1,fd00::/8", "10.0.0.1/8",
         [](c is) {
             return is.trusted_proxies == std::vector<std::string>{"10.0.0.1", "fd00::/8"};
         }},
        {"proxy-protocol", "on", "v2", [](c is) { return is.proxy_protocol; }},
        {"data", "/tmp/else where", "", [](c is) { return is.data == "/tmp/else where"; }},
        {"durability", "normal", "half",
         [](c is) { return is.durability == storage::durability::normal; }},
        {"match-round", "50ms", "61s", [](c is) { return is.match_round == 50ms; }},
        {"match-round", "0s", "20x", [](c is) { return is.match_round == 0ms; }},
        {"rematch-after", "1h", "25h", [](c is) { return is.rematch_after == 1h; }},
        {"away", "30m", "31m", [](c is) { return is.away == 30min; }},
        {"guests", "off", "true", [](c is) { return !is.guests; }},
        {"topic", "a=b|c", "nothing",
         [](c is) {
             return is.topics == std::vector<topic>{{"a", "b", "c"}};
         }},
        {"topic", "a=甲;b=乙|丙", "a=甲;a=乙",
         [](c is) {
             return is.topics == std::vector<topic>{{"a", "甲", ""}, {"b", "乙", "丙"}};
         }},
        {"wechat-appid", "wx0123456789abcdef", "wx 1",
         [](c is) { return is.wechat.appid == "wx0123456789abcdef"; }},
        {"wechat-secret-file", "/tmp/s", "",
         [](c is) { return is.wechat.secret_file == "/tmp/s"; }},
        {"wechat-api", "https://Gateway.example:8443/wechat", "http://a.example",
         [](c is) { return is.wechat.api == "https://gateway.example:8443/wechat"; }},
        {"qq-appid", "1112345678", "", [](c is) { return is.qq.appid == "1112345678"; }},
        {"qq-secret-file", "/tmp/q", "", [](c is) { return is.qq.secret_file == "/tmp/q"; }},
        {"qq-api", "https://127.0.0.1:9000/", "https://a.example/?b",
         [](c is) { return is.qq.api == "https://127.0.0.1:9000"; }},
        {"platform-ca", "/tmp/ca.pem", "", [](c is) { return is.platform_ca == "/tmp/ca.pem"; }},
        {"platform-time", "500ms", "99ms", [](c is) { return is.platform_time == 500ms; }},
        {"logins-rate", "2/s", "2s",
         [](c is) {
             return is.logins == lobby::rate{2, 1s, 300};
         }},
        {"logins-burst", "2", "2.0",
         [](c is) {
             return is.logins == lobby::rate{120, 1min, 2};
         }},
        {"logins-max", "10000", "10001", [](c is) { return is.logins_max == 10000; }},
        {"logins-per-address", "1", "0", [](c is) { return is.logins_per_address == 1; }},
        {"rate-limits", "off", "no", [](c is) { return !is.rate_limits; }},
        {"connections-max", "20000", "10000001", [](c is) { return is.connections_max == 20000; }},
        {"connections-per-address", "1", "0", [](c is) { return is.connections_per_address == 1; }},
        {"handshake-time", "1s", "999ms", [](c is) { return is.handshake_time == 1s; }},
        {"hello-time", "5m", "301s", [](c is) { return is.hello_time == 5min; }},
        {"idle-time", "10s", "9s", [](c is) { return is.idle_time == 10s; }},
        {"frame-bytes-max", "1024", "1023", [](c is) { return is.frame_bytes_max == 1024; }},
        {"outbox-bytes-max", "131072", "131071",
         [](c is) { return is.outbox_bytes_max == 131072; }},
        {"texts-rate", "300/m", "5",
         [](c is) {
             return is.texts == lobby::rate{300, 1min, 20};
         }},
        {"texts-burst", "1", "0",
         [](c is) {
             return is.texts == lobby::rate{5, 1s, 1};
         }},
        {"finds-rate", "1000000/d", "1000001/d",
         [](c is) {
             return is.finds == lobby::rate{1'000'000, 24h, 10};
         }},
        {"finds-burst", "1000000", "1000001",
         [](c is) {
             return is.finds == lobby::rate{10, 1min, 1'000'000};
         }},
        {"messages-rate", "1/s", "0/s",
         [](c is) {
             return is.messages == lobby::rate{1, 1s, 60};
         }},
        {"messages-burst", "61", "many",
         [](c is) {
             return is.messages == lobby::rate{30, 1s, 61};
         }},
        {"reports-rate", "3/h", "3/w",
         [](c is) {
             return is.reports == lobby::rate{3, 1h, 10};
         }},
        {"reports-burst", "3", "-3",
         [](c is) {
             return is.reports == lobby::rate{10, 1h, 3};
         }},
        {"guest-logins-rate", "2/s", "2s",
         [](c is) {
             return is.guest_logins == lobby::rate{2, 1s, 300};
         }},
        {"guest-logins-burst", "2", "2.0",
         [](c is) {
             return is.guest_logins == lobby::rate{120, 1min, 2};
         }},
        {"guest-logins-total-rate", "7/s", "7",
         [](c is) { return is.guest_logins_total.count == 7 && is.guest_logins_total.per == 1s; }},
        {"guest-logins-total-burst", "8", "0",
         [](c is) { return is.guest_logins_total.burst == 8; }},
        {"hellos-rate", "7/s", "7",
         [](c is) { return is.hellos.count == 7 && is.hellos.per == 1s; }},
        {"hellos-burst", "8", "0", [](c is) { return is.hellos.burst == 8; }},
        {"hellos-total-rate", "7/m", "7",
         [](c is) { return is.hellos_total.count == 7 && is.hellos_total.per == 1min; }},
        {"hellos-total-burst", "8", "0", [](c is) { return is.hellos_total.burst == 8; }},
        {"skips-max", "7", "0", [](c is) { return is.skips.count == 7; }},
        {"skips-window", "2m", "2h", [](c is) { return is.skips.within == 2min; }},
        {"skip-time", "0s", "11m", [](c is) { return is.skips.shorter_than == 0s; }},
        {"skip-delay", "20s", "0s", [](c is) { return is.skips.delay == 20s; }},
        {"skip-delay-max", "1h", "25h", [](c is) { return is.skips.delay_max == 1h; }},
        {"ban-terms", "1h,2d, forever", "1h,0s",
         [](c is) {
             return is.bans.terms == std::vector<std::chrono::milliseconds>{1h, 48h, 0ms};
         }},
        {"ban-terms", "forever", "never",
         [](c is) { return is.bans.terms == std::vector<std::chrono::milliseconds>{0ms}; }},
        {"ban-memory", "0s", "1y", [](c is) { return is.bans.memory == 0s; }},
        {"mute-after-reporters", "3", "0", [](c is) { return is.bans.mute_after == 3; }},
        {"mute-window", "1h", "1s", [](c is) { return is.bans.mute_window == 1h; }},
        {"store-requests-max", "64", "65", [](c is) { return is.store_requests_max == 64; }},
        {"blocks-max", "5", "0", [](c is) { return is.blocks_max == 5; }},
        {"moderation-words", "/tmp/words.txt", "",
         [](c is) { return is.moderation_words == "/tmp/words.txt"; }},
        {"moderation", "hold", "before",
         [](c is) { return is.moderation.mode == moderation_mode::hold; }},
        {"moderation", "after", "",
         [](c is) { return is.moderation.mode == moderation_mode::after; }},
        {"moderation-on-failure", "refuse", "block",
         [](c is) { return !is.moderation.unjudged_pass; }},
        {"moderation-budget", "0", "-1", [](c is) { return is.moderation.looks_per_minute == 0; }},
        {"nudge-after", "1s", "999ms", [](c is) { return is.nudge_after == 1s; }},
        {"wechat-nudge-template", "tmpl-1", "",
         [](c is) { return is.wechat.nudge_template == "tmpl-1"; }},
        {"wechat-nudge-page", "pages/chat/chat", "",
         [](c is) { return is.wechat.nudge_page == "pages/chat/chat"; }},
        {"wechat-nudge-values", "thing1=甲;time_2=a=b", "Thing=a",
         [](c is) {
             return is.wechat.nudge_values == std::vector<std::pair<std::string, std::string>>{
                                                  {"thing1", "甲"}, {"time_2", "a=b"}};
         }},
        {"qq-nudge-template", "tmpl-2", "", [](c is) { return is.qq.nudge_template == "tmpl-2"; }},
        {"qq-nudge-page", "pages/a", "", [](c is) { return is.qq.nudge_page == "pages/a"; }},
        {"qq-nudge-values", "thing1=甲", "thing1=",
         [](c is) {
             return is.qq.nudge_values ==
                    std::vector<std::pair<std::string, std::string>>{{"thing1", "甲"}};
         }},
        {"seal-time", "0s", "31d", [](c is) { return is.seal_time == 0ms; }},
        {"keep-texts", "180d", "3651d", [](c is) { return is.keep_texts == 180 * 24h; }},
        {"keep-access", "180d", "on", [](c is) { return is.keep_access == 180 * 24h; }},
        {"keep-reports", "1h", "59m", [](c is) { return is.keep_reports == 1h; }},
        {"log-level", "debug", "loud", [](c is) { return is.log_level == "debug"; }},
        {"log-format", "json", "yaml", [](c is) { return is.log_form == log::form::json; }},
    };
    return cases;
}

// What a setting is no good without, as names and values in turn; empty for most.
inline std::vector<std::string> companions_of(const setting_case& one) {
    const std::string platform = one.name.starts_with("qq-") ? "qq" : "wechat";
    const std::vector<std::string> account{platform + "-appid", "1", platform + "-secret-file",
                                           "/tmp/s"};
    if (one.name == platform + "-appid") {
        return {account.begin() + 2, account.end()};
    }
    if (one.name == platform + "-secret-file") {
        return {account.begin(), account.begin() + 2};
    }
    if (one.name == "profile" || one.name == platform + "-nudge-template" ||
        (one.name == "moderation" && one.value != "local")) {
        return account;
    }
    return {};
}

}  // namespace onechat::test
