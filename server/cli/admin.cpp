#include "server/admin/bodies.hpp"
#include "server/admin/route.hpp"
#include "server/cli/admin_order.hpp"
#include "server/cli/admin_print.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/token_reset.hpp"
#include "server/config/config.hpp"
#include "server/data_folder.hpp"
#include "server/net/connections.hpp"
#include "server/net/http_client.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace onechat::cli {

namespace {

constexpr std::chrono::seconds answer_max{60};
constexpr std::size_t answer_bytes_max = std::size_t{8} * 1024 * 1024;  // 500 texts as evidence

// Empty: there is none.
std::string token_of_environment() {
    const char* token = std::getenv("ONECHAT_ADMIN_TOKEN");
    return token == nullptr ? std::string{} : std::string{token};
}

std::string read_token(const std::string& file) {
    if (auto token = token_of_environment(); !token.empty()) {
        return token;
    }
    std::ifstream in{file};
    std::string token;
    if (!std::getline(in, token) || token.empty()) {
        throw std::runtime_error{"There is no token in " + file +
                                 " that you can read: name the file by --token-file, or set "
                                 "ONECHAT_ADMIN_TOKEN. The server has written it to its data "
                                 "folder; the package's is /var/lib/onechat, which root can read."};
    }
    return token;
}

// Where the server that uses this folder listens for its operator. A token of the folder goes
// nowhere else unless somebody says so: another program may hold the standard port.
std::string address_of(const admin_settings& with) {
    if (!with.url.empty()) {
        return with.url;
    }
    const auto folder = std::filesystem::absolute(with.token_file).parent_path();
    std::ifstream in{folder / "admin.address"};
    std::string address;
    if (std::getline(in, address) && !address.empty() && data_folder::in_use(folder)) {
        return "http://" + address;
    }
    if (!token_of_environment().empty()) {
        return "http://" + config{}.admin_listen->address + ":" +
               std::to_string(config{}.admin_listen->port);
    }
    throw std::runtime_error{"No server with an operator's port runs on " + folder.string() +
                             ": start it, or say where it is by --url."};
}

// Asks and waits for the answer.
class asker {
public:
    asker(const admin_settings& with, std::string token) : token_{std::move(token)} {
        auto where = net::parse_http_url(address_of(with));
        if (!where) {
            throw std::runtime_error{where.error().sentence};
        }
        where_ = *std::move(where);
    }

    net::http_outcome ask(const admin_order& order) {
        net::http_call call;
        call.to = where_;
        call.to.path = std::string{admin::api_root} + order.path;
        call.method = order.method;
        call.body = order.body;
        call.headers.push_back({"Authorization", "Bearer " + token_});
        if (!order.why.empty()) {
            call.headers.push_back({"X-Reason", admin_encoded(order.why)});
        }
        call.time_max = answer_max;
        call.repeatable = order.method == "GET";
        net::http_outcome met;
        client_.call(std::move(call), [&](net::http_outcome outcome) {
            met = std::move(outcome);
            io_.stop();
        });
        io_.restart();
        io_.run();
        if (met.what != net::http_outcome::kind::answered) {
            throw std::runtime_error{where_.authority() + " " + met.trouble + "."};
        }
        return met;
    }

private:
    boost::asio::io_context io_{1};
    net::connections clock_{io_};
    net::http_client client_{io_, clock_, {}, {.body_bytes_max = answer_bytes_max}};
    net::url where_;
    std::string token_;
};

int tell_refusal(const net::http_outcome& met) {
    const auto why = protocol::parse_fields<admin::problem>(met.body);
    if (why) {
        std::fprintf(stderr, "onechat admin: %s (%u %s%s%s)\n", visible(why->text).c_str(),
                     met.status, visible(why->code).c_str(), why->field ? ", " : "",
                     visible(why->field.value_or("")).c_str());
    } else {
        std::fprintf(stderr, "onechat admin: the server answered %u.\n", met.status);
    }
    return 1;
}

}  // namespace

int admin(int argc, char** argv) {
    if (argc > 2 && std::string_view{argv[1]} == "token" && std::string_view{argv[2]} == "reset") {
        return reset_tokens(argc - 2, argv + 2);  // without a server, which is all others' way
    }
    const auto read = read_admin_order(argc, argv);
    if (read.status) {
        return *read.status;
    }
    asker server{read.settings, read_token(read.settings.token_file)};
    admin_order order = read.order;
    for (bool more = true; more;) {
        const auto met = server.ask(order);
        if (met.status != 200 && met.status != 202) {
            return tell_refusal(met);
        }
        const std::string shown = read.settings.json ? met.body : read.order.show(met.body);
        if (shown.empty()) {
            throw std::runtime_error{"What came is no answer of this API."};
        }
        std::fputs(shown.c_str(), stdout);
        const auto removed = read.order.until_done
                                 ? protocol::parse_fields<onechat::admin::removed>(met.body)
                                 : onechat::admin::removed{};
        const std::string rest = order.rest == nullptr ? std::string{} : order.rest(met.body);
        order.path = read.order.path + rest;
        more = (removed && removed->more) || !rest.empty();
    }
    return 0;
}

}  // namespace onechat::cli
