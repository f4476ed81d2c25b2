#include "protocol/limits.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/flags.hpp"
#include "server/cli/talker.hpp"
#include "server/cli/terminal.hpp"
#include "server/net/connections.hpp"
#include "server/net/ws_client.hpp"
#include "server/random_engine.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>
#include <variant>

namespace onechat::cli {

namespace asio = boost::asio;

namespace {

using steady_clock = std::chrono::steady_clock;

constexpr std::chrono::seconds connect_max{10};
constexpr std::chrono::seconds goodbye_max{1};  // for the closing handshake

net::ws_options client_limits() {
    net::ws_options limits;
    limits.message.message_bytes_max = protocol::limits::server_frame_bytes_max;
    // All texts that may be unacked, each of the longest.
    limits.outbox_bytes_max =
        protocol::limits::in_flight_max * protocol::limits::client_frame_bytes_max;
    return limits;
}

struct talk_options {
    net::ws_url url;
    net::tls_trust trust;
    talker_options talker;
    bool colours;
};

// Does what the talker says, with a connection, a terminal and a clock.
class conversation_loop final : public net::ws_events {
public:
    explicit conversation_loop(talk_options options)
        : url_{std::move(options.url)},
          talker_{std::move(options.talker), random_},
          connections_{io_, client_limits()},
          client_{io_, connections_, connect_max, std::move(options.trust)},
          terminal_{
              io_,
              options.colours,
              {[this] { return talker_.wants_lines(); },
               [this](std::string_view line) {
                   step([&](auto now, auto& out) { talker_.typed(line, now, out); });
               },
               [this] { step([this](auto now, auto& out) { talker_.input_ended(now, out); }); }}},
          alarm_{io_},
          signals_{io_, SIGINT, SIGTERM} {}

    // The exit status.
    int run() {
        await_signal();
        step([this](auto, auto& out) { talker_.start(out); });
        io_.run();
        return status_;
    }

private:
    void opened(net::connection_id, peer& line, const net::remote_address&) override {
        line_ = &line;
        step([this](auto now, auto& out) { talker_.opened(now, out); });
    }

    // What a newer server says that we don't know is none of our business.
    void received(net::connection_id, std::string_view text) override {
        if (const auto said = protocol::parse_server(text)) {
            step([&](auto now, auto& out) { talker_.heard(*said, now, out); });
        }
    }

    void trouble(net::connection_id, net::trouble_kind) override {
        if (!ended_) {
            line_->close(1000, "trouble", {});
        }
    }

    void drained(net::connection_id) override {}

    void closed(net::connection_id) override {
        line_ = nullptr;
        if (ended_) {
            io_.stop();
            return;
        }
        step([this](auto now, auto& out) { talker_.closed(now, out); });
    }

    template <class Step>
    void step(Step&& what) {
        actions out;
        what(steady_clock::now(), out);
        for (const action& one : out) {
            std::visit([this](const auto& each) { carry_out(each); }, one);
        }
        if (!ended_) {
            terminal_.go_on();
            set_alarm();
        }
    }

    void carry_out(const dial&) {
        client_.connect(
            url_, std::string{protocol::subprotocol}, *this, [this](const std::string& why) {
                step([&](auto now, auto& out) { talker_.connect_failed(why, now, out); });
            });
    }

    void carry_out(const transmit& what) {
        if (line_ != nullptr) {
            frame_.clear();
            protocol::write(frame_, what.what, what.rid);
            line_->send(frame_);
        }
    }

    void carry_out(const show& what) { terminal_.print(what); }

    void carry_out(const quit& what) {
        ended_ = true;
        status_ = what.status;
        if (!what.sentence.empty()) {
            std::fprintf(stderr, "onechat talk: %s\n", what.sentence.c_str());
        }
        if (line_ == nullptr) {
            io_.stop();
            return;
        }
        line_->close(1000, {}, {});
        alarm_.expires_after(goodbye_max);
        alarm_.async_wait([this](const boost::system::error_code& cancelled) {
            if (!cancelled) {
                io_.stop();
            }
        });
    }

    void set_alarm() {
        const auto next = talker_.wake(steady_clock::now());
        if (ended_ || next == armed_for_) {
            return;
        }
        armed_for_ = next;
        if (!next) {
            alarm_.cancel();
            return;
        }
        alarm_.expires_at(*next);
        alarm_.async_wait([this](const boost::system::error_code& cancelled) {
            if (!cancelled && !ended_) {
                armed_for_.reset();
                step([this](auto now, auto& out) { talker_.tick(now, out); });
            }
        });
    }

    // Asked once we leave politely, asked twice at once.
    void await_signal() {
        signals_.async_wait([this](const boost::system::error_code& cancelled, int) {
            if (cancelled) {
                return;
            }
            if (std::exchange(asked_to_end_, true)) {
                io_.stop();
                return;
            }
            await_signal();
            step([this](auto now, auto& out) { talker_.leave_and_quit(now, out); });
        });
    }

    net::ws_url url_;
    random_engine random_;
    asio::io_context io_{1};
    talker talker_;
    net::connections connections_;
    net::ws_client client_;
    terminal terminal_;
    asio::steady_timer alarm_;
    asio::signal_set signals_;
    peer* line_ = nullptr;  // while there is a connection
    std::optional<steady_clock::time_point> armed_for_;
    std::string frame_;
    int status_ = 0;
    bool asked_to_end_ = false;
    bool ended_ = false;
};

// Empty when all is well.
std::string trouble_with(const talker_options& wanted) {
    namespace limits = protocol::limits;
    if (wanted.topics.size() > limits::topics_max) {
        return "--topic: at most " + std::to_string(limits::topics_max) + " topics";
    }
    for (const std::string& id : wanted.topics) {
        if (id.empty() || id.size() > limits::id_bytes_max || !protocol::valid_utf8(id)) {
            return "--topic: an id as /topics lists them is expected";
        }
    }
    if (wanted.nickname &&
        (!protocol::valid_utf8(*wanted.nickname) ||
         protocol::code_points_in(*wanted.nickname) > limits::nickname_code_points_max)) {
        return "--nickname: at most " + std::to_string(limits::nickname_code_points_max) +
               " characters of UTF-8 are expected";
    }
    return {};
}

}  // namespace

int talk(int argc, char** argv) {
    CLI::App flags{"Chats with a stranger in this terminal.", "onechat talk"};
    std::string url = "ws://127.0.0.1:8080/ws";
    net::tls_trust trust;
    talker_options wanted;
    bool no_colour = false;
    flags.add_option("--url", url, "The server")->capture_default_str();
    add_trust(flags, trust);
    flags.add_option("--topic", wanted.topics, "The id of a topic to talk about; may be repeated");
    flags.add_option("--nickname", wanted.nickname, "What the partner sees in this chat");
    flags.add_flag("--no-color", no_colour, "No colours, as with NO_COLOR in the environment");
    if (const auto status = read_flags(flags, argc, argv)) {
        return *status;
    }
    // Before anything of ours takes its number.
    if (::fcntl(STDIN_FILENO, F_GETFD) < 0) {
        throw std::runtime_error{"standard input is closed, so nobody can say anything."};
    }
    const auto parsed = net::ws_url::parse(url);
    const std::string trouble = parsed ? trouble_with(wanted) : "--url: " + parsed.error().sentence;
    if (!trouble.empty()) {
        std::fprintf(stderr, "onechat talk: %s\n", trouble.c_str());
        return 2;
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread yet.
    const bool unwanted = std::getenv("NO_COLOR") != nullptr;
    const bool plain = no_colour || unwanted || ::isatty(STDOUT_FILENO) == 0;
    return conversation_loop{{*parsed, std::move(trust), std::move(wanted), !plain}}.run();
}

}  // namespace onechat::cli
