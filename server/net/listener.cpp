#include "server/net/listener.hpp"

#include "server/net/ascii.hpp"
#include "server/net/http_session.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <cassert>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <sys/socket.h>
#include <utility>

namespace onechat::net {
namespace asio = boost::asio;

namespace {

// Newcomers that the kernel keeps while one turn of the loop lasts; more than
// net.core.somaxconn (4096 by default) has no effect.
constexpr int backlog = 4096;

remote_address address_of(const asio::ip::tcp::endpoint& endpoint) {
    remote_address remote;
    const auto address = endpoint.address();
    remote.bytes = address.is_v4()
                       ? asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4()).to_bytes()
                       : address.to_v6().to_bytes();
    remote.port = endpoint.port();
    return remote;
}

// Nothing when it is none of those we can accept from.
std::optional<int> listening_family(int socket) {
    const auto option = [socket](int name) {
        int value = 0;
        socklen_t size = sizeof value;
        return ::getsockopt(socket, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
    };
    const int family = option(SO_DOMAIN);
    const bool is_tcp = option(SO_PROTOCOL) == IPPROTO_TCP && option(SO_ACCEPTCONN) == 1;
    return is_tcp && (family == AF_INET || family == AF_INET6) ? std::optional{family}
                                                               : std::nullopt;
}

std::runtime_error cannot_listen(const listener_options& options, const std::string& why) {
    return std::runtime_error("cannot listen on " + options.address + ":" +
                              std::to_string(options.port) + ": " + why);
}

}  // namespace

class http_service {
public:
    http_service(asio::io_context& io, std::shared_ptr<http_context> shared)
        : context(std::move(shared)), acceptor(io.get_executor()), pause(io.get_executor()) {}

    void listen() {
        if (context->options.socket >= 0) {
            adopt(context->options.socket);
        } else {
            bind();
        }
    }

    void adopt(int socket) {
        boost::system::error_code error;
        if (const auto family = listening_family(socket)) {
            acceptor.assign(*family == AF_INET ? asio::ip::tcp::v4() : asio::ip::tcp::v6(), socket,
                            error);
        } else {
            error = asio::error::operation_not_supported;
        }
        if (error) {
            throw std::runtime_error("the socket that was passed on is not a listening TCP socket");
        }
    }

    void bind() {
        const auto& options = context->options;
        boost::system::error_code error;
        const auto address = asio::ip::make_address(options.address, error);
        if (error) {
            throw cannot_listen(options, "that is not an IP address");
        }
        const asio::ip::tcp::endpoint endpoint{address, options.port};
        const auto check = [&] {
            if (error) {
                throw cannot_listen(options, error.message());
            }
        };
        acceptor.open(endpoint.protocol(), error);
        check();
        acceptor.set_option(asio::socket_base::reuse_address{true}, error);
        check();
        acceptor.bind(endpoint, error);
        check();
        acceptor.listen(backlog, error);
        check();
    }

    [[nodiscard]] static loop_task<void> accept_all(std::shared_ptr<http_service> self) {
        asio::ip::tcp::endpoint from;
        while (self->acceptor.is_open()) {
            auto [error, socket] = co_await self->acceptor.async_accept(from, as_result);
            if (!self->acceptor.is_open()) {
                co_return;
            }
            if (!error) {
                self->begin(std::move(socket), address_of(from));
            } else if (error != asio::error::connection_aborted) {
                // No descriptor or memory left: the newcomer waits in the kernel, and trying
                // again at once would only spin.
                self->pause.expires_after(self->context->options.descriptors_retry);
                co_await self->pause.async_wait(as_result);
            }
        }
    }

    void stop_accepting() {
        boost::system::error_code ignored;
        acceptor.close(ignored);
        pause.cancel();
    }

    void stop() {
        stop_accepting();
        context->stopped = true;
        for (auto* session : context->sessions) {
            session->abort();
        }
    }

    std::shared_ptr<http_context> context;
    asio::basic_socket_acceptor<asio::ip::tcp, loop_executor> acceptor;

private:
    void begin(loop_socket socket, const remote_address& from) {
        boost::system::error_code error;
        socket.native_non_blocking(true, error);
        if (error) {
            return;
        }
        ++context->counted.connections;
        if (context->overrun()) {
            ++context->counted.refused_full;
            return;
        }
        auto session = std::make_unique<http_session>(context, std::move(socket), from);
        // An exception (no memory) ends this connection and no other.
        asio::co_spawn(acceptor.get_executor(), http_session::run(std::move(session)),
                       asio::detached);
    }

    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, loop_executor>
        pause;
};

listener::listener(asio::io_context& io, connections& upgraded, listener_options options,
                   http_routes routes, ws_events* events) {
    assert(events != nullptr || options.websocket_path.empty());
    auto context = std::make_shared<http_context>();
    for (const auto& proxy : options.trusted_proxies) {
        const auto range = address_range::parse(proxy);
        if (!range) {
            throw std::runtime_error("trusted proxy " + proxy + " is no IP address and no range");
        }
        context->proxies.push_back(*range);
    }
    for (auto& origin : options.allow_origins) {
        std::ranges::transform(origin, origin.begin(), to_lower);
    }
    context->options = std::move(options);
    context->routes = std::move(routes);
    context->upgraded = &upgraded;
    context->events = events;
    service_ = std::make_shared<http_service>(io, std::move(context));
    service_->listen();
    asio::co_spawn(io.get_executor(), http_service::accept_all(service_), asio::detached);
}

listener::~listener() {
    service_->stop();
}

std::uint16_t listener::local_port() const {
    boost::system::error_code error;
    return service_->acceptor.local_endpoint(error).port();
}

std::string listener::local_endpoint() const {
    boost::system::error_code error;
    const auto endpoint = service_->acceptor.local_endpoint(error);
    const auto address = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" +
           std::to_string(endpoint.port());
}

void listener::drain() {
    service_->context->draining = true;
}

void listener::stop_accepting() {
    service_->stop_accepting();
}

std::size_t listener::http_count() const {
    return service_->context->sessions.size();
}

const http_traffic& listener::counted() const {
    return service_->context->counted;
}

}  // namespace onechat::net
