#include "server/config/config.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;
using namespace std::chrono_literals;

TEST_CASE("without settings the contract's defaults hold") {
    const config standard;

    CHECK(standard.listen == endpoint{"127.0.0.1", 8080});
    CHECK(standard.admin_listen == endpoint{"127.0.0.1", 8081});
    CHECK(standard.allow_origins.empty());
    CHECK(standard.durability == storage::durability::full);
    CHECK(standard.match_round == 200ms);
    CHECK(standard.rematch_after == 8s);
    CHECK(standard.away == 120s);
    CHECK(standard.guests);
    CHECK(standard.topics == topics::built_in());
    CHECK(standard.rate_limits);
    CHECK(standard.connections_max == 0);
    CHECK(standard.connections_per_address == 2000);
    CHECK(standard.texts == lobby::rate{5, 1s, 20});
    CHECK(standard.finds == lobby::rate{10, 1min, 10});
    CHECK(standard.messages == lobby::rate{30, 1s, 60});
    CHECK(standard.reports == lobby::rate{10, 1h, 10});
    CHECK(standard.guest_logins == lobby::rate{120, 1min, 300});
    CHECK(standard.wechat.appid.empty());
    CHECK(standard.wechat.api == "https://api.weixin.qq.com");
    CHECK(standard.qq.api == "https://api.q.qq.com");
    CHECK(standard.platform_time == 3s);
    CHECK(standard.logins == lobby::rate{120, 1min, 300});
    CHECK(standard.logins_max == 200);
    CHECK(standard.logins_per_address == 20);
    CHECK(standard.store_requests_max == 4);
    CHECK(standard.blocks_max == 1000);
    CHECK(standard.moderation_words.empty());
    CHECK(standard.moderation.mode == moderation_mode::local);
    CHECK(standard.moderation.unjudged_pass);
    CHECK(standard.moderation.looks_per_minute == 4000);
    CHECK(standard.nudge_after == 10s);
    CHECK(standard.wechat.nudge_template.empty());
    CHECK(standard.qq.nudge_values == standard_nudge);
    CHECK(standard.seal_time == 72h);
    CHECK(standard.keep_reports == 180 * 24h);
    CHECK(standard.log_level == "info");
    CHECK(standard.log_form == log::form::text);
}
