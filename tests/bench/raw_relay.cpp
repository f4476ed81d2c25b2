// The practical limit that figures are compared with: couples over a hand-written epoll loop, with
// no limits, no closing handshake, no checks and nothing stored. Frames of the first of two who
// connect go to the second, unmasked, and back. Never to be run where strangers can reach it.
//   raw_relay [--echo|--answer]
// With --echo everybody is their own partner. With --answer who sent a text is told so, by a frame
// as long as an `ack`: the least that a service with the same contract has to send.
// Listens on a free port of 127.0.0.1 and says `ready listen=127.0.0.1:PORT` on stderr.
#include "server/net/handshake.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

struct line {
    int descriptor;
    bool upgraded = false;
    line* partner = nullptr;
    std::unique_ptr<std::string> unread;  // the beginning of a frame
    std::unique_ptr<std::string> unsent;  // what the kernel had no room for
};

constexpr std::size_t buffer_bytes = std::size_t{256} * 1024;
std::array<char, buffer_bytes> incoming;
std::array<char, buffer_bytes> outgoing;
int epoll_set = -1;
bool echo = false;
bool answers = false;
line* single = nullptr;  // connected, and waiting for a partner

void watch(line& one, int operation, bool writable_too) {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET | (writable_too ? EPOLLOUT : 0U);
    event.data.ptr = &one;
    ::epoll_ctl(epoll_set, operation, one.descriptor, &event);
}

// Its few bytes stay: the batch at hand may still point to it.
void drop(line& one) {
    ::close(one.descriptor);
    one.descriptor = -1;
    one.unread.reset();
    one.unsent.reset();
    if (single == &one) {
        single = nullptr;
    }
    if (one.partner != nullptr) {
        one.partner->partner = nullptr;
        one.partner = nullptr;
    }
}

void send_to(line& to, std::string_view bytes) {
    if (!to.unsent) {
        const auto sent = ::send(to.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        bytes.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0);
        if (bytes.empty()) {
            return;
        }
        to.unsent = std::make_unique<std::string>();
        watch(to, EPOLL_CTL_MOD, true);
    }
    to.unsent->append(bytes);
}

void writable(line& one) {
    if (!one.unsent) {
        return;
    }
    const auto sent = ::send(one.descriptor, one.unsent->data(), one.unsent->size(), MSG_NOSIGNAL);
    one.unsent->erase(0, sent > 0 ? static_cast<std::size_t>(sent) : 0);
    if (one.unsent->empty()) {
        one.unsent.reset();
        watch(one, EPOLL_CTL_MOD, false);
    }
}

// How many bytes the request has; 0 while it is not whole.
std::size_t upgrade(line& one, std::string_view request) {
    const auto end = request.find("\r\n\r\n");
    constexpr std::string_view key_name = "Sec-WebSocket-Key: ";
    const auto key = request.find(key_name);
    if (end == std::string_view::npos || key == std::string_view::npos) {
        return 0;
    }
    const auto from = key + key_name.size();
    const std::string answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Accept: " +
        onechat::net::accept_of(request.substr(from, request.find("\r\n", from) - from)) +
        "\r\n\r\n";
    send_to(one, answer);
    one.upgraded = true;
    if (echo) {
        one.partner = &one;
    } else if (single == nullptr) {
        single = &one;
    } else {
        one.partner = single;
        single->partner = &one;
        single = nullptr;
    }
    return end + 4;
}

// Copies to `to` without the mask, eight bytes at a time.
void unmask(char* to, const char* from, std::size_t count, std::uint32_t mask) {
    const std::uint64_t wide = (std::uint64_t{mask} << 32) | mask;
    std::size_t at = 0;
    for (; at + 8 <= count; at += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, from + at, 8);
        word ^= wide;
        std::memcpy(to + at, &word, 8);
    }
    for (; at < count; ++at) {
        to[at] = static_cast<char>(from[at] ^ static_cast<char>(mask >> (8 * (at % 4))));
    }
}

void answer(line& one, std::size_t texts) {
    constexpr std::size_t payload = 80;
    static const std::string frame =
        "\x81" + std::string(1, char{payload}) + std::string(payload, 'a');
    std::string all;
    for (std::size_t n = 0; n < texts; ++n) {
        all += frame;
    }
    send_to(one, all);
}

// Relays the whole frames at the front of `bytes`; how many bytes they were. A frame is known to
// be shorter than 64 KiB here. A close ends the line: false.
bool relay(line& one, std::string_view bytes, std::size_t& used) {
    std::size_t out = 0;
    std::size_t texts = 0;
    while (bytes.size() - used >= 6) {
        const char* const frame = bytes.data() + used;
        const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(frame[at]); };
        std::size_t payload = byte(1) & 127U;
        const bool is_long = payload == 126;
        const std::size_t header = is_long ? 8 : 6;
        if (is_long) {
            payload = std::size_t{byte(2)} << 8 | byte(3);
        }
        if (bytes.size() - used < header + payload) {
            break;
        }
        if ((byte(0) & 15U) == 8) {
            return false;
        }
        std::uint32_t mask = 0;
        std::memcpy(&mask, frame + header - 4, 4);
        const std::size_t plain_header = header - 4;
        std::memcpy(outgoing.data() + out, frame, plain_header);
        outgoing[out + 1] = static_cast<char>(byte(1) & 127U);
        unmask(outgoing.data() + out + plain_header, frame + header, payload, mask);
        out += plain_header + payload;
        used += header + payload;
        ++texts;
    }
    if (out > 0 && one.partner != nullptr) {
        send_to(*one.partner, {outgoing.data(), out});
        if (answers) {
            answer(one, texts);
        }
    }
    return true;
}

void readable(line& one) {
    for (;;) {
        std::size_t kept = 0;
        if (one.unread) {
            kept = one.unread->copy(incoming.data(), incoming.size());
            one.unread.reset();
        }
        const auto got = ::recv(one.descriptor, incoming.data() + kept, incoming.size() - kept, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            return drop(one);
        }
        const auto size = kept + static_cast<std::size_t>(std::max<ssize_t>(got, 0));
        const std::string_view bytes{incoming.data(), size};
        std::size_t used = 0;
        if (!one.upgraded) {
            used = upgrade(one, bytes);
        }
        if (one.upgraded && !relay(one, bytes, used)) {
            return drop(one);
        }
        if (used < size) {
            one.unread = std::make_unique<std::string>(bytes.substr(used));
        }
        if (got < 0 || size < incoming.size()) {
            return;
        }
    }
}

void accept_all(int listening) {
    const int on = 1;
    for (;;) {
        const int descriptor = ::accept4(listening, nullptr, nullptr, SOCK_NONBLOCK);
        if (descriptor < 0) {
            return;
        }
        ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(*new line{descriptor, false, nullptr, nullptr, nullptr}, EPOLL_CTL_ADD, false);
    }
}

int listen_on_free_port() {
    const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening, plain, size) != 0 || ::listen(listening, 4096) != 0 ||
        ::getsockname(listening, plain, &size) != 0) {
        std::perror("raw_relay");
        return -1;
    }
    std::fprintf(stderr, "ready listen=127.0.0.1:%u\n", unsigned{ntohs(address.sin_port)});
    return listening;
}

void serve(int listening) {
    epoll_event arrivals{};
    arrivals.events = EPOLLIN;
    ::epoll_ctl(epoll_set, EPOLL_CTL_ADD, listening, &arrivals);
    std::array<epoll_event, 1024> events{};
    for (;;) {
        const int count =
            ::epoll_wait(epoll_set, events.data(), static_cast<int>(events.size()), -1);
        for (int i = 0; i < count; ++i) {
            const auto& event = events[static_cast<std::size_t>(i)];
            auto* const one = static_cast<line*>(event.data.ptr);
            if (one == nullptr) {
                accept_all(listening);
                continue;
            }
            if (one->descriptor >= 0 && (event.events & EPOLLOUT) != 0) {
                writable(*one);
            }
            if (one->descriptor >= 0 && (event.events & ~std::uint32_t{EPOLLOUT}) != 0) {
                readable(*one);
            }
        }
    }
}

}  // namespace

int main(int count, char** words) {
    std::signal(SIGPIPE, SIG_IGN);
    const std::string_view manner = count > 1 ? words[1] : "";
    echo = manner == "--echo";
    answers = manner == "--answer";
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    epoll_set = ::epoll_create1(0);
    const int listening = listen_on_free_port();
    if (listening < 0) {
        return 1;
    }
    serve(listening);
}
