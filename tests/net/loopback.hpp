// A server on a loopback port and clients that speak by hand, all on one loop run by the test, with
// a clock that only the test moves.
#pragma once

#include "server/net/connections.hpp"
#include "server/net/frame.hpp"
#include "server/net/listener.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <map>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
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
inline std::vector<std::string> frames_in(std::string bytes) {
    static const std::map<opcode, std::string> names{
        {opcode::continuation, "more"}, {opcode::text, "text"}, {opcode::binary, "binary"},
        {opcode::close, "close"},       {opcode::ping, "ping"}, {opcode::pong, "pong"}};
    std::vector<std::string> frames;
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
        frames.push_back(names.at(header.op) + ":" + payload);
    }
    return frames;
}

class raw_client {
public:
    explicit raw_client(std::uint16_t port, int receive_buffer = 0)
        : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer != 0) {
            ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                         sizeof receive_buffer);
        }
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        sockaddr generic{};
        static_assert(sizeof generic == sizeof to);
        std::memcpy(&generic, &to, sizeof to);
        REQUIRE(::connect(descriptor_, &generic, sizeof to) == 0);
        ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
    }
    ~raw_client() { ::close(descriptor_); }
    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;

    void send(std::string_view bytes) {
        REQUIRE(::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(bytes.size()));
    }
    void end_writing() { ::shutdown(descriptor_, SHUT_WR); }

    // Takes in what has come.
    raw_client& read() {
        std::array<char, 65536> bytes;
        for (;;) {
            const auto got = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
            if (got > 0) {
                received.append(bytes.data(), static_cast<std::size_t>(got));
                continue;
            }
            if (got == 0) {
                ended = true;
            } else if (errno == ECONNRESET) {
                ended = true;
                reset = true;
            }
            return *this;
        }
    }

    std::string received;
    bool ended = false;
    bool reset = false;

private:
    int descriptor_;
};

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

class loopback {
public:
    explicit loopback(const ws_options& options = {}, listener_options listening = {},
                      http_routes routes = {})
        : connected(io, options, [this] { return now; }),
          listening_on(io, connected, std::move(listening), std::move(routes), &events) {}

    // Runs the loop until the condition holds; false when it has not after a while.
    template <class Condition>
    [[nodiscard]] bool until(Condition condition) {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{10};
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

    // A client that has been upgraded and has forgotten the 101.
    [[nodiscard]] std::unique_ptr<raw_client> upgraded(int receive_buffer = 0) {
        auto client = std::make_unique<raw_client>(port(), receive_buffer);
        client->send(upgrade_text);
        const auto before = events.count("opened");
        REQUIRE(until([&] {
            return client->read().received.find("\r\n\r\n") != std::string::npos &&
                   events.count("opened") > before;
        }));
        client->received.erase(0, client->received.find("\r\n\r\n") + 4);
        return client;
    }

    std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now();
    boost::asio::io_context io{1};
    recorder events;
    connections connected;
    listener listening_on;
};

}  // namespace onechat::net
