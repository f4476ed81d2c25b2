#include "server/net/http_places.hpp"

#include <boost/asio/ip/basic_resolver.hpp>

#include <algorithm>
#include <utility>

namespace onechat::net {
namespace asio = boost::asio;

namespace {

using system_resolver = asio::ip::basic_resolver<asio::ip::tcp, loop_executor>;

// The system's, which Asio asks on a thread of its own, one name after the other.
http_places::resolver ask_the_system(const loop_executor& executor) {
    return [executor](const std::string& host, std::uint16_t port, http_places::answer finished) {
        auto asked = std::make_shared<system_resolver>(executor);
        asked->async_resolve(
            host, std::to_string(port),
            [asked, finished = std::move(finished)](const boost::system::error_code& unknown,
                                                    const system_resolver::results_type& all) {
                http_places::found met;
                if (unknown) {
                    met.trouble = "is unknown: " + unknown.message();
                }
                for (const auto& entry : all) {
                    met.addresses.push_back(entry.endpoint());
                }
                finished(std::move(met));
            });
    };
}

}  // namespace

http_places::http_places(loop_executor executor, clock read_clock, resolver ask)
    : executor_(std::move(executor)),
      read_clock_(std::move(read_clock)),
      ask_(ask ? std::move(ask) : ask_the_system(executor_)) {}

loop_task<http_places::found> http_places::find(std::shared_ptr<http_places> self, url to,
                                                std::shared_ptr<loop_timer> bell) {
    boost::system::error_code none;
    if (const auto literal = asio::ip::make_address(to.host, none); !none) {
        found met;
        met.addresses.emplace_back(literal, to.port);
        co_return met;
    }
    const std::string key = to.authority();
    if (self->read_clock_() >= self->places_[key].old_at) {
        self->look_up(key, to);
        if (self->places_[key].is_looked_up) {
            auto& waiting = self->places_[key].waiting;
            std::erase_if(waiting, [](const auto& one) { return one.expired(); });
            waiting.push_back(bell);
            bell->expires_at(loop_timer::time_point::max());
            co_await bell->async_wait(as_result);
        }
    }
    co_return self->places_[key].known;
}

void http_places::look_up(const std::string& key, const url& to) {
    place& of = places_[key];
    if (std::exchange(of.is_looked_up, true)) {
        return;
    }
    ask_(to.host, to.port, [weak = weak_from_this(), key](found met) {
        if (const auto self = weak.lock()) {
            self->learn(key, std::move(met));
        }
    });
}

// A name service that fails takes nothing away that was known.
void http_places::learn(const std::string& key, found met) {
    place& of = places_[key];
    of.is_looked_up = false;
    if (!met.addresses.empty()) {
        met.addresses.resize(std::min(met.addresses.size(), addresses_max));
        met.trouble.clear();
        of.known = std::move(met);
        of.old_at = read_clock_() + kept_time;
    } else if (of.known.addresses.empty()) {
        of.known = std::move(met);
    }
    for (const auto& each : std::exchange(of.waiting, {})) {
        if (const auto bell = each.lock()) {
            bell->cancel();
        }
    }
}

void http_places::prefer(const url& to, const address& good) {
    auto& all = places_[to.authority()].known.addresses;
    const auto at = std::ranges::find(all, good);
    if (at != all.end()) {
        std::rotate(all.begin(), at, at + 1);
    }
}

}  // namespace onechat::net
