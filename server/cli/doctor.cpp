#include "server/cli/checkup.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/flags.hpp"
#include "server/cli/reach.hpp"
#include "server/net/tls_chain.hpp"
#include "server/net/tls_context.hpp"
#include "server/platform/filter/filter_file.hpp"
#include "server/secret_file.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace onechat::cli {
namespace {

bool is_loopback(const endpoint& where) {
    return where.address.starts_with("127.") || where.address == "::1";
}

std::uint64_t files_max() {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    return files.rlim_max;
}

std::uint64_t somaxconn() {
    std::ifstream file{"/proc/sys/net/core/somaxconn"};
    std::uint64_t number = 0;
    file >> number;
    return number;
}

// What is allowed, and seldom meant.
findings look_at_settings(const config& set) {
    constexpr std::string_view about = "settings";
    findings found;
    if (set.tls_cert.empty() && !is_loopback(set.listen)) {
        found.push_back({health::look, about,
                         write_endpoint(set.listen) +
                             " is open to other machines without TLS: what people say can be read "
                             "on the way, and mini programs can't connect."});
    }
    if (set.tls_cert.empty() && is_loopback(set.listen) && set.trusted_proxies.empty()) {
        found.push_back({health::look, about,
                         "Behind a proxy name it in trusted-proxies, or all people count as one "
                         "address."});
    }
    if (set.admin_listen && !is_loopback(*set.admin_listen)) {
        found.push_back({health::look, about,
                         "The operator's port " + write_endpoint(*set.admin_listen) +
                             " is open to other machines, and plain."});
    }
    if (!set.rate_limits) {
        found.push_back({health::look, about, "rate-limits is off, which is for load tests."});
    }
    if (set.proxy_protocol && set.trusted_proxies.empty()) {
        found.push_back(
            {health::wrong, about, "proxy-protocol needs trusted-proxies: nobody could connect."});
    }
    try {
        static_cast<void>(platform::open_filter(set.moderation_words));
    } catch (const std::exception& refused) {
        found.push_back({health::wrong, about, refused.what()});
    }
    if (found.empty()) {
        found.push_back({health::well, about, "Nothing odd."});
    }
    return found;
}

findings look_at_tls(const config& set) {
    constexpr std::string_view about = "certificate";
    if (set.tls_cert.empty() && set.tls_key.empty()) {
        return {{health::well, about, "None: onechat speaks plainly, to a proxy."}};
    }
    try {
        const net::tls_context shown{{set.tls_cert, set.tls_key}};
        const auto left = shown.expires() - std::chrono::system_clock::now();
        const auto days = std::chrono::duration_cast<std::chrono::hours>(left).count() / 24;
        constexpr int soon = 14;
        const auto chain = net::look_at_chain(set.tls_cert);
        std::string names;
        for (const std::string& name : chain.names) {
            names += (names.empty() ? "" : ", ") + name;
        }
        findings found{{days < soon ? health::look : health::well, about,
                        "For " + (names.empty() ? "no name" : names) + ", ends in " +
                            std::to_string(days) + " days."}};
        if (!shown.warning().empty()) {
            found.push_back({health::wrong, about, shown.warning() + "."});
        }
        if (!chain.trouble.empty()) {
            found.push_back({health::look, about,
                             "This machine does not believe it (" + chain.trouble +
                                 "): does the file hold the whole chain?"});
        }
        return found;
    } catch (const std::exception& refused) {
        return {{health::wrong, about, std::string{refused.what()} + "."}};
    }
}

// Of the platforms; nothing to say when there are none.
findings look_at_secrets(const config& set) {
    findings found;
    for (const platform_config* one : {&set.wechat, &set.qq}) {
        if (one->secret_file.empty()) {
            continue;
        }
        try {
            static_cast<void>(read_secret(one->secret_file));
            found.push_back({health::well, "secrets", one->secret_file.string() + " is right."});
        } catch (const std::exception& refused) {
            found.push_back({health::wrong, "secrets", refused.what()});
        }
    }
    return found;
}

findings look_at_ports(const config& set) {
    if (is_in_use(set.data)) {
        return {{health::well, "ports", "A server runs with this data folder and has them."}};
    }
    // As `systemctl enable` leaves it: from then on systemd listens, also while no server runs.
    const bool by_systemd =
        ::access("/etc/systemd/system/sockets.target.wants/onechat.socket", F_OK) == 0;
    findings found{look_at_port("port", set.listen, by_systemd)};
    if (set.admin_listen) {
        found.push_back(look_at_port("operator's port", *set.admin_listen));
        const auto standard = *config{}.admin_listen;
        const bool moves = set.admin_listen->address == standard.address &&
                           set.admin_listen->port == standard.port;
        if (moves && found.back().how == health::wrong) {
            found.back().how = health::look;
            found.back().sentence += " Another is taken instead.";
        }
    }
    return found;
}

// Where the data folder will be, if it isn't yet.
std::filesystem::path nearest_folder(std::filesystem::path data) {
    data = std::filesystem::absolute(data);
    std::error_code unknown;
    while (!std::filesystem::is_directory(data, unknown) && data.has_relative_path()) {
        data = data.parent_path();
    }
    return data;
}

findings everything(const config& set) {
    findings all;
    const auto add = [&all](findings more) { std::ranges::move(more, std::back_inserter(all)); };
    if (const auto user = become_owner_of(set.data)) {
        add({{health::well, "user", "Everything is looked at as " + *user + "."}});
    }
    add(look_at_settings(set));
    add(look_at_folder(set.data, ::geteuid()));
    if (auto form = look_at_database(set.data)) {
        add({*std::move(form)});
    }
    add(look_at_disk(disk_facts_of(nearest_folder(set.data))));
    add({look_at_clock(clock_facts_of(set.data))});
    add(look_at_tls(set));
    add(look_at_ports(set));
    add(look_at_secrets(set));
    add(look_at_platforms(set));
    add({look_at_files(files_max(), set.connections_max)});
    add({look_at_backlog(somaxconn())});
    return all;
}

}  // namespace

int doctor(int argc, char** argv) {
    reading settings;
    if (const auto status = read_settings(
            settings,
            {"onechat doctor",
             "Looks at what `serve` would need with these settings: files and rights, disk, clock, "
             "certificate, ports, platforms, limits. Run it as root or as the service's user. "
             "Changes "
             "nothing; ends with 1 when something is wrong."},
            argc, argv)) {
        return *status;
    }
    std::size_t wrong = 0;
    std::size_t odd = 0;
    for (const finding& one : everything(settings.values)) {
        const char* const word = one.how == health::well   ? "well"
                                 : one.how == health::look ? "LOOK"
                                                           : "WRONG";
        wrong += one.how == health::wrong ? 1U : 0U;
        odd += one.how == health::look ? 1U : 0U;
        std::printf("%-5s  %-16s %s\n", word, std::string{one.about}.c_str(), one.sentence.c_str());
    }
    std::printf("%zu wrong, %zu to look at\n", wrong, odd);
    return wrong == 0 ? 0 : 1;
}

}  // namespace onechat::cli
