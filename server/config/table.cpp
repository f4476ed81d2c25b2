#include "server/config/table.hpp"

#include "protocol/limits.hpp"
#include "server/config/profile.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <utility>

namespace onechat {
namespace {

using std::chrono::milliseconds;

template <class Read, class Write>
setting single(std::string_view name, std::string form, std::string meaning, Read read,
               Write write) {
    return {.group = {},
            .name = name,
            .form = std::move(form),
            .meaning = std::move(meaning),
            .read = [read](config& into, const texts& entries) { read(into, entries.front()); },
            .write = [write](const config& from) { return texts{write(from)}; }};
}

// Where a value lies: a pointer to a member of the configuration, or to one of a part of it.
template <class Part, class Value>
auto in(Part config::*part, Value Part::*member) {
    return [=](auto& of) -> auto& {
        return of.*part.*member;
    };
}

template <class Place>
setting duration(std::string_view name, Place place, milliseconds min, milliseconds max,
                 std::string meaning) {
    const std::string form = write_duration(min) + ".." + write_duration(max);
    return single(
        name, form, std::move(meaning),
        [=](config& into, const std::string& text) {
            const auto value = parse_duration(text);
            if (value < min || value > max) {
                throw std::runtime_error{"\"" + text + "\" is not in " + form + "."};
            }
            std::invoke(place, into) = value;
        },
        [=](const config& from) { return write_duration(std::invoke(place, from)); });
}

template <class Number, class Place>
setting count(std::string_view name, Place place, Number min, Number max, std::string meaning) {
    return single(
        name, std::to_string(min) + ".." + std::to_string(max), std::move(meaning),
        [=](config& into, const std::string& text) {
            std::invoke(place, into) = static_cast<Number>(parse_count(text, min, max));
        },
        [=](const config& from) { return std::to_string(std::invoke(place, from)); });
}

setting on_off(std::string_view name, bool config::*member, std::string meaning) {
    return single(
        name, "on|off", std::move(meaning),
        [=](config& into, const std::string& text) { into.*member = parse_switch(text); },
        [=](const config& from) { return std::string{from.*member ? "on" : "off"}; });
}

setting rate(std::string_view name, lobby::rate config::*member, std::string meaning) {
    return single(
        name, "COUNT/s|m|h|d", std::move(meaning),
        [=](config& into, const std::string& text) {
            const lobby::rate read = parse_rate(text);
            (into.*member).count = read.count;
            (into.*member).per = read.per;
        },
        [=](const config& from) { return write_rate(from.*member); });
}

setting burst(std::string_view name, lobby::rate config::*member, std::string meaning) {
    return single(
        name, "1.." + std::to_string(rate_max), std::move(meaning),
        [=](config& into, const std::string& text) {
            (into.*member).burst = static_cast<std::uint32_t>(parse_count(text, 1, rate_max));
        },
        [=](const config& from) { return std::to_string((from.*member).burst); });
}

// One of some words.
template <class Value, class Place>
setting choice(std::string_view name, Place place, std::vector<std::pair<std::string, Value>> words,
               std::string meaning) {
    std::string form;
    for (const auto& word : words) {
        form += (form.empty() ? "" : "|") + word.first;
    }
    return single(
        name, form, std::move(meaning),
        [=](config& into, const std::string& text) {
            const auto found = std::ranges::find(words, text, &decltype(words)::value_type::first);
            if (found == words.end()) {
                throw std::runtime_error{"\"" + text + "\" is none of " + form + "."};
            }
            std::invoke(place, into) = found->second;
        },
        [=](const config& from) {
            return std::ranges::find(words, std::invoke(place, from),
                                     &decltype(words)::value_type::second)
                ->first;
        });
}

setting listen() {
    return single(
        "listen", "ADDRESS:PORT", "Where people connect; port 0 takes a free one",
        [](config& into, const std::string& text) { into.listen = parse_endpoint(text); },
        [](const config& from) { return write_endpoint(from.listen); });
}

setting admin_listen() {
    return single(
        "admin-listen", "ADDRESS:PORT|off",
        "Where the operator's tools connect; port 0 takes a free one, off has none",
        [](config& into, const std::string& text) {
            into.admin_listen = text == "off" ? std::nullopt : std::optional{parse_endpoint(text)};
        },
        [](const config& from) {
            return from.admin_listen ? write_endpoint(*from.admin_listen) : std::string{"off"};
        });
}

template <class Place>
setting file(std::string_view name, Place place, std::string meaning) {
    return single(
        name, "FILE|off", std::move(meaning),
        [=](config& into, const std::string& text) {
            if (text.empty()) {
                throw std::runtime_error{"\"\" is no file."};
            }
            std::invoke(place, into) = text == "off" ? "" : text;
        },
        [=](const config& from) {
            const std::filesystem::path& set = std::invoke(place, from);
            return set.empty() ? std::string{"off"} : set.string();
        });
}

// A word, or none.
template <class Place>
setting word(std::string_view name, std::string form, Place place,
             std::string (*parse)(std::string_view), std::string meaning) {
    return single(
        name, std::move(form), std::move(meaning),
        [=](config& into, const std::string& text) {
            std::invoke(place, into) = text == "off" ? "" : parse(text);
        },
        [=](const config& from) {
            const std::string& set = std::invoke(place, from);
            return set.empty() ? std::string{"off"} : set;
        });
}

setting api(std::string_view name, platform_config config::*of, std::string meaning) {
    return single(
        name, "https://HOST[:PORT][/PATH]", std::move(meaning),
        [=](config& into, const std::string& text) { (into.*of).api = parse_api(text); },
        [=](const config& from) { return (from.*of).api; });
}

setting nudge_values(std::string_view name, platform_config config::*of, std::string meaning) {
    return {.group = {},
            .name = name,
            .form = "FIELD=WORDS;...",
            .meaning = std::move(meaning),
            .separator = ';',
            .read =
                [=](config& into, const texts& entries) {
                    std::vector<std::pair<std::string, std::string>> read;
                    for (const std::string& text : entries) {
                        read.push_back(parse_template_value(text));
                    }
                    (into.*of).nudge_values = std::move(read);
                },
            .write =
                [=](const config& from) {
                    texts written;
                    for (const auto& [field, words] : (from.*of).nudge_values) {
                        written.push_back(field + "=" + words);
                    }
                    return written;
                }};
}

setting trusted_proxies() {
    return {.group = {},
            .name = "trusted-proxies",
            .form = "ADDRESS[/BITS],...",
            .meaning = "Proxies in front, or ranges of them, that are believed whom they forward",
            .separator = ',',
            .read =
                [](config& into, const texts& entries) {
                    for (const std::string& text : entries) {
                        static_cast<void>(parse_network(text));
                    }
                    into.trusted_proxies = entries;
                },
            .write = [](const config& from) { return from.trusted_proxies; }};
}

setting allow_origins() {
    return {
        .group = {},
        .name = "allow-origins",
        .form = "ORIGIN,...",
        .meaning = "The pages that may connect, like https://chat.example.org; empty: not checked",
        .separator = ',',
        .read =
            [](config& into, const texts& entries) {
                std::vector<std::string> origins;
                for (const std::string& text : entries) {
                    origins.push_back(parse_origin(text));
                }
                into.allow_origins = std::move(origins);
            },
        .write = [](const config& from) { return from.allow_origins; }};
}

bool is_host_name(std::string_view text) {
    constexpr std::string_view fit =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    return !text.empty() && text.size() <= 253 && text.find_first_not_of(fit) == text.npos;
}

setting admin_hosts() {
    return {.group = {},
            .name = "admin-hosts",
            .form = "NAME,...",
            .meaning = "Names, beside addresses and localhost, by which browsers may ask there",
            .separator = ',',
            .read =
                [](config& into, const texts& entries) {
                    for (const std::string& text : entries) {
                        if (!is_host_name(text)) {
                            throw std::runtime_error{"\"" + text +
                                                     "\" is no name, as admin.example.org is."};
                        }
                    }
                    into.admin_hosts = entries;
                },
            .write = [](const config& from) { return from.admin_hosts; }};
}

setting data() {
    return single(
        "data", "FOLDER", "The folder of the database and the keys; made when it is missing",
        [](config& into, const std::string& text) {
            if (text.empty()) {
                throw std::runtime_error{"\"\" is no folder."};
            }
            into.data = text;
        },
        [](const config& from) { return from.data.string(); });
}

setting mute_after() {
    constexpr std::uint32_t most = 1'000'000;
    return single(
        "mute-after-reporters", "1.." + std::to_string(most) + "|off",
        "So many people who report somebody within mute-window keep them from new chats until an "
        "operator has looked; guests don't count",
        [](config& into, const std::string& text) {
            into.bans.mute_after =
                text == "off" ? 0 : static_cast<std::uint32_t>(parse_count(text, 1, most));
        },
        [](const config& from) {
            return from.bans.mute_after == 0 ? "off" : std::to_string(from.bans.mute_after);
        });
}

setting skips_max() {
    constexpr std::uint32_t most = 1000;
    return single(
        "skips-max", "1.." + std::to_string(most),
        "So many partners one person may leave within skip-time of meeting them, in skips-window",
        [](config& into, const std::string& text) {
            into.skips.count = static_cast<std::uint32_t>(parse_count(text, 1, most));
        },
        [](const config& from) { return std::to_string(from.skips.count); });
}

setting ban_terms() {
    constexpr std::size_t most = 100;
    return {
        .group = {},
        .name = "ban-terms",
        .form = "DURATION|forever,...",
        .meaning = "How long somebody's first, second, ... ban lasts, and all beyond the last",
        .separator = ',',
        .read =
            [](config& into, const texts& entries) {
                std::vector<milliseconds> terms;
                for (const std::string& text : entries) {
                    const auto term = text == "forever" ? milliseconds{0} : parse_duration(text);
                    if (term == milliseconds{0} && text != "forever") {
                        throw std::runtime_error{"\"" + text + "\" is no term of a ban."};
                    }
                    terms.push_back(term);
                }
                if (terms.empty() || terms.size() > most) {
                    throw std::runtime_error{"From 1 to " + std::to_string(most) +
                                             " terms, like 1d,7d,forever."};
                }
                into.bans.terms = std::move(terms);
            },
        .write =
            [](const config& from) {
                texts written;
                for (const milliseconds term : from.bans.terms) {
                    written.push_back(term == milliseconds{0} ? "forever" : write_duration(term));
                }
                return written;
            }};
}

setting profile() {
    std::vector<std::pair<std::string, std::string>> words;
    for (const std::string_view name : profile_names()) {
        words.emplace_back(name, name);
    }
    return choice<std::string>("profile", &config::profile, std::move(words),
                               "Other defaults, for where the service runs (below); what is set by "
                               "itself counts more");
}

setting keep_access() {
    constexpr std::chrono::hours most{3650 * 24};
    return single(
        "keep-access", "0s..3650d|off",
        "How long it is kept who logged in and out when and from which address; 0s is for ever, "
        "off "
        "notes nothing",
        [=](config& into, const std::string& text) {
            const auto term = text == "off" ? std::nullopt : std::optional{parse_duration(text)};
            if (term && (*term < milliseconds{0} || *term > most)) {
                throw std::runtime_error{"\"" + text + "\" is not in 0s..3650d, and not off."};
            }
            into.keep_access = term;
        },
        [](const config& from) {
            return from.keep_access ? write_duration(*from.keep_access) : std::string{"off"};
        });
}

setting topic_list() {
    return {.group = {},
            .name = "topic",
            .form = "ID=TITLE[|HINT];...",
            .meaning = "The topics to choose from; the flag may also be given once for each",
            .separator = ';',
            .read =
                [](config& into, const texts& entries) {
                    std::vector<topic> read;
                    for (const std::string& text : entries) {
                        read.push_back(topics::parse(text));
                    }
                    static_cast<void>(topics{read});
                    into.topics = std::move(read);
                },
            .write =
                [](const config& from) {
                    texts written;
                    for (const topic& one : from.topics) {
                        written.push_back(one.id + "=" + one.title +
                                          (one.hint.empty() ? "" : "|" + one.hint));
                    }
                    return written;
                },
            .standard = "a Chinese set of twelve"};
}

std::vector<setting> made() {
    using namespace std::chrono_literals;
    using durable = storage::durability;
    std::vector<setting> table;
    const auto add = [&table](std::string_view group, std::vector<setting> rows) {
        for (setting& row : rows) {
            row.group = group;
            table.push_back(std::move(row));
        }
    };
    add("Profile", {profile()});
    add("Listening",
        {listen(), admin_listen(), admin_hosts(),
         file("tls-cert", &config::tls_cert,
              "The certificate chain in PEM, for wss and https; read again on SIGHUP"),
         file("tls-key", &config::tls_key, "Its key in PEM, not readable by everybody"),
         trusted_proxies(),
         on_off("proxy-protocol", &config::proxy_protocol,
                "Whether the proxies say the client in a PROXY header (v1, v2) instead of in "
                "X-Forwarded-For; others are then refused"),
         allow_origins()});
    add("Data",
        {data(), choice<durable>("durability", &config::durability,
                                 {{"full", durable::full}, {"normal", durable::normal}},
                                 "What an ack survives: a power cut (full) or a crash (normal)")});
    add("Matching",
        {duration("match-round", &config::match_round, 0ms, 60s,
                  "How often people are paired; 0s pairs at once"),
         duration("rematch-after", &config::rematch_after, 0ms, 24h,
                  "How long one waits before meeting a recent partner again"),
         duration("away", &config::away, 0ms, protocol::limits::away_time_max,
                  "How long a chat waits for someone without a connection"),
         on_off("guests", &config::guests, "Whether people may come without an account"),
         topic_list()});
    add("Platforms",
        {word("wechat-appid", "ID|off", in(&config::wechat, &platform_config::appid), parse_name,
              "The mini program's AppID at WeChat; with it and its secret, logins are offered"),
         file("wechat-secret-file", in(&config::wechat, &platform_config::secret_file),
              "The file of its secret, readable by its owner alone"),
         api("wechat-api", &config::wechat, "Where WeChat's servers are asked"),
         word("qq-appid", "ID|off", in(&config::qq, &platform_config::appid), parse_name,
              "The same at QQ"),
         file("qq-secret-file", in(&config::qq, &platform_config::secret_file),
              "The file of its secret, readable by its owner alone"),
         api("qq-api", &config::qq, "Where QQ's servers are asked"),
         file("platform-ca", &config::platform_ca,
              "Certificates in PEM that are trusted besides the system's, for a private gateway"),
         duration("platform-time", &config::platform_time, 100ms, 10s,
                  "How long a platform may take to say who somebody is, all tries together")});
    add("Limits",
        {on_off("rate-limits", &config::rate_limits,
                "Whether rates and the connections per address are limited; off is for load tests"),
         count<std::size_t>("connections-max", &config::connections_max, 0, 10'000'000,
                            "Connections at once; 0 is as many as the system lets us"),
         count<std::uint32_t>("connections-per-address", &config::connections_per_address, 1,
                              1'000'000, "Connections at once from one address"),
         duration("handshake-time", &config::handshake_time, 1s, 5min,
                  "How long a connection may take to its upgrade"),
         duration("hello-time", &config::hello_time, 1s, 5min,
                  "How long a connection may take to its hello"),
         duration("idle-time", &config::idle_time, 10s, 1h,
                  "How long a connection may be silent; it is pinged after a third of that"),
         count<std::size_t>("frame-bytes-max", &config::frame_bytes_max, 1024, 1024 * 1024,
                            "Bytes in one message of a client"),
         count<std::size_t>("outbox-bytes-max", &config::outbox_bytes_max,
                            2 * protocol::limits::server_frame_bytes_max, 64 * 1024 * 1024,
                            "Bytes that may wait for a slow client"),
         rate("texts-rate", &config::texts, "Texts of one person on the average"),
         burst("texts-burst", &config::texts, "Texts of one person at once before that"),
         rate("finds-rate", &config::finds, "How often one person may look for a partner"),
         burst("finds-burst", &config::finds, "How often at once before that"),
         rate("messages-rate", &config::messages, "Messages of all kinds on one connection"),
         burst("messages-burst", &config::messages, "Messages at once before that"),
         rate("reports-rate", &config::reports, "Reports by one person"),
         burst("reports-burst", &config::reports, "Reports at once before that"),
         rate("guest-logins-rate", &config::guest_logins, "New guests from one address"),
         burst("guest-logins-burst", &config::guest_logins, "New guests at once before that"),
         rate("guest-logins-total-rate", &config::guest_logins_total,
              "New guests from all addresses together"),
         burst("guest-logins-total-burst", &config::guest_logins_total,
               "New guests at once before that"),
         rate("hellos-rate", &config::hellos, "Logins from one address, known people included"),
         burst("hellos-burst", &config::hellos, "Logins at once before that"),
         rate("hellos-total-rate", &config::hellos_total, "Logins from all addresses together"),
         burst("hellos-total-burst", &config::hellos_total, "Logins at once before that"),
         skips_max(),
         duration("skips-window", in(&config::skips, &lobby::skip_rule::within), 1s, 1h,
                  "The time in which those are counted"),
         duration("skip-time", in(&config::skips, &lobby::skip_rule::shorter_than), 0s, 10min,
                  "A chat left sooner is one of them; 0s counts none"),
         duration("skip-delay", in(&config::skips, &lobby::skip_rule::delay), 1s, 1h,
                  "How long the next search waits beyond that; twice as long each further time"),
         duration("skip-delay-max", in(&config::skips, &lobby::skip_rule::delay_max), 1s, 24h,
                  "The longest; after as long without another one doubling is forgiven"),
         rate("logins-rate", &config::logins, "Logins through WeChat or QQ from one address"),
         burst("logins-burst", &config::logins, "Such logins at once before that"),
         count<std::uint32_t>("logins-max", &config::logins_max, 1, 10'000,
                              "Logins that the platforms are asked about at once"),
         count<std::uint32_t>("logins-per-address", &config::logins_per_address, 1, 10'000,
                              "Those of them from one address"),
         count<std::uint32_t>("store-requests-max", &config::store_requests_max, 1, 64,
                              "Requests of one person that wait for the disk at once"),
         count<std::uint32_t>("blocks-max", &config::blocks_max, 1, 1'000'000,
                              "People whom one person may block")});
    add("Bans", {ban_terms(),
                 duration("ban-memory", in(&config::bans, &ban_policy::memory), 0s, 3650 * 24h,
                          "How long a ban counts after its end for the length of a later one"),
                 mute_after(),
                 duration("mute-window", in(&config::bans, &ban_policy::mute_window), 1min,
                          365 * 24h, "The time in which those who report are counted")});
    add("Moderation",
        {file("moderation-words", &config::moderation_words,
              "Rules for what is said, docs/moderation.md; read again on SIGHUP; off "
              "is the built-in set alone"),
         choice<moderation_mode>(
             "moderation", in(&config::moderation, &moderation_options::mode),
             {{"local", moderation_mode::local},
              {"hold", moderation_mode::hold},
              {"after", moderation_mode::after}},
             "Whether WeChat or QQ look at what their people say: not at all, before "
             "it is shown, or after"),
         choice<bool>("moderation-on-failure",
                      in(&config::moderation, &moderation_options::unjudged_pass),
                      {{"deliver", true}, {"refuse", false}},
                      "What happens in hold to words that nobody could look at in "
                      "time"),
         count<std::uint32_t>("moderation-budget",
                              in(&config::moderation, &moderation_options::looks_per_minute), 0,
                              1'000'000,
                              "Looks from outside in a minute; the last of them are for what the "
                              "filter flagged and for first texts")});
    add("Nudges",
        {duration("nudge-after", &config::nudge_after, 1s, 1h,
                  "How long a text waits for somebody without a connection before they get a "
                  "subscribe message, if they agreed to one"),
         word("wechat-nudge-template", "ID|off",
              in(&config::wechat, &platform_config::nudge_template), parse_name,
              "The template of that message at WeChat; off sends none"),
         word("wechat-nudge-page", "PATH|off", in(&config::wechat, &platform_config::nudge_page),
              parse_page, "The page that it opens"),
         nudge_values("wechat-nudge-values", &config::wechat,
                      "The words of the template's fields, the same for everybody"),
         word("qq-nudge-template", "ID|off", in(&config::qq, &platform_config::nudge_template),
              parse_name, "The template at QQ; off sends none"),
         word("qq-nudge-page", "PATH|off", in(&config::qq, &platform_config::nudge_page),
              parse_page, "The page that it opens"),
         nudge_values("qq-nudge-values", &config::qq, "The words of the template's fields")});
    add("Privacy", {duration("seal-time", &config::seal_time, 0ms, 30 * 24h,
                             "How long a recalled or erased text stays readable through a report"),
                    duration("keep-texts", &config::keep_texts, 0ms, 3650 * 24h,
                             "How long texts and the record of a chat are kept; 0s is for ever"),
                    keep_access(),
                    duration("keep-reports", &config::keep_reports, 1h, 3650 * 24h,
                             "How long reports and their evidence are kept")});
    add("Logs", {choice<std::string>(
                     "log-level", &config::log_level,
                     {{"debug", "debug"}, {"info", "info"}, {"warn", "warn"}, {"error", "error"}},
                     "What is logged: this and what is worse"),
                 choice<log::form>("log-format", &config::log_form,
                                   {{"text", log::form::text}, {"json", log::form::json}},
                                   "How a line is written: key=value or a JSON object")});
    return table;
}

}  // namespace

const std::vector<setting>& setting_table() {
    static const std::vector<setting> table = made();
    return table;
}

const setting* find_setting(std::string_view name) {
    const auto found = std::ranges::find(setting_table(), name, &setting::name);
    return found == setting_table().end() ? nullptr : &*found;
}

const std::array<secret_setting, 2>& secret_table() {
    static constexpr std::array<secret_setting, 2> table{
        {{"wechat-secret", [](config& of) -> std::string& { return of.wechat.secret; }},
         {"qq-secret", [](config& of) -> std::string& { return of.qq.secret; }}}};
    return table;
}

std::string variable_of(std::string_view name) {
    std::string variable = "ONECHAT_";
    for (const char letter : name) {
        variable += letter == '-' ? '_' : static_cast<char>(letter - 'a' + 'A');
    }
    return variable;
}

std::string default_of(const setting& one) {
    if (!one.standard.empty()) {
        return one.standard;
    }
    std::string joined;
    for (const std::string& text : one.write(config{})) {
        joined += joined.empty() ? text : one.separator + text;
    }
    return joined;
}

namespace {

void check_profile(const config& values, std::vector<contradiction>& found) {
    if (values.profile != cn_miniprogram) {
        return;
    }
    if (!values.guests && values.wechat.appid.empty() && values.qq.appid.empty()) {
        found.push_back({"profile",
                         "People come with an account of WeChat or QQ: --wechat-appid or "
                         "--qq-appid is missing."});
    }
    constexpr milliseconds six_months = std::chrono::hours{184 * 24};  // the longest
    const auto access = values.keep_access;
    if (!access || (access->count() != 0 && *access < six_months)) {
        found.push_back(
            {"keep-access", "With the profile cn-miniprogram it is kept for 184d at least."});
    }
}

void check_moderation(const config& values, std::vector<contradiction>& found) {
    if (values.moderation.mode != moderation_mode::local && values.wechat.appid.empty() &&
        values.qq.appid.empty()) {
        found.push_back({"moderation", "Only a platform can look: set wechat-appid or qq-appid."});
    }
    const auto check_nudge = [&found](std::string_view name, const platform_config& one) {
        if (!one.nudge_template.empty() && one.appid.empty()) {
            found.push_back({name, "It can't be sent without that platform's AppID and secret."});
        }
    };
    check_nudge("wechat-nudge-template", values.wechat);
    check_nudge("qq-nudge-template", values.qq);
}

}  // namespace

std::vector<contradiction> contradictions_in(const config& values) {
    std::vector<contradiction> found;
    const auto check = [&found](std::string_view burst_name, const lobby::rate& limit) {
        // In nanoseconds it would no longer fit what a rate_limit counts with.
        constexpr milliseconds century = std::chrono::hours{36'500 * 24};
        if (limit.per * limit.burst / limit.count > century) {
            found.push_back({burst_name, "A burst of " + std::to_string(limit.burst) + " at " +
                                             write_rate(limit) + " is not over in a century."});
        }
    };
    check("texts-burst", values.texts);
    check("finds-burst", values.finds);
    check("messages-burst", values.messages);
    check("reports-burst", values.reports);
    check("guest-logins-burst", values.guest_logins);
    check("guest-logins-total-burst", values.guest_logins_total);
    check("hellos-burst", values.hellos);
    check("hellos-total-burst", values.hellos_total);
    check("logins-burst", values.logins);
    const auto check_platform = [&found](std::string_view appid_name, std::string_view file_name,
                                         const platform_config& one) {
        const std::string variable =
            variable_of(std::string{appid_name.substr(0, appid_name.find('-'))} + "-secret");
        const bool has_file = !one.secret_file.empty();
        if (has_file && !one.secret.empty()) {
            found.push_back(
                {file_name, "The secret is given twice, as a file and as " + variable + "."});
        } else if (!one.appid.empty() && !has_file && one.secret.empty()) {
            found.push_back({appid_name, "An AppID needs its secret: --" + std::string{file_name} +
                                             " or the variable " + variable + "."});
        } else if (one.appid.empty() && (has_file || !one.secret.empty())) {
            found.push_back(
                {appid_name, "A secret is given, but not the AppID that it belongs to."});
        }
    };
    check_platform("wechat-appid", "wechat-secret-file", values.wechat);
    check_platform("qq-appid", "qq-secret-file", values.qq);
    check_profile(values, found);
    check_moderation(values, found);
    return found;
}

}  // namespace onechat
