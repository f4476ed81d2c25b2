#include "server/cli/reach.hpp"

#include "server/net/connections.hpp"
#include "server/net/http_client.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <utility>

namespace onechat::cli {
namespace {

// Who waits for a doctor waits no longer than this for each platform.
constexpr std::chrono::seconds call_max{5};

finding verdict(std::string_view about, const net::url& asked, const net::http_outcome& outcome) {
    if (outcome.what == net::http_outcome::kind::answered) {
        return {health::well, about, asked.host + " answers."};
    }
    return {health::wrong, about,
            asked.host + " " + outcome.trouble + ": logins through it will fail."};
}

}  // namespace

findings look_at_platforms(const config& set) {
    findings found;
    boost::asio::io_context io{1};
    const auto staying = boost::asio::make_work_guard(io);
    net::connections clock{io};  // keeps the deadlines
    net::http_client http{io, clock, {.more_file = set.platform_ca.string()}};
    if (const auto trouble = http.trouble(); !trouble.empty()) {
        return {{health::wrong, "platforms", "--platform-ca: " + trouble + "."}};
    }
    for (const auto& [about, from] : {std::pair{"WeChat", &set.wechat}, {"QQ", &set.qq}}) {
        if (from->appid.empty()) {
            continue;
        }
        const auto base = net::parse_http_url(from->api);
        if (base.has_error()) {
            found.push_back({health::wrong, about, base.error().sentence + "."});
            continue;
        }
        bool done = false;
        http.call({.to = *base, .time_max = call_max}, [&, about = about](const auto& outcome) {
            found.push_back(verdict(about, *base, outcome));
            done = true;
        });
        while (!done) {
            io.run_one();
        }
    }
    if (found.empty()) {
        found.push_back({health::well, "platforms", "None is set up: all people are guests."});
    }
    return found;
}

}  // namespace onechat::cli
