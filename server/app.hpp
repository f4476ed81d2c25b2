// The whole server, member by member: read from top to bottom it is the bill of materials, and it
// is taken apart in the opposite order. Not where anything is decided. Made and run on the main
// thread, which is the event loop; the writer, the reader and the maker of backups bring one thread
// each, and new words one while they are made.
#pragma once

#include "server/admin/api.hpp"
#include "server/backup_runs.hpp"
#include "server/backup_thread.hpp"
#include "server/config/config.hpp"
#include "server/data_folder.hpp"
#include "server/histogram.hpp"
#include "server/keys.hpp"
#include "server/net/connections.hpp"
#include "server/net/http_client.hpp"
#include "server/net/listener.hpp"
#include "server/net/tls_context.hpp"
#include "server/net/ws_events.hpp"
#include "server/platform/service.hpp"
#include "server/platform/subscribe_messages.hpp"
#include "server/platform/text_checks.hpp"
#include "server/random_engine.hpp"
#include "server/supervisor.hpp"
#include "server/switchboard.hpp"
#include "server/word_reload.hpp"
#include "storage/reader.hpp"
#include "storage/sqlite_store.hpp"
#include "storage/writer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>

namespace onechat {

class app final : private net::ws_events {
public:
    // Opens everything. Throws with a sentence a person can act on.
    explicit app(config settings);

    // Serves until SIGTERM or SIGINT; the process's exit status: 0, or 70 when the fate of a commit
    // is unknown and only a fresh start can tell.
    int run();

private:
    void opened(net::connection_id id, peer& line, const net::remote_address& from) override;
    void received(net::connection_id id, std::string_view text) override;
    void trouble(net::connection_id id, net::trouble_kind kind) override;
    void drained(net::connection_id id) override;
    void closed(net::connection_id id) override;

    [[nodiscard]] static lobby::moment now();
    [[nodiscard]] start_facts facts();
    [[nodiscard]] store_ports ports();
    void reach_platforms();
    void moderate_by_platforms(outside_ports& outside);
    void send_by_platforms(outside_ports& outside);
    [[nodiscard]] const platform_config& config_of(platform::platform_name name) const;
    [[nodiscard]] platform::service* platform_called(platform::platform_name name);
    [[nodiscard]] net::http_routes routes();
    [[nodiscard]] net::http_routes admin_routes();
    [[nodiscard]] net::http_answer readiness() const;
    [[nodiscard]] net::listener_options public_options();
    [[nodiscard]] std::string metrics() const;
    void written(storage::written batch);
    void tick();
    void listen_to_operator(const endpoint& where);
    void tell_admin_address() const;
    void await_signal();
    void reload();
    void reload_certificate();
    void reload_words();
    [[nodiscard]] word_reload::ports word_ports();
    void drain();
    void end_when_drained();

    config config_;
    supervisor supervisor_{supervisor::environment()};
    lobby::moment started_;
    std::size_t connections_max_;
    data_folder folder_;
    keys keys_;
    std::shared_ptr<net::tls_context> tls_;  // none: plain
    random_engine random_;
    storage::sqlite_store store_;
    boost::asio::io_context io_{1};  // one thread runs it; others only post
    switchboard board_;
    backup_thread backup_thread_;
    backup_runs backups_;
    admin::tokens admin_tokens_;
    admin::api admin_api_;
    net::connections connections_;
    net::http_client http_;
    std::deque<platform::service> platforms_;  // those that logins are offered of
    // By platform; none: nobody is asked there.
    std::array<std::optional<platform::text_checks>, platform::platform_names.size()> checks_;
    std::array<std::optional<platform::subscribe_messages>, platform::platform_names.size()>
        messages_;
    storage::reader reader_;
    storage::writer writer_;
    net::listener listener_;
    std::optional<net::listener> admin_;
    boost::asio::steady_timer ticks_;
    boost::asio::signal_set signals_;
    word_reload words_;
    histogram commits_;          // seconds of each
    histogram lateness_;         // of ticks, in seconds: what else the loop was busy with
    std::uint64_t rows_ = 0;     // committed
    std::string store_trouble_;  // as last logged; empty: none
    std::chrono::steady_clock::time_point drain_until_{};
    bool clock_warned_ = false;
    bool draining_ = false;
};

}  // namespace onechat
