// The lines of a bench's users: opens them a few at a time, ends them as asked, and tells what
// comes over them. Knows nothing of what is said. Main thread.
#pragma once

#include "server/net/connections.hpp"
#include "server/net/tls_connector.hpp"
#include "server/net/ws_client.hpp"
#include "server/net/ws_events.hpp"
#include "server/peer.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace onechat::cli {

class bench_lines {
public:
    using line_id = std::uint64_t;
    using user_index = std::size_t;

    class events {
    public:
        virtual void opened(user_index, line_id, peer&) = 0;
        virtual void received(user_index, line_id, std::string_view text) = 0;
        virtual void closed(user_index, line_id) = 0;
        virtual void failed(user_index, const std::string& sentence) = 0;  // to open a line

    protected:
        ~events() = default;
    };

    // `cuttable`: each line has sockets of its own, so that cut() can take them away.
    bench_lines(boost::asio::io_context& io, net::ws_url url, net::tls_trust trust, bool cuttable,
                events& to);
    ~bench_lines();

    bench_lines(const bench_lines&) = delete;
    bench_lines& operator=(const bench_lines&) = delete;

    // Ends in opened() or failed(), never during this call.
    void open(user_index user);
    // As a phone without network: the connection is gone without a close frame, and unread bytes
    // with it. No closed() is said. REQUIRES: cuttable.
    void cut(line_id line);
    // A close frame with 1000; closed() is said when the server has answered.
    void close(line_id line);

    // Sends what is queued, at the end of a timer's turn.
    void flush() { shared_.flush(); }

private:
    class line;

    // More at once would only overrun the server's listen queue.
    static constexpr std::size_t attempts_max = 64;

    void begin_attempts();
    void forget(line& gone);

    boost::asio::io_context& io_;
    net::ws_url url_;
    net::tls_trust trust_;
    bool cuttable_;
    events& to_;
    net::connections shared_;
    net::ws_client client_;
    std::unordered_map<line_id, std::unique_ptr<line>> lines_;
    std::vector<std::unique_ptr<line>> gone_;
    std::deque<user_index> to_open_;
    std::size_t attempts_ = 0;
    line_id last_id_ = 0;
};

}  // namespace onechat::cli
