// The platforms put together: who we are to them, and how their answers come back.
#include "server/app.hpp"
#include "server/log.hpp"
#include "server/secret_file.hpp"

#include <stdexcept>
#include <utility>

namespace onechat {

// Half a configuration has been refused by now.
void app::reach_platforms() {
    if (const auto trouble = http_.trouble(); !trouble.empty()) {
        throw std::runtime_error{"--platform-ca: " + trouble + "."};
    }
    const platform::surroundings shared{
        http_, std::chrono::steady_clock::now,
        [this](std::uint64_t below) { return random_.below(below); },
        [](const std::string& line) {
            log::warn("platform", {{"trouble", line}});
        }};
    platform::api_caller::rules rules;
    rules.time_max = config_.platform_time;
    for (const auto name : platform::platform_names) {
        const platform_config& from =
            name == platform::platform_name::wechat ? config_.wechat : config_.qq;
        if (from.appid.empty()) {
            continue;
        }
        const auto base = net::parse_http_url(from.api);
        if (base.has_error()) {
            throw std::runtime_error{base.error().sentence + "."};
        }
        platforms_.emplace_back(
            shared, name, *base,
            platform::credentials{
                from.appid, from.secret_file.empty() ? from.secret : read_secret(from.secret_file)},
            rules);
    }
    if (platforms_.empty() && !config_.guests) {
        log::warn("logins", {{"none", true}, {"hint", "guests are off and no platform is set up"}});
    }
    board_.log_in_by(
        {[this](platform::platform_name name) { return platform_called(name) != nullptr; },
         [this](platform::platform_name name, std::string code, std::uint64_t ticket) {
             platform_called(name)->logins().identify(
                 std::move(code), [this, ticket](platform::identity::answer answer) {
                     board_.identified(ticket, std::move(answer), now());
                     connections_.flush();
                 });
         }});
}

platform::service* app::platform_called(platform::platform_name name) {
    for (platform::service& one : platforms_) {
        if (one.name() == name) {
            return &one;
        }
    }
    return nullptr;
}

}  // namespace onechat
