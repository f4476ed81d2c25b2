// What http_client is made of: calls under way, the connections that each lane shares, and who gets
// which. For http_client alone. Loop thread only.
#pragma once

#include "server/net/http_client.hpp"
#include "server/net/http_line.hpp"
#include "server/net/http_places.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace onechat::net {

// One call, from its waiting to its answer: whichever comes first ends it, the answer or the
// deadline. A connection that is being made then goes on: the next call finds it ready.
class http_exchange final : private wheel::entry {
public:
    http_exchange(std::shared_ptr<http_calls> all, http_call what, http_client::done finished);
    ~http_exchange();

    http_exchange(const http_exchange&) = delete;
    http_exchange& operator=(const http_exchange&) = delete;

    [[nodiscard]] const http_call& what() const { return what_; }
    [[nodiscard]] bool over() const { return !finished_; }
    [[nodiscard]] std::chrono::steady_clock::time_point due() const { return due_; }

    // It has a place among its lane's connections.
    void begin();
    void finish(http_outcome outcome);
    // Drops it without a word.
    void abort();
    // Makes a connection, which its end does not end; null: that is done.
    void connect_by(http_line* line) { connecting_ = line; }
    // Goes over a connection, which its end closes; null: that is done.
    void go_over(http_line* line);
    // By which its end wakes it.
    [[nodiscard]] std::shared_ptr<loop_timer> bell();

private:
    void expired(std::chrono::steady_clock::time_point now) override;

    std::shared_ptr<http_calls> all_;
    http_call what_;
    http_client::done finished_;
    http_line* line_ = nullptr;
    http_line* connecting_ = nullptr;
    std::shared_ptr<loop_timer> bell_;
    bool has_begun_ = false;
    bool is_sent_ = false;
    std::chrono::steady_clock::time_point came_;
    std::chrono::steady_clock::duration waited_{};
    std::chrono::steady_clock::time_point due_;
};

// The connections of one lane to one host.
struct http_pool {
    std::deque<std::shared_ptr<http_exchange>> waiting;
    std::vector<std::unique_ptr<http_line>> kept;  // the one used last is last
    std::size_t busy = 0;

    // One that nothing has been heard on since its last answer, so that it is likely to live.
    [[nodiscard]] std::unique_ptr<http_line> take_kept() {
        while (!kept.empty()) {
            auto line = std::move(kept.back());
            kept.pop_back();
            if (line->is_quiet()) {
                return line;
            }
        }
        return nullptr;
    }
};

class http_calls : public std::enable_shared_from_this<http_calls> {
public:
    http_calls(boost::asio::io_context& io, connections& clock_owner, tls_trust trust,
               const http_client_options& limits)
        : executor(io.get_executor()),
          clock(&clock_owner),
          tls(std::move(trust)),
          options(limits),
          places(std::make_shared<http_places>(
              executor, [this] { return clock->read_clock(); }, limits.resolve)) {}

    void admit(std::shared_ptr<http_exchange> call);
    void stop();

    loop_executor executor;
    connections* clock;
    tls_connector tls;
    http_client_options options;
    std::shared_ptr<http_places> places;
    // As many as the configuration names platforms, and as there are purposes of calls.
    std::map<std::string, http_pool> pools;
    std::set<http_exchange*> running;
    std::uint64_t opened = 0;
    std::uint64_t crowded = 0;
    bool stopped = false;

private:
    void start(std::shared_ptr<http_exchange> call);
    [[nodiscard]] static loop_task<void> run(std::shared_ptr<http_calls> self,
                                             std::shared_ptr<http_exchange> call);
    // What came of the call, and the connection if it can be used again.
    struct trip {
        http_outcome outcome;
        std::unique_ptr<http_line> line;
    };
    [[nodiscard]] static loop_task<trip> travel(std::shared_ptr<http_calls> self,
                                                std::shared_ptr<http_exchange> call);
    [[nodiscard]] static loop_task<trip> connect(std::shared_ptr<http_calls> self,
                                                 std::shared_ptr<http_exchange> call,
                                                 http_places::found at);
    [[nodiscard]] static loop_task<trip> over(std::shared_ptr<http_calls> self,
                                              std::shared_ptr<http_exchange> call,
                                              std::unique_ptr<http_line> line);
    [[nodiscard]] http_pool& pool_of(const http_call& call) {
        return pools[(call.to.secure ? "https://" : "http://") + call.to.authority() + " " +
                     call.lane.name];
    }
    void keep(const http_call& used_by, std::unique_ptr<http_line> line);
};

}  // namespace onechat::net
