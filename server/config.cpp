#include "server/config.hpp"

#include "protocol/limits.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <charconv>
#include <functional>
#include <stdexcept>
#include <utility>

namespace onechat {
namespace {

std::string environment_name(std::string flag) {
    std::string name = "ONECHAT_";
    for (const char letter : flag) {
        name += letter == '-' ? '_'
                              : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    }
    return name;
}

// Adds a flag whose text is read by `read`; what that throws is told with the flag's name.
CLI::Option* add(CLI::App& serve, const std::string& flag, const std::string& meaning,
                 const std::string& standard, const std::function<void(const std::string&)>& read) {
    return serve
        .add_option_function<std::string>(
            "--" + flag,
            [flag, read](const std::string& text) {
                try {
                    read(text);
                } catch (const std::runtime_error& wrong) {
                    throw CLI::ValidationError{"--" + flag, wrong.what()};
                }
            },
            meaning)
        ->envname(environment_name(flag))
        ->default_str(standard);
}

std::chrono::milliseconds duration_between(const std::string& text, std::chrono::milliseconds min,
                                           std::chrono::milliseconds max, std::string_view bounds) {
    const auto value = parse_duration(text);
    if (value < min || value > max) {
        throw std::runtime_error{"The duration " + text + " is not between " + std::string{bounds} +
                                 "."};
    }
    return value;
}

bool parse_switch(const std::string& text) {
    if (text != "on" && text != "off") {
        throw std::runtime_error{"\"" + text + "\" is neither on nor off."};
    }
    return text == "on";
}

}  // namespace

std::chrono::milliseconds parse_duration(std::string_view text) {
    struct unit {
        std::string_view name;
        std::int64_t milliseconds;
    };
    constexpr std::array units{unit{"ms", 1}, unit{"s", 1000}, unit{"m", 60'000},
                               unit{"h", 3'600'000}, unit{"d", 86'400'000}};
    std::int64_t count = 0;
    const auto [rest, trouble] = std::from_chars(text.data(), text.data() + text.size(), count);
    const std::string_view name{rest, static_cast<std::size_t>(text.data() + text.size() - rest)};
    for (const unit& one : units) {
        // A century is long enough, and far from any overflow.
        if (trouble == std::errc{} && count >= 0 && name == one.name &&
            count <= 36'500 * units.back().milliseconds / one.milliseconds) {
            return std::chrono::milliseconds{count * one.milliseconds};
        }
    }
    throw std::runtime_error{"\"" + std::string{text} +
                             "\" is no duration; write 20ms, 2s, 5m, 3h or 180d."};
}

endpoint parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    endpoint read;
    if (colon != std::string_view::npos) {
        read.address = text.substr(0, colon);
        const bool bracketed = read.address.starts_with('[') && read.address.ends_with(']');
        if (bracketed) {
            read.address = read.address.substr(1, read.address.size() - 2);
        }
        const bool clear = bracketed || read.address.find(':') == std::string::npos;
        const char* end = text.data() + text.size();
        const auto [rest, trouble] = std::from_chars(text.data() + colon + 1, end, read.port);
        if (trouble == std::errc{} && rest == end && clear && !read.address.empty()) {
            return read;
        }
    }
    throw std::runtime_error{"\"" + std::string{text} +
                             "\" is no address with a port; write 127.0.0.1:8080 or [::1]:8080."};
}

void describe_options(CLI::App& serve, config& into) {
    using namespace std::chrono_literals;
    add(serve, "listen", "Where people connect; port 0 takes a free one", "127.0.0.1:8080",
        [&into](const std::string& text) { into.listen = parse_endpoint(text); });
    add(serve, "data", "The folder of the database and the keys; made when it is missing", "data",
        [&into](const std::string& text) { into.data = text; });
    add(serve, "match-round", "How often people are paired; 0s pairs at once", "200ms",
        [&into](const std::string& text) {
            into.match_round = duration_between(text, 0ms, 60s, "0s and 60s");
        });
    add(serve, "rematch-after", "How long one waits before meeting a recent partner again", "8s",
        [&into](const std::string& text) {
            into.rematch_after = duration_between(text, 0ms, 24h, "0s and 24h");
        });
    add(serve, "away", "How long a chat waits for someone without a connection", "2m",
        [&into](const std::string& text) {
            into.away = duration_between(text, 0ms, protocol::limits::away_time_max, "0s and 30m");
        });
    add(serve, "durability", "What an ack survives: a power cut (full) or a crash (normal)", "full",
        [&into](const std::string& text) {
            if (text != "full" && text != "normal") {
                throw std::runtime_error{"\"" + text + "\" is neither full nor normal."};
            }
            into.durability =
                text == "full" ? storage::durability::full : storage::durability::normal;
        });
    add(serve, "rate-limits", "on or off; off is for load tests", "on",
        [&into](const std::string& text) { into.rate_limits = parse_switch(text); });
    add(serve, "guests", "Whether people may come without an account: on or off", "on",
        [&into](const std::string& text) { into.guests = parse_switch(text); });
    add(serve, "log-level", "debug, info, warn or error", "info", [&into](const std::string& text) {
        if (text != "debug" && text != "info" && text != "warn" && text != "error") {
            throw std::runtime_error{"\"" + text +
                                     "\" is no log level; write debug, info, warn or error."};
        }
        into.log_level = text;
    });
    serve
        .add_option_function<std::vector<std::string>>(
            "--topic",
            [&into](const std::vector<std::string>& given) {
                try {
                    into.topics.clear();
                    for (const std::string& text : given) {
                        into.topics.push_back(topics::parse(text));
                    }
                    static_cast<void>(topics{into.topics});
                } catch (const std::runtime_error& wrong) {
                    throw CLI::ValidationError{"--topic", wrong.what()};
                }
            },
            "A topic as id=title|hint; give one per topic. Default: a Chinese set of twelve")
        ->envname("ONECHAT_TOPIC")
        ->delimiter(';');
}

}  // namespace onechat
