// Where hosts are to be reached, for http_client: one lookup of a host at a time, however many
// calls wait for it, and its answer kept for a while. A lookup can't be called off, so whoever
// waits for one may leave it. Not the connecting (http_line). Loop thread only.
#pragma once

#include "server/net/timed_socket.hpp"
#include "server/net/url.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace onechat::net {

class http_places : public std::enable_shared_from_this<http_places> {
public:
    using address = boost::asio::ip::tcp::endpoint;

    struct found {
        std::vector<address> addresses;
        std::string
            trouble{};  // without any: why, as the rest of a sentence that begins with the host
    };
    using answer = std::function<void(found)>;
    // Calls back once, when it has looked up a host and its port.
    using resolver = std::function<void(const std::string& host, std::uint16_t port, answer)>;
    using clock = std::function<std::chrono::steady_clock::time_point()>;

    http_places(loop_executor executor, clock read_clock, resolver ask = {});

    // What is known of it, after a lookup when that is nothing or old. The wait also ends when the
    // caller cancels `bell`, a timer of its own that nothing else waits on.
    [[nodiscard]] static loop_task<found> find(std::shared_ptr<http_places> self, url to,
                                               std::shared_ptr<loop_timer> bell);

    // It has answered there: that address is the first one from now on.
    void prefer(const url& to, const address& good);

    // How long an answer is kept. Names of platforms move rarely, and gently.
    static constexpr std::chrono::seconds kept_time{60};
    static constexpr std::size_t addresses_max = 8;

private:
    struct place {
        found known;
        std::chrono::steady_clock::time_point old_at{};
        bool is_looked_up = false;
        std::vector<std::weak_ptr<loop_timer>> waiting;
    };

    void look_up(const std::string& key, const url& to);
    void learn(const std::string& key, found met);

    loop_executor executor_;
    clock read_clock_;
    resolver ask_;
    std::map<std::string, place> places_;  // as many as the configuration names
};

}  // namespace onechat::net
