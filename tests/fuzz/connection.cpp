// One connection from its upgrade to its end, over a real pair of sockets: what the other end
// sends, takes, leaves lying and ends, what is said to it, and how much time passes, each is a
// byte.
#include "server/net/connections.hpp"
#include "tests/fuzz/target.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace onechat;
using namespace onechat::net;
using namespace onechat::fuzz;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t outbox_max = 4096;
// Beyond it: pongs, whose number is limited, last words, and a close frame.
constexpr std::size_t outbox_slack = 4096;

// What holds for a handler, whatever the other end does.
class handler final : public ws_events {
public:
    explicit handler(std::uint8_t manners) : manners_{manners} {}

    void opened(connection_id, peer& one, const remote_address&) override {
        must(there == nullptr && !over, "a connection opens once");
        there = &one;
    }
    void received(connection_id, std::string_view text) override {
        heard("a text");
        must(judge_utf8(text).whole, "a text is UTF-8");
        if ((manners_ & 1U) != 0) {
            there->send(text);
        }
    }
    void trouble(connection_id, trouble_kind) override {
        heard("trouble");
        must(!troubled_, "trouble is told once");
        troubled_ = true;
        if ((manners_ & 2U) != 0) {
            there->close(4001, "slow", "last words");
        }
    }
    void drained(connection_id) override {
        heard("that the outbox is empty");
        if ((manners_ & 4U) != 0 && pages_ < 8) {
            ++pages_;
            there->send(std::string(1000, 'p'));
        }
    }
    void closed(connection_id) override {
        heard("an end");
        over = true;
        there = nullptr;
    }
    void received_binary(connection_id, std::string_view) override {
        must(false, "nothing binary comes in");
    }

    peer* there = nullptr;
    bool over = false;

private:
    void heard(const char*) const { must(there != nullptr, "only who is there is heard"); }

    std::uint8_t manners_;
    bool troubled_ = false;
    unsigned pages_ = 0;
};

// The other end, which believes nothing: frames must be whole, unmasked, and none follows a close.
class far_end {
public:
    explicit far_end(int descriptor) : descriptor_{descriptor} {}
    ~far_end() { leave(); }
    far_end(const far_end&) = delete;
    far_end& operator=(const far_end&) = delete;

    void say(std::string_view bytes) const {
        if (descriptor_ >= 0) {
            (void)!::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        }
    }
    void say_frame(opcode op, std::string payload) const {
        frame_header header{.payload_bytes = payload.size(), .op = op, .fin = true, .masked = true};
        header.mask = {'\x12', '\x00', '\xFF', '\x7B'};
        std::array<char, frame_header_max> bytes{};
        const auto size = write_header(bytes.data(), header);
        apply_mask(payload, header.mask);
        say(std::string{bytes.data(), size} + payload);
    }
    void hear(std::size_t most) {
        std::string bytes(most, '\0');
        const auto got = descriptor_ < 0
                             ? ssize_t{0}
                             : ::recv(descriptor_, bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (got <= 0) {
            return;
        }
        unread_.append(bytes, 0, static_cast<std::size_t>(got));
        frame_header header;
        for (;;) {
            const auto state = read_header(unread_, role::client, header);
            must(state != header_state::violation, "what is sent are frames of a server");
            const auto whole = header.header_bytes + header.payload_bytes;
            if (state == header_state::incomplete || unread_.size() < whole) {
                return;
            }
            must(!closed_, "nothing follows a close");
            closed_ = header.op == opcode::close;
            unread_.erase(0, whole);
        }
    }
    void end_writing() const {
        if (descriptor_ >= 0) {
            ::shutdown(descriptor_, SHUT_WR);
        }
    }
    void leave() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
            descriptor_ = -1;
        }
    }

private:
    int descriptor_;
    std::string unread_;
    bool closed_ = false;
};

ws_options small() {
    ws_options options;
    options.outbox_bytes_max = outbox_max;
    options.paced_bytes = 512;
    options.message.message_bytes_max = 2048;
    return options;
}

struct scene {
    scene(decisions& by, std::array<int, 2> pair)
        : events{by.byte()}, client{pair[1]}, connected{io, small(), [this] { return now; }} {
        const int least = 1;
        ::setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &least, sizeof least);
        const auto early = by.take(by.byte() % 32);
        connected.adopt(transport{pair[0]}, role::server, events, {}, std::string{early});
    }

    void settle() {
        for (int i = 0; i < 3; ++i) {
            io.restart();
            io.poll();
        }
        must(!events.over || events.there == nullptr, "an end is the last that is heard");
        must(events.there == nullptr || events.there->outbox_bytes() <= outbox_max + outbox_slack,
             "the outbox has a limit");
    }

    void pass(std::chrono::seconds time) {
        now += time;
        connected.check_deadlines();
    }

    void step(decisions& by) {
        const auto what = by.byte();
        const std::size_t size = by.byte();
        switch (what % 11) {
            case 0:
                client.say(by.take(size));
                break;
            case 1:
                client.say_frame(opcode::text, std::string(size * 8, 't'));
                break;
            case 2:
                client.hear(1 + size * 64);
                break;
            case 3:
                client.end_writing();
                break;
            case 4:
                client.leave();
                break;
            case 5:
                pass(std::chrono::seconds{size % 40});
                break;
            case 6:
                if (events.there != nullptr) {
                    events.there->send(std::string(size * 16, 's'));
                }
                break;
            case 7:
                if (events.there != nullptr) {
                    events.there->close(4000, "bye", size > 128 ? "last words" : "");
                }
                break;
            case 8:
                client.say_frame(opcode::close,
                                 std::string{"\x03\xE8", 2} + std::string(size % 100, 'c'));
                break;
            case 9:
                client.say_frame(opcode::ping, std::string(size % 126, 'i'));
                break;
            default:
                client.say_frame(size % 2 != 0 ? opcode::pong : opcode::continuation, "");
                break;
        }
    }

    std::chrono::steady_clock::time_point now{};
    boost::asio::io_context io{1};
    handler events;
    far_end client;
    connections connected;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::array<int, 2> pair{};
    must(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair.data()) == 0,
         "there is a pair of sockets");
    decisions by{text_of(data, size)};
    scene here{by, pair};
    while (by.any()) {
        here.step(by);
        if (by.byte() % 4 != 0) {  // else together with what comes next
            here.settle();
        }
    }
    here.settle();
    here.client.leave();
    // Each time limit may begin only when the one before has passed.
    for (int i = 0; i < 8; ++i) {
        here.settle();
        here.pass(100s);
    }
    must(here.connected.count() == 0, "nothing is left of a connection");
    must(here.events.over, "every end is told");
    return 0;
}
