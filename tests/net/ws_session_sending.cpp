// How what is sent leaves a session: when, together with what, and what becomes of a slow reader.
#include "server/net/ws_session.hpp"
#include "tests/net/loopback.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <string>

using namespace onechat;
using namespace onechat::net;
using namespace std::chrono_literals;

TEST_CASE("many messages of one turn leave in one send") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    here.events.on_text = [](peer& from, std::string_view) {
        for (int i = 0; i < 100; ++i) {
            from.send("number " + std::to_string(i));
        }
    };
    const auto client = here.upgraded();
    const auto before = here.connected.counted().writes;

    client->send(frame_of(opcode::text, "go"));

    REQUIRE(here.until([&] { return heard(*client).size() == 100; }));
    CHECK(here.connected.counted().writes == before + 1);
    CHECK(here.connected.counted().messages_sent == 100);
}

TEST_CASE("what is sent outside of any event leaves too, in one send") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();
    const auto before = here.connected.counted().writes;

    here.events.last->send("one");
    here.events.last->send("two");
    CHECK(here.events.last->outbox_bytes() == 10);
    REQUIRE(here.until([&] { return heard(*client).size() == 2; }));
    CHECK(here.connected.counted().writes == before + 1);

    here.events.last->send("three");
    here.connected.flush();
    CHECK(here.events.last->outbox_bytes() == 0);
}

TEST_CASE("an ack and the answer to what came meanwhile leave in one send") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();
    here.events.on_text = [](peer& from, std::string_view) { from.send("event"); };
    here.settle();
    const auto before = here.connected.counted().writes;

    client->send(frame_of(opcode::text, "said"));
    here.events.last->send("ack");
    here.connected.flush();

    REQUIRE(here.until([&] { return heard(*client).size() == 2; }));
    CHECK(heard(*client) == frames{"text:ack", "text:event"});
    CHECK(here.connected.counted().writes == before + 1);
}

TEST_CASE("what waits in the loop is handled before what has come in, and leaves in one send") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();
    frames order;
    here.events.on_text = [&](peer& from, std::string_view) {
        order.push_back("read");
        from.send("event");
    };
    here.settle();
    const auto before = here.connected.counted().writes;

    client->send(frame_of(opcode::text, "said"));
    for (int i = 0; i < 3; ++i) {
        boost::asio::post(here.io, [&] {
            order.push_back("completed");
            here.events.last->send("ack");
            here.connected.flush_soon();
        });
    }

    REQUIRE(here.until([&] { return heard(*client).size() == 4; }));
    CHECK(order == frames{"completed", "completed", "completed", "read"});
    CHECK(here.connected.counted().writes == before + 1);
}

TEST_CASE("many who ask for a flush soon have one turn, even when nothing is to be sent") {
    loopback here{over_tcp};
    const auto client = here.upgraded();
    here.settle();
    int turns = 0;
    here.connected.at_turn_end([&] { ++turns; });

    for (int i = 0; i < 3; ++i) {
        here.connected.flush_soon();
    }
    CHECK(turns == 0);
    here.io.poll();
    CHECK(turns == 1);

    here.connected.flush_soon();
    here.io.poll();
    CHECK(turns == 2);
}

TEST_CASE("a flush that was asked for is not made again when a turn has come before it") {
    loopback here{over_tcp};
    const auto client = here.upgraded();
    here.settle();
    int turns = 0;
    here.connected.at_turn_end([&] { ++turns; });

    here.connected.flush_soon();
    here.connected.flush();
    CHECK(turns == 1);
    here.io.poll();
    CHECK(turns == 1);
}

TEST_CASE("what is long already leaves before more is read that would be added to it") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    ws_options options;
    options.outbox_bytes_max = 50'000;
    loopback here{over, options};
    const auto client = here.upgraded();
    const std::string page(30'000, 'x');
    here.events.on_text = [&](peer& from, std::string_view) { from.send(page); };

    client->send(frame_of(opcode::text, "said"));
    SECTION("by the owner's flush") {
        here.events.last->send(page);
        here.connected.flush();
    }
    SECTION("by a turn that comes before the flush that was asked for") {
        boost::asio::post(here.io, [&] { here.events.last->send(page); });
    }

    REQUIRE(here.until([&] { return heard(*client).size() == 2; }));
    CHECK(here.events.count("slow") == 0);
}

TEST_CASE("a peer that reads may be told more in one turn than the outbox holds") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    ws_options options;
    options.outbox_bytes_max = 50'000;
    loopback here{over, options};
    const auto client = here.upgraded();
    const frames pages{std::string(30'000, 'a'), std::string(30'000, 'b'),
                       std::string(30'000, 'c')};
    here.events.on_text = [&](peer& from, std::string_view) {
        for (const std::string& page : pages) {
            from.send(page);
        }
    };

    client->send(frame_of(opcode::text, "said"));

    REQUIRE(
        here.until([&] { return heard(*client).size() == 3 || here.events.count("slow") > 0; }));
    CHECK(heard(*client) == frames{"text:" + pages[0], "text:" + pages[1], "text:" + pages[2]});
    CHECK(here.events.count("slow") == 0);
    CHECK(here.events.last->outbox_bytes() == 0);
}

TEST_CASE("a message that is longer than the outbox is never sent") {
    ws_options options;
    options.outbox_bytes_max = 50'000;
    loopback here{over_tcp, options};
    const auto client = here.upgraded();
    here.events.on_text = [&](peer& from, std::string_view) {
        from.send("short");
        from.send(std::string(60'000, 'x'));
        from.send("after it");
    };

    client->send(frame_of(opcode::text, "said"));

    REQUIRE(here.until([&] { return heard(*client).size() == 2; }));
    CHECK(heard(*client) == frames{"text:short", "close:1008 slow"});
}

TEST_CASE("who doesn't read what one turn has for them is slow, and hears no torn frame") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded(4096);
    const std::string page(60'000, 'x');
    std::size_t most = 0;
    here.events.on_text = [&](peer& from, std::string_view) {
        for (int n = 0; n < 1000; ++n) {
            from.send(std::to_string(n) + page);
            most = std::max(most, from.outbox_bytes());
        }
    };
    here.events.on_trouble = [](peer& one, trouble_kind) { one.close(4001, "bye", {}); };

    client->send(frame_of(opcode::text, "said"));
    REQUIRE(here.until([&] { return here.events.count("slow") > 0; }));
    REQUIRE(here.until([&] { return client->read().received.ends_with("bye"); }));

    const auto all = heard(*client);
    REQUIRE(all.size() > 2);
    for (std::size_t n = 0; n + 1 < all.size(); ++n) {
        REQUIRE((all[n] == "text:" + std::to_string(n) + page));
    }
    CHECK(all.back() == "close:4001 bye");
    CHECK(here.events.count("slow") == 1);
    CHECK(most <= ws_options{}.outbox_bytes_max);
}

TEST_CASE("D21: a stalled reader costs its limit and no more, and is told as slow") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    here.events.on_trouble = [](peer& one, trouble_kind) { one.close(4001, "slow", "bye"); };
    const auto client = here.upgraded(4096);
    auto& to = *here.events.last;
    const std::string text(1000, 'x');

    int sent = 0;
    std::size_t most = 0;
    while (here.events.count("slow") == 0 && sent < 100'000) {
        to.send(text);
        most = std::max(most, to.outbox_bytes());
        ++sent;
        if (sent % 10 == 0) {
            here.settle();
        }
    }

    CHECK(here.events.count("slow") == 1);
    CHECK(most <= 256 * 1024);
    CHECK(to.outbox_bytes() <= 256 * 1024 + 100);  // the last words
    CHECK(here.connected.counted().stalled == 1);
    // Once it reads again nothing is missing, and the last words are the last.
    frames got;
    REQUIRE(here.until([&] {
        got = heard(*client);
        return !got.empty() && got.back() == "close:4001 slow";
    }));
    CHECK(got[got.size() - 2] == "text:bye");
    for (std::size_t i = 0; i + 2 < got.size(); ++i) {
        REQUIRE(got[i] == "text:" + text);
    }
}

TEST_CASE("a reader that takes nothing for ten seconds is slow, and is left after ten more") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    here.events.on_trouble = [](peer& one, trouble_kind) { one.close(4001, "slow", "bye"); };
    const auto client = here.upgraded(4096);
    auto& to = *here.events.last;
    // Fill the kernel's buffers, piece by piece, until something stays.
    do {
        to.send(std::string(60'000, 'x'));
        here.settle();
    } while (to.outbox_bytes() == 0);

    here.pass(9s);
    CHECK(here.events.count("slow") == 0);
    here.pass(2s);
    CHECK(here.events.count("slow") == 1);
    CHECK(here.connected.count() == 1);
    here.pass(11s);

    CHECK(here.events.count("closed") == 1);
    CHECK(here.connected.count() == 0);
}

TEST_CASE("drained paces a replay of any length") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded(4096);
    int pages = 0;
    here.events.on_drained = [&](peer& to) {
        if (++pages < 100) {
            to.send(std::string(30'000, 'p'));
        }
    };

    here.events.last->send(std::string(30'000, 'p'));

    REQUIRE(here.until([&] { return heard(*client).size() == 100; }));
    CHECK(here.events.count("slow") == 0);
    CHECK(pages == 100);
}

TEST_CASE("small sends that leave at once are not told as drained") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();
    here.events.last->send("small");
    REQUIRE(here.until([&] { return heard(*client).size() == 1; }));
    CHECK(here.events.count("drained") == 0);
}
