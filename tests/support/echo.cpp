// Sends every message back: server/net and nothing else, for measuring what framing and TLS cost
// and for a WebSocket conformance suite.
//   onechat_echo [--listen ADDRESS:PORT] [--tls-cert FILE --tls-key FILE]
// Any path but the root is refused. Says `ready listen=127.0.0.1:PORT` on stderr, as the server
// does.
#include "server/net/connections.hpp"
#include "server/net/listener.hpp"
#include "server/net/tls_context.hpp"
#include "server/net/ws_session.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <unordered_map>

namespace net = onechat::net;

namespace {

class echo final : public net::ws_events {
public:
    void opened(net::connection_id id, onechat::peer& peer, const net::remote_address&) override {
        peers_.emplace(id, &peer);
    }
    void received(net::connection_id id, std::string_view text) override {
        peers_.at(id)->send(text);
    }
    void received_binary(net::connection_id id, std::string_view bytes) override {
        net::send_binary(*peers_.at(id), bytes);
    }
    void trouble(net::connection_id, net::trouble_kind) override {}
    void drained(net::connection_id) override {}
    void closed(net::connection_id id) override { peers_.erase(id); }

private:
    std::unordered_map<net::connection_id, onechat::peer*> peers_;
};

constexpr std::size_t megabyte = std::size_t{1024} * 1024;

// Conformance suites send what nobody would: thousands of fragments, many pings, for minutes.
net::ws_options options() {
    net::ws_options wide;
    wide.message.message_bytes_max = 32 * megabyte;
    wide.message.fragments_max = 1U << 20;
    wide.message.control_frames_max = 1U << 15;
    wide.message.binary_allowed = true;
    wide.message_time_max = std::chrono::minutes{5};
    wide.outbox_bytes_max = 64 * megabyte;
    wide.flush_max = std::chrono::minutes{5};  // an echo of 32 MiB, then a close, to a slow reader
    return wide;
}

net::listener_options listening(int count, char** words) {
    net::listener_options options;
    options.websocket_path = "/";
    options.address = "127.0.0.1";
    net::tls_context::files files;
    for (int i = 1; i < count; i += 2) {
        const std::string flag = words[i];
        if (i + 1 == count) {
            throw std::runtime_error("a value is missing behind " + flag);
        }
        const std::string value = words[i + 1];
        const auto colon = value.rfind(':');
        if (flag == "--listen" && colon != std::string::npos) {
            options.address = value.substr(0, colon);
            options.port = static_cast<std::uint16_t>(std::stoul(value.substr(colon + 1)));
        } else if (flag == "--tls-cert") {
            files.certificate = value;
        } else if (flag == "--tls-key") {
            files.key = value;
        } else {
            throw std::runtime_error(
                "usage: onechat_echo [--listen ADDRESS:PORT] [--tls-cert FILE --tls-key FILE]");
        }
    }
    if (!files.certificate.empty()) {
        options.tls = std::make_shared<net::tls_context>(files);
    }
    return options;
}

}  // namespace

int main(int count, char** words) {
    try {
        boost::asio::io_context io{1};
        net::connections connections{io, options()};
        echo events;
        const net::listener listener{io, connections, listening(count, words), {}, &events};
        std::fprintf(stderr, "ready listen=%s\n", listener.local_endpoint().c_str());
        io.run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
