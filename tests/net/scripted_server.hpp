// A server on a loopback port that answers each request with what the test has written down, right
// or wrong: plain bytes over blocking calls on a thread of its own, with none of our code in it.
#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace onechat::net {

class scripted_server {
public:
    // In the place of an answer.
    static constexpr auto hangs_up = "(hangs up)";
    static constexpr auto says_nothing = "(says nothing)";

    enum connections_kind { one_on_a_connection, many_on_a_connection };

    // Each answer goes to one request. One on a connection: the next one is read from the next
    // connection, when the client has ended this one or hang_up() has.
    explicit scripted_server(std::vector<std::string> answers,
                             connections_kind kind = one_on_a_connection)
        : answers_(std::move(answers)),
          kind_(kind),
          listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in own{};
        own.sin_family = AF_INET;
        own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        sockaddr generic{};
        std::memcpy(&generic, &own, sizeof own);
        socklen_t size = sizeof generic;
        if (::bind(listening_, &generic, sizeof own) != 0 || ::listen(listening_, 8) != 0 ||
            ::getsockname(listening_, &generic, &size) != 0) {
            throw std::runtime_error{"no loopback port"};
        }
        std::memcpy(&own, &generic, sizeof own);
        port_ = ntohs(own.sin_port);
        thread_ = std::thread{[this] { serve(); }};
    }
    ~scripted_server() {
        stopping_ = true;
        ::shutdown(listening_, SHUT_RDWR);
        hang_up();
        thread_.join();
        ::close(listening_);
    }
    scripted_server(const scripted_server&) = delete;
    scripted_server& operator=(const scripted_server&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }

    // Ends the connection that is open now.
    void hang_up() {
        const std::lock_guard lock{mutex_};
        if (connected_ >= 0) {
            ::shutdown(connected_, SHUT_RDWR);
        }
    }

    // The heads that have come, as they came.
    [[nodiscard]] std::vector<std::string> requests() {
        const std::lock_guard lock{mutex_};
        return requests_;
    }

private:
    void serve() {
        while (!stopping_) {
            const int accepted = ::accept(listening_, nullptr, nullptr);
            if (accepted < 0) {
                return;
            }
            set_connected(accepted);
            talk(accepted);
            set_connected(-1);
            ::close(accepted);
        }
    }

    void set_connected(int descriptor) {
        const std::lock_guard lock{mutex_};
        connected_ = descriptor;
        if (descriptor >= 0 && stopping_) {
            ::shutdown(descriptor, SHUT_RDWR);
        }
    }

    void talk(int descriptor) {
        while (next_ < answers_.size() && read_head(descriptor)) {
            const std::string answer = answers_[next_++];
            if (answer == hangs_up) {
                return;
            }
            if (answer != says_nothing) {
                static_cast<void>(::send(descriptor, answer.data(), answer.size(), MSG_NOSIGNAL));
            }
            if (kind_ == one_on_a_connection) {
                break;
            }
        }
        char ignored = '\0';
        while (::recv(descriptor, &ignored, 1, 0) > 0) {
        }
    }

    bool read_head(int descriptor) {
        std::string head;
        char c = '\0';
        while (!head.ends_with("\r\n\r\n")) {
            if (::recv(descriptor, &c, 1, 0) <= 0) {
                return false;
            }
            head += c;
        }
        const std::lock_guard lock{mutex_};
        requests_.push_back(std::move(head));
        return true;
    }

    std::vector<std::string> answers_;
    connections_kind kind_;
    int listening_;
    std::uint16_t port_ = 0;
    std::size_t next_ = 0;
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    int connected_ = -1;
    std::vector<std::string> requests_;
    std::thread thread_;
};

}  // namespace onechat::net
