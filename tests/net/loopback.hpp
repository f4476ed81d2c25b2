// A server on a loopback port, plain or TLS, and clients that speak by hand, all on one loop run by
// the test, with a clock that only the test moves.
#pragma once

#include "server/net/connections.hpp"
#include "server/net/frame.hpp"
#include "server/net/listener.hpp"
#include "tests/net/raw_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificate.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace onechat::net {

inline std::string frame_of(opcode op, std::string_view payload, bool fin = true,
                            bool masked = true) {
    frame_header header{.payload_bytes = payload.size(), .op = op, .fin = fin, .masked = masked};
    header.mask = {'\x12', '\x00', '\xFF', '\x7B'};
    std::string bytes(frame_header_max, '\0');
    bytes.resize(write_header(bytes.data(), header));
    std::string body{payload};
    if (masked) {
        apply_mask(body, header.mask);
    }
    return bytes + body;
}

inline std::string close_payload(unsigned code, std::string_view reason = {}) {
    return std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)} +
           std::string{reason};
}

// What a raw client reads: "text:hello", "close:1000 bye", "ping:", ...
using frames = std::vector<std::string>;

inline frames frames_in(std::string bytes) {
    static const std::map<opcode, std::string> names{
        {opcode::continuation, "more"}, {opcode::text, "text"}, {opcode::binary, "binary"},
        {opcode::close, "close"},       {opcode::ping, "ping"}, {opcode::pong, "pong"}};
    frames all;
    frame_header header;
    while (read_header(bytes, role::client, header) == header_state::complete &&
           bytes.size() >= header.header_bytes + header.payload_bytes) {
        auto payload = bytes.substr(header.header_bytes, header.payload_bytes);
        bytes.erase(0, header.header_bytes + header.payload_bytes);
        if (header.op == opcode::close && payload.size() >= 2) {
            const int code = static_cast<unsigned char>(payload[0]) << 8 |
                             static_cast<unsigned char>(payload[1]);
            payload = std::to_string(code) + " " + payload.substr(2);
        }
        all.push_back(names.at(header.op) + ":" + payload);
    }
    return all;
}

inline frames heard(raw_client& client) {
    return frames_in(client.read().received);
}

// Notes everything; what a test wants done meanwhile goes into the hooks.
class recorder final : public ws_events {
public:
    void opened(connection_id id, peer& one, const remote_address& remote) override {
        peers[id] = &one;
        last = &one;
        last_remote = remote;
        note("opened");
        if (on_opened) {
            on_opened(one);
        }
    }
    void received(connection_id id, std::string_view text) override {
        note("text:" + std::string{text});
        if (on_text) {
            on_text(*peers.at(id), text);
        }
    }
    void received_binary(connection_id, std::string_view bytes) override {
        note("binary:" + std::string{bytes});
    }
    void trouble(connection_id id, trouble_kind kind) override {
        note(kind == trouble_kind::slow ? "slow" : "idle");
        if (on_trouble) {
            on_trouble(*peers.at(id), kind);
        }
    }
    void drained(connection_id id) override {
        note("drained");
        if (on_drained) {
            on_drained(*peers.at(id));
        }
    }
    void closed(connection_id id) override {
        note("closed");
        REQUIRE(peers.erase(id) == 1);
    }

    [[nodiscard]] std::size_t count(std::string_view what) const {
        return static_cast<std::size_t>(std::count(notes.begin(), notes.end(), what));
    }

    [[nodiscard]] std::size_t texts() const {
        return static_cast<std::size_t>(
            std::count_if(notes.begin(), notes.end(),
                          [](const auto& note) { return note.starts_with("text:"); }));
    }

    std::vector<std::string> notes;
    std::map<connection_id, peer*> peers;
    peer* last = nullptr;
    remote_address last_remote;
    std::function<void(peer&)> on_opened;
    std::function<void(peer&, std::string_view)> on_text;
    std::function<void(peer&, trouble_kind)> on_trouble;
    std::function<void(peer&)> on_drained;

private:
    void note(std::string what) { notes.push_back(std::move(what)); }
};

inline const std::string upgrade_text =
    "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

// For what must hold whichever way the bytes travel: const auto over = GENERATE(over_tcp,
// over_tls).
enum class way { tcp, tls };
inline constexpr auto over_tcp = way::tcp;
inline constexpr auto over_tls = way::tls;

inline std::ostream& operator<<(std::ostream& to, way over) {
    return to << (over == over_tls ? "over TLS" : "plainly");
}

// One for all tests: only some care which.
inline const test::certificate& any_certificate() {
    static const test::certificate made;
    return made;
}

class loopback {
public:
    explicit loopback(const ws_options& options = {}, listener_options listening = {},
                      http_routes routes = {})
        : loopback(over_tcp, options, std::move(listening), std::move(routes)) {}

    explicit loopback(way over, const ws_options& options = {}, listener_options listening = {},
                      http_routes routes = {})
        : connected(io, options, [this] { return now; }),
          listening_on(io, connected, with_tls(over, std::move(listening)), std::move(routes),
                       &events) {
        if (over == over_tls) {
            client_tls = test_client_tls();
        }
    }

    // Runs the loop until the condition holds; false when it has not after a while.
    template <class Condition>
    [[nodiscard]] bool until(Condition condition) {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (!condition()) {
            if (std::chrono::steady_clock::now() > give_up) {
                return false;
            }
            io.run_one_for(std::chrono::milliseconds{2});
        }
        return true;
    }
    // Everything that is ready now.
    void settle() {
        for (int i = 0; i < 20; ++i) {
            io.poll();
        }
    }
    void pass(std::chrono::steady_clock::duration time) {
        now += time;
        connected.check_deadlines();
        settle();
    }
    [[nodiscard]] std::uint16_t port() const { return listening_on.local_port(); }

    // A client that has connected and, where that is the way, shaken hands.
    [[nodiscard]] raw_client newcomer(int receive_buffer = 0, const char* source = nullptr) {
        raw_client client{port(), receive_buffer, source};
        if (client_tls) {
            client.begin_tls(*client_tls);
            REQUIRE(until([&] { return client.shake_hands(); }));
        }
        return client;
    }

    // A client that has been upgraded and has forgotten the 101.
    [[nodiscard]] std::unique_ptr<raw_client> upgraded(int receive_buffer = 0) {
        auto client = std::make_unique<raw_client>(newcomer(receive_buffer));
        client->send(upgrade_text);
        const auto before = events.count("opened");
        REQUIRE(until([&] {
            return client->read().received.find("\r\n\r\n") != std::string::npos &&
                   events.count("opened") > before;
        }));
        client->received.erase(0, client->received.find("\r\n\r\n") + 4);
        return client;
    }

    std::shared_ptr<ssl_ctx_st> client_tls;  // null: plain
    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now();
    boost::asio::io_context io{1};
    recorder events;
    connections connected;
    listener listening_on;

private:
    static listener_options with_tls(way over, listener_options options) {
        if (over == over_tls && !options.tls) {
            const auto& shown = any_certificate();
            options.tls = std::make_shared<tls_context>(
                tls_context::files{shown.certificate_file(), shown.key_file()});
        }
        return options;
    }
};

}  // namespace onechat::net
