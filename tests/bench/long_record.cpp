// Pages of long records, asked for through the front door.
//   long_record fill --data DIR --people 1000 --texts 10000000
//   long_record ask --data DIR --people 1000 --texts 10000000 --url ws://ADDRESS:PORT/ws
// `fill` makes the data folder, unless it is there already; then a server is started on it, and
// `ask` asks for pages of 20 at random places of random records, one after the other, over one
// connection for each of some people. Prints one JSON object.
#include "server/cli/bench_histogram.hpp"
#include "server/net/connections.hpp"
#include "server/net/ws_client.hpp"
#include "tests/bench/known_people.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace asio = boost::asio;
namespace bench = onechat::bench;
namespace net = onechat::net;
using onechat::cli::bench_histogram;
using clock_type = std::chrono::steady_clock;

namespace {

struct record_options {
    std::string data;
    std::size_t people = 1000;
    std::uint64_t texts = 10'000'000;
    std::string url;
    std::size_t askers = 100;
    std::size_t warm_up = 2000;  // pages
    std::size_t pages = 20'000;
};

net::ws_options reading_options() {
    net::ws_options options;
    options.message.message_bytes_max = 65536;
    return options;
}

class asking {
public:
    explicit asking(const record_options& options)
        : options_{options},
          keys_{onechat::keys::open(std::filesystem::path{options.data} / "keys")},
          url_{*net::ws_url::parse(options.url)},
          each_{bench::texts_each(options.people, options.texts)} {}

    void run() {
        arrive_next();
        io_.run();
        if (!failure_.empty()) {
            throw std::runtime_error{failure_};
        }
        const auto us = [](std::chrono::nanoseconds time) {
            return static_cast<double>(time.count()) / 1000;
        };
        std::printf(
            "{\"pages\":%llu,\"page_p50_us\":%.1f,\"page_p99_us\":%.1f,"
            "\"page_max_us\":%.1f}\n",
            static_cast<unsigned long long>(times_.total()), us(times_.per_mille(500)),
            us(times_.per_mille(990)), us(times_.max()));
    }

private:
    class asker final : public net::ws_events {
    public:
        asker(asking& owner, std::size_t number) : owner_{owner}, person{number} {}

        void opened(net::connection_id, onechat::peer& to, const net::remote_address&) override {
            line = &to;
            line->send(R"({"t":"hello","v":1,"token":")" + bench::token_of(owner_.keys_, person) +
                       R"("})");
        }
        void received(net::connection_id, std::string_view text) override { owner_.received(text); }
        void trouble(net::connection_id, net::trouble_kind) override {}
        void drained(net::connection_id) override {}
        void closed(net::connection_id) override { owner_.fail("The server closed a connection."); }

    private:
        asking& owner_;

    public:
        std::size_t person;
        onechat::peer* line = nullptr;
    };

    void fail(const std::string& why) {
        failure_ = why;
        io_.stop();
    }

    void arrive_next() {
        askers_.push_back(std::make_unique<asker>(*this, askers_.size()));
        client_.connect(url_, "onechat.v1", *askers_.back(),
                        [this](const std::string& why) { fail(why); });
    }

    void received(std::string_view text) {
        const auto now = clock_type::now();
        if (text.find(R"("t":"welcome")") != std::string_view::npos) {
            if (askers_.size() < std::min(options_.askers, options_.people)) {
                return arrive_next();
            }
        } else if (text.find(R"("t":"history")") == std::string_view::npos) {
            return fail("Not a page: " + std::string{text});
        } else {
            if (asked_ > options_.warm_up) {
                times_.add(now - asked_at_);
            }
            if (asked_ == options_.warm_up + options_.pages) {
                return io_.stop();
            }
        }
        ask();
    }

    // A page with twenty events on it, of one of the asker's own records.
    void ask() {
        const asker& by = *askers_[below(askers_.size())];
        const auto number = by.person + options_.people * below(bench::meetings_each);
        const auto name = bench::pair_of(number, options_.people).name;
        const auto before = 21 + below(each_ > 20 ? each_ - 20 : 1);
        ++asked_;
        asked_at_ = clock_type::now();
        by.line->send(R"({"t":"history","limit":20,"pair":")" + name + R"(","before":)" +
                      std::to_string(before) + "}");
        upgraded_.flush();
    }

    std::uint64_t below(std::uint64_t bound) {
        return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(chance_);
    }

    record_options options_;
    onechat::keys keys_;
    net::ws_url url_;
    std::uint64_t each_;
    asio::io_context io_{1};
    net::connections upgraded_{io_, reading_options()};
    net::ws_client client_{io_, upgraded_};
    std::vector<std::unique_ptr<asker>> askers_;
    std::mt19937_64 chance_{1};
    std::size_t asked_ = 0;
    clock_type::time_point asked_at_;
    bench_histogram times_;
    std::string failure_;
};

}  // namespace

int main(int count, char** words) {
    record_options asked;
    CLI::App flags{"Pages of long records."};
    flags.require_subcommand(1);
    CLI::App* const fill = flags.add_subcommand("fill", "Make the data folder");
    CLI::App* const ask = flags.add_subcommand("ask", "Ask for pages");
    for (CLI::App* const either : {fill, ask}) {
        either->add_option("--data", asked.data)->required();
        either->add_option("--people", asked.people)
            ->check(CLI::Range(bench::people_min, std::size_t{1'000'000}));
        either->add_option("--texts", asked.texts);
    }
    ask->add_option("--url", asked.url)->required();
    ask->add_option("--warm-up", asked.warm_up, "Pages that don't count");
    ask->add_option("--pages", asked.pages);
    CLI11_PARSE(flags, count, words);
    try {
        if (fill->parsed()) {
            bench::fill(asked.data, asked.people, asked.texts);
        } else {
            asking{asked}.run();
        }
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "long_record: %s\n", failure.what());
        return 1;
    }
    return 0;
}
