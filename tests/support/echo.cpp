// Sends every message back: server/net and nothing else, for measuring what framing costs and for a
// WebSocket conformance suite. Says `ready listen=127.0.0.1:PORT` on stderr, as the server does.
#include "server/net/connections.hpp"
#include "server/net/listener.hpp"
#include "server/net/ws_session.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
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
    return wide;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        boost::asio::io_context io{1};
        net::connections connections{io, options()};
        echo events;
        net::listener_options listening;
        listening.websocket_path = "/";
        if (count > 1) {
            listening.port = static_cast<std::uint16_t>(std::strtoul(arguments[1], nullptr, 10));
        }
        const net::listener listener{io, connections, listening, {}, &events};
        std::fprintf(stderr, "ready listen=%s\n", listener.local_endpoint().c_str());
        io.run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
