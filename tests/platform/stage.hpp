// A platform on a loopback port that answers as the test says, and what calls need around them; the
// clock is the test's.
#pragma once

#include "server/platform/api_caller.hpp"
#include "tests/net/loopback.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace onechat::platform {

class stage {
public:
    stage() {
        shared.note = [this](const platform::api_news& is) {
            notes.push_back(std::string{platform::word_of(is.at)} + " " + is.call + ": " +
                            is.trouble + (is.rid.empty() ? "" : ", rid " + is.rid));
        };
        shared.chance = [](std::uint64_t) { return 0U; };
        shared.clock = [this] { return here.now; };
    }

    void answers(const std::string& body, unsigned status = 200) {
        net::http_answer said;
        said.status = status;
        said.body = body;
        script_.push_back(std::move(said));
    }

    // "GET /path?query body"; each was given the next of the answers, or 500.
    std::vector<std::string> asked;
    std::vector<std::string> notes;

    [[nodiscard]] net::url base(std::string path = "/") {
        return {.host = "127.0.0.1", .port = here.port(), .path = std::move(path)};
    }

    // Runs the loop until what the coroutine returns has come.
    template <class T>
    T outcome(net::loop_task<T> task) {
        std::optional<T> got;
        boost::asio::co_spawn(here.io, keep(std::move(task), got), boost::asio::detached);
        REQUIRE(here.until([&] { return got.has_value(); }));
        return *std::move(got);
    }

    net::loopback here{{}, {}, routes()};
    net::http_client http{here.io, here.connected};
    surroundings shared{http, {}, {}, {}};

private:
    template <class T>
    static net::loop_task<void> keep(net::loop_task<T> task, std::optional<T>& into) {
        auto got = co_await std::move(task);
        into = std::move(got);
    }

    net::http_routes routes() {
        net::http_routes all;
        const auto answer = [this](const net::http_request& request) {
            asked.push_back(request.method + " " + request.path +
                            (request.query.empty() ? "" : "?" + request.query) +
                            (request.body.empty() ? "" : " " + request.body));
            if (script_.empty()) {
                return net::http_answer::refusal(500, "unscripted");
            }
            auto said = std::move(script_.front());
            script_.pop_front();
            return said;
        };
        all.add("GET", "/*", answer);
        all.add("POST", "/*", answer);
        return all;
    }

    std::deque<net::http_answer> script_;
};

}  // namespace onechat::platform
