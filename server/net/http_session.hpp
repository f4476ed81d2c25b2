// One accepted connection while it speaks HTTP: reads requests, has them answered, ends in a
// WebSocket upgrade or a close. A coroutine, since it reads as the story it is. Loop thread only.
#pragma once

#include "server/net/address_range.hpp"
#include "server/net/http.hpp"
#include "server/net/http_head.hpp"
#include "server/net/listener.hpp"
#include "server/net/timed_socket.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace onechat::net {

class http_session;

// What all sessions of one listener share. Lives as long as the last of them; after `stopped` they
// touch nothing beyond it.
struct http_context {
    listener_options options;
    http_routes routes;
    connections* upgraded = nullptr;
    ws_events* events = nullptr;
    std::vector<address_range> proxies;
    std::set<http_session*> sessions;
    http_traffic counted;
    bool draining = false;
    bool stopped = false;

    [[nodiscard]] bool full() const;
    // Not even to be told so: descriptors are for others, too.
    [[nodiscard]] bool overrun() const;
    [[nodiscard]] bool is_proxy(const remote_address& address) const;
    // Nothing when its network has as many as it may. Trusted proxies are not counted themselves.
    [[nodiscard]] std::optional<address_counts::place> place_for(const remote_address& address);
};

class http_session {
public:
    http_session(std::shared_ptr<http_context> context, loop_socket socket,
                 const remote_address& remote);
    ~http_session();

    http_session(const http_session&) = delete;
    http_session& operator=(const http_session&) = delete;

    [[nodiscard]] static loop_task<void> run(std::unique_ptr<http_session> self);

    // What it waits for ends with an error.
    void abort() {
        socket_.close();
        place_.give_back();
    }

private:
    void take_place();
    // What the proxy in front says of the connection; false when it ends here.
    [[nodiscard]] loop_task<bool> introduced();
    // Why not, where that can be said; the connection ends either way.
    [[nodiscard]] loop_task<void> turn_away(unsigned status, std::string_view why);
    // False when there is nothing to be said over TLS.
    [[nodiscard]] loop_task<bool> secured();
    // False when the connection is over for HTTP.
    [[nodiscard]] loop_task<bool> one_request();
    [[nodiscard]] loop_task<request_head> read_head();
    [[nodiscard]] loop_task<bool> read_body(http_request& request, std::size_t body_bytes);
    [[nodiscard]] loop_task<http_answer> answered(const http_request& request);
    [[nodiscard]] loop_task<bool> write(const http_answer& answer, bool head_only, bool keep_alive);
    [[nodiscard]] loop_task<void> upgrade(http_request request);

    [[nodiscard]] std::optional<http_answer> refusal_of(const request_head& head) const;
    [[nodiscard]] std::optional<http_answer> upgrade_trouble(const http_request& request);
    // Nothing when a trusted proxy names nobody who can be found.
    [[nodiscard]] std::optional<remote_address> client_of(const http_request& request) const;

    std::shared_ptr<http_context> context_;
    timed_socket socket_;
    remote_address remote_;
    address_counts::place place_;
    std::string received_;  // and not yet used up
    bool crowded_ = false;  // there was no place
    bool exposed_ = false;  // speaks plainly where TLS is expected
    bool served_ = false;   // a request already
};

}  // namespace onechat::net
