#include "server/net/poller.hpp"

#include "tests/support/catch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>

using namespace onechat::net;

namespace {

struct end final : poller::pollable {
    void ready(poller::readiness how) override {
        ++told;
        last = how;
        if (then) {
            then();
        }
    }
    int told = 0;
    poller::readiness last;
    std::function<void()> then;
};

struct batches final : poller::batch_events {
    void batch_begins() override { ++begun; }
    void batch_ends() override { ++ended; }
    int begun = 0;
    int ended = 0;
};

struct pair_of_sockets {
    pair_of_sockets() {
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
    }
    ~pair_of_sockets() {
        ::close(ends[0]);
        if (ends[1] >= 0) {
            ::close(ends[1]);
        }
    }
    void write() { REQUIRE(::write(ends[1], "x", 1) == 1); }
    std::array<int, 2> ends{};
};

}  // namespace

TEST_CASE("many ready sockets are one batch") {
    boost::asio::io_context io{1};
    batches told;
    poller watching{io, told};
    std::array<pair_of_sockets, 50> pairs;
    std::array<end, 50> ends;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        pairs[i].write();
        REQUIRE(watching.add(pairs[i].ends[0], ends[i]));
    }

    io.poll();

    for (const auto& one : ends) {
        CHECK(one.told == 1);
        CHECK(one.last.readable);
        CHECK_FALSE(one.last.ended);
    }
    CHECK(told.begun == 1);
    CHECK(told.ended == 1);
}

TEST_CASE("others have their turn after some hundred events, however many more are ready") {
    boost::asio::io_context io{1};
    batches told;
    poller watching{io, told};
    std::array<pair_of_sockets, 200> pairs;
    std::array<end, 200> ends;
    int events = 0;
    int events_before_others = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        pairs[i].write();
        ends[i].then = [&, i] {
            if (events++ == 0) {
                boost::asio::post(io, [&] { events_before_others = events; });
            }
            if (events_before_others == 0) {
                watching.watch(pairs[i].ends[0], ends[i], false);  // is ready again at once
            }
        };
        REQUIRE(watching.add(pairs[i].ends[0], ends[i]));
    }

    io.poll();

    CHECK(events_before_others > 200);
    CHECK(events_before_others < 600);
    CHECK(events > events_before_others);
}

TEST_CASE("readiness is told once, and again when watched again") {
    boost::asio::io_context io{1};
    batches told;
    poller watching{io, told};
    pair_of_sockets sockets;
    end one;
    REQUIRE(watching.add(sockets.ends[0], one));

    sockets.write();
    io.poll();
    io.poll();
    CHECK(one.told == 1);

    watching.watch(sockets.ends[0], one, false);
    io.poll();
    CHECK(one.told == 2);

    watching.watch(sockets.ends[0], one, true);
    io.poll();
    CHECK(one.told == 3);
    CHECK(one.last.writable);

    watching.remove(sockets.ends[0]);
    sockets.write();
    io.poll();
    CHECK(one.told == 3);
}

TEST_CASE("an end is told") {
    boost::asio::io_context io{1};
    batches told;
    poller watching{io, told};
    pair_of_sockets sockets;
    end one;
    REQUIRE(watching.add(sockets.ends[0], one));

    ::close(std::exchange(sockets.ends[1], -1));
    io.poll();

    CHECK(one.told == 1);
    CHECK(one.last.ended);
}

TEST_CASE("a socket that is always ready does not keep other handlers waiting") {
    boost::asio::io_context io{1};
    batches told;
    poller watching{io, told};
    pair_of_sockets sockets;
    end busy;
    busy.then = [&] { watching.watch(sockets.ends[0], busy, false); };
    sockets.write();
    REQUIRE(watching.add(sockets.ends[0], busy));

    std::optional<int> told_before;
    io.run_one();
    boost::asio::post(io, [&] { told_before = busy.told; });
    while (!told_before) {
        io.run_one();
    }

    CHECK(*told_before <= 16);
}

TEST_CASE("a poller may go while its wait is pending") {
    boost::asio::io_context io{1};
    batches told;
    pair_of_sockets sockets;
    end one;
    {
        poller watching{io, told};
        REQUIRE(watching.add(sockets.ends[0], one));
        sockets.write();
    }
    io.poll();
    CHECK(one.told == 0);
}
