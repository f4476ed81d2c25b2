#include "server/cli/bench_lines.hpp"

#include "protocol/limits.hpp"

#include <boost/asio/post.hpp>

#include <cassert>
#include <chrono>
#include <optional>
#include <utility>

namespace onechat::cli {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds connecting_max{10};

net::ws_options client_options() {
    net::ws_options options;
    options.message.message_bytes_max = protocol::limits::server_frame_bytes_max;
    return options;
}

}  // namespace

class bench_lines::line final : public net::ws_events {
public:
    line(bench_lines& owner, line_id id, user_index user) : owner_{owner}, id_{id}, user_{user} {}

    void connect() {
        if (owner_.cuttable_) {
            connections_.emplace(owner_.io_, client_options());
            client_.emplace(owner_.io_, *connections_, connecting_max, owner_.trust_);
        }
        (client_ ? *client_ : owner_.client_)
            .connect(owner_.url_, std::string{protocol::subprotocol}, *this,
                     [this](const std::string& sentence) { failed(sentence); });
    }

    [[nodiscard]] line_id id() const { return id_; }
    [[nodiscard]] peer* to() { return to_; }

    void opened(net::connection_id, peer& to, const net::remote_address&) override {
        to_ = &to;
        --owner_.attempts_;
        owner_.to_.opened(user_, id_, to);
        owner_.begin_attempts();
    }
    void received(net::connection_id, std::string_view text) override {
        if (!cut_) {
            owner_.to_.received(user_, id_, text);
        }
    }
    void trouble(net::connection_id, net::trouble_kind) override {
        to_->close(net::close_code::normal, {}, {});
    }
    void drained(net::connection_id) override {}
    void closed(net::connection_id) override {
        to_ = nullptr;
        if (!cut_) {
            owner_.to_.closed(user_, id_);
            owner_.forget(*this);
        }
    }

    void mark_cut() { cut_ = true; }

private:
    void failed(const std::string& sentence) {
        --owner_.attempts_;
        owner_.to_.failed(user_, sentence);
        owner_.forget(*this);
        owner_.begin_attempts();
    }

    bench_lines& owner_;
    line_id id_;
    user_index user_;
    peer* to_ = nullptr;
    bool cut_ = false;
    std::optional<net::connections> connections_;
    std::optional<net::ws_client> client_;
};

bench_lines::bench_lines(asio::io_context& io, net::ws_url url, net::tls_trust trust, bool cuttable,
                         events& to)
    : io_{io},
      url_{std::move(url)},
      trust_{std::move(trust)},
      cuttable_{cuttable},
      to_{to},
      shared_{io, client_options()},
      client_{io, shared_, connecting_max, trust_} {}

bench_lines::~bench_lines() = default;

void bench_lines::open(user_index user) {
    to_open_.push_back(user);
    begin_attempts();
}

void bench_lines::begin_attempts() {
    while (!to_open_.empty() && attempts_ < attempts_max) {
        ++attempts_;
        auto fresh = std::make_unique<line>(*this, ++last_id_, to_open_.front());
        to_open_.pop_front();
        fresh->connect();
        lines_.emplace(last_id_, std::move(fresh));
    }
}

void bench_lines::cut(line_id id) {
    assert(cuttable_);
    const auto found = lines_.find(id);
    if (found != lines_.end()) {
        found->second->mark_cut();
        forget(*found->second);
    }
}

void bench_lines::close(line_id id) {
    const auto found = lines_.find(id);
    if (found != lines_.end() && found->second->to() != nullptr) {
        found->second->to()->close(net::close_code::normal, {}, {});
    }
}

// Later, as this may be a call from the line itself.
void bench_lines::forget(line& gone) {
    const auto found = lines_.find(gone.id());
    assert(found != lines_.end());
    gone_.push_back(std::move(found->second));
    lines_.erase(found);
    asio::post(io_, [this] { gone_.clear(); });
}

}  // namespace onechat::cli
