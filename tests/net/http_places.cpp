#include "server/net/http_places.hpp"

#include "tests/support/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <string>
#include <vector>

using namespace onechat::net;
using namespace std::chrono_literals;

namespace {

// A name service that answers when the test says so.
struct name_service {
    using found = http_places::found;

    static http_places::found at(std::vector<std::string> addresses) {
        found met;
        for (const auto& one : addresses) {
            met.addresses.emplace_back(boost::asio::ip::make_address(one), 443);
        }
        return met;
    }
    std::shared_ptr<loop_timer> ask(const std::string& host = "api.example") {
        auto bell = std::make_shared<loop_timer>(io.get_executor());
        boost::asio::co_spawn(io, keep(places, {.host = host, .port = 443}, bell, heard),
                              boost::asio::detached);
        io.restart();
        io.poll();
        return bell;
    }
    void answer(found with) {
        auto first = std::move(asked.front());
        asked.erase(asked.begin());
        first(std::move(with));
        io.restart();
        io.poll();
    }

    boost::asio::io_context io{1};
    std::chrono::steady_clock::time_point now{1h};
    std::vector<http_places::answer> asked;
    std::vector<std::string> heard;  // the first address, or the trouble
    std::shared_ptr<http_places> places = std::make_shared<http_places>(
        io.get_executor(), [this] { return now; },
        [this](const std::string&, std::uint16_t, http_places::answer finished) {
            asked.push_back(std::move(finished));
        });

private:
    static loop_task<void> keep(std::shared_ptr<http_places> places, url to,
                                std::shared_ptr<loop_timer> bell, std::vector<std::string>& heard) {
        auto met = co_await http_places::find(std::move(places), std::move(to), std::move(bell));
        heard.push_back(met.addresses.empty() ? met.trouble
                                              : met.addresses[0].address().to_string());
    }
};

using heard_list = std::vector<std::string>;

}  // namespace

TEST_CASE("one lookup serves all who wait for it, and those who come in its time") {
    name_service of;
    of.ask();
    of.ask();
    CHECK(of.asked.size() == 1);
    CHECK(of.heard.empty());

    of.answer(of.at({"10.0.0.1", "10.0.0.2"}));
    of.ask();

    CHECK(of.heard == heard_list(3, "10.0.0.1"));
    of.now += http_places::kept_time;
    of.ask();
    CHECK(of.asked.size() == 1);
    CHECK(of.heard.size() == 3);
}

TEST_CASE("an address is no name: nobody is asked") {
    name_service of;

    of.ask("127.0.0.1");

    CHECK(of.asked.empty());
    CHECK(of.heard == heard_list{"127.0.0.1"});
}

TEST_CASE("who waits for a lookup may leave it, and it goes on for others") {
    name_service of;
    const auto bell = of.ask();
    bell->cancel();
    of.io.restart();
    of.io.poll();
    CHECK(of.heard == heard_list{""});

    of.ask();
    CHECK(of.asked.size() == 1);
    of.answer(of.at({"10.0.0.1"}));

    CHECK(of.heard == heard_list{"", "10.0.0.1"});
}

TEST_CASE("a lookup that fails is made anew by the next, and takes nothing away") {
    name_service of;
    http_places::found unknown;
    unknown.trouble = "is unknown: Host not found";
    of.ask();
    of.answer(unknown);
    of.ask();
    of.answer(of.at({"10.0.0.1"}));
    of.now += http_places::kept_time;

    of.ask();
    of.answer(unknown);

    CHECK(of.heard == heard_list{unknown.trouble, "10.0.0.1", "10.0.0.1"});
}

TEST_CASE("the address that answered is the first from then on") {
    name_service of;
    of.ask();
    const auto both = of.at({"10.0.0.1", "10.0.0.2"});
    of.answer(both);

    of.places->prefer({.host = "api.example", .port = 443}, both.addresses[1]);
    of.ask();

    CHECK(of.heard == heard_list{"10.0.0.1", "10.0.0.2"});
}

TEST_CASE("so many addresses of a host are tried, and no more") {
    name_service of;
    of.ask();
    of.answer(of.at(std::vector<std::string>(http_places::addresses_max + 1, "10.0.0.1")));
    std::size_t count = 0;
    const auto counted = [](std::shared_ptr<http_places> places, std::shared_ptr<loop_timer> bell,
                            std::size_t& into) -> loop_task<void> {
        url to{.host = "api.example", .port = 443};  // g++ 12 ends a temporary here twice
        auto met = co_await http_places::find(std::move(places), std::move(to), std::move(bell));
        into = met.addresses.size();
    };

    boost::asio::co_spawn(
        of.io, counted(of.places, std::make_shared<loop_timer>(of.io.get_executor()), count),
        boost::asio::detached);
    of.io.restart();
    of.io.poll();

    CHECK(count == http_places::addresses_max);
}
