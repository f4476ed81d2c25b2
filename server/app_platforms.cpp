// The platforms put together: who we are to them, and how their answers come back.
#include "server/app.hpp"
#include "server/log.hpp"
#include "server/look_lane.hpp"
#include "server/secret_file.hpp"

#include <cassert>
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
        [](const platform::api_news& is) {
            log::warn("platform", {{"name", platform::word_of(is.at)},
                                   {"call", is.call},
                                   {"untold", is.untold},
                                   {"trouble", is.trouble},
                                   {"rid", is.rid}});
        }};
    platform::api_caller::rules rules;
    rules.time_max = config_.platform_time;
    for (const auto name : platform::platform_names) {
        const platform_config& from = config_of(name);
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
    outside_ports outside;
    moderate_by_platforms(outside);
    send_by_platforms(outside);
    board_.connect(std::move(outside));
}

const platform_config& app::config_of(platform::platform_name name) const {
    return name == platform::platform_name::wechat ? config_.wechat : config_.qq;
}

// The lobby decides how long a text waits; an opinion that comes later can still take it away.
void app::moderate_by_platforms(outside_ports& outside) {
    if (config_.moderation.mode == moderation_mode::local) {
        return;
    }
    const auto lane = look_lane::of(config_.moderation.looks_per_minute, config_.platform_time);
    platform::api_caller::rules rules;
    rules.time_max = config_.platform_time;
    rules.connections_max = lane.connections_max;
    rules.waiting_max = lane.waiting_max;
    rules.may_repeat = [this] { return board_.may_look_again(now()); };
    for (platform::service& one : platforms_) {
        const auto at = static_cast<std::size_t>(one.name());
        checks_[at].emplace(one.add("check", rules), one.tokens(), one.ours().appid);
        outside.reviews[at] = true;
    }
    outside.review = [this](lobby::review_id id, platform::words_to_judge&& what) {
        auto& asked = *checks_[static_cast<std::size_t>(what.author.from())];
        asked.judge(std::move(what), [this, id](const platform::outside_opinion& is) {
            board_.reviewed(id, is, now());
            connections_.flush();
        });
    };
}

void app::send_by_platforms(outside_ports& outside) {
    platform::api_caller::rules rules;
    rules.time_max = config_.platform_time;
    rules.tries_max = 1;  // it may have been sent
    for (const auto name : platform::platform_names) {
        const platform_config& from = config_of(name);
        if (from.nudge_template.empty()) {
            continue;
        }
        platform::service* one = platform_called(name);
        assert(one != nullptr && "a template without its platform is refused as a contradiction");
        messages_[static_cast<std::size_t>(name)].emplace(
            one->add("message", rules), one->tokens(),
            platform::message_template{from.nudge_template, from.nudge_page, from.nudge_values});
        outside.notify = [this](lobby::user_id user, platform::account whom) {
            const auto by = whom.from();
            messages_[static_cast<std::size_t>(by)]->notify(
                std::move(whom), [this, user, by](platform::notice_outcome outcome) {
                    board_.notified(user, by, outcome, now());
                    connections_.flush();
                });
        };
    }
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
