#include "server/net/ws_session.hpp"

#include "tests/net/loopback.hpp"

#include <boost/asio/post.hpp>

#include <string>

using namespace onechat;
using namespace onechat::net;
using namespace std::chrono_literals;

namespace {

using frames = std::vector<std::string>;

frames heard(raw_client& client) {
    return frames_in(client.read().received);
}

}  // namespace

TEST_CASE("texts go both ways") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    here.events.on_text = [](peer& from, std::string_view text) {
        from.send("you said " + std::string{text});
    };
    const auto client = here.upgraded();

    client->send(frame_of(opcode::text, "hi") + frame_of(opcode::text, "\u4f60\u597d"));

    REQUIRE(here.until([&] { return heard(*client).size() == 2; }));
    CHECK(heard(*client) == frames{"text:you said hi", "text:you said \u4f60\u597d"});
    CHECK(here.events.notes == frames{"opened", "text:hi", "text:\u4f60\u597d"});
    CHECK(here.events.last_remote.to_string() == "127.0.0.1");
    CHECK(here.connected.count() == 1);
}

TEST_CASE("what came with the upgrade request is not lost") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    auto client = here.newcomer();

    client.send(upgrade_text + frame_of(opcode::text, "early") +
                frame_of(opcode::text, "half").substr(0, 5));
    REQUIRE(here.until([&] { return here.events.count("text:early") == 1; }));
    client.send(frame_of(opcode::text, "half").substr(5));

    REQUIRE(here.until([&] { return here.events.count("text:half") == 1; }));
    CHECK(here.events.notes.front() == "opened");
}

TEST_CASE("what is sent when it opens comes before anything else") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    here.events.on_opened = [](peer& one) { one.send("welcome"); };
    const auto client = here.upgraded();

    REQUIRE(here.until([&] { return heard(*client).size() == 1; }));
    CHECK(heard(*client) == frames{"text:welcome"});
}

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

TEST_CASE("a ping is answered with what it carried") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();

    client->send(frame_of(opcode::ping, "abc"));

    REQUIRE(here.until([&] { return !heard(*client).empty(); }));
    CHECK(heard(*client) == frames{"pong:abc"});
}

TEST_CASE("the peer's close is answered with its code and the stream is ended") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();

    client->send(frame_of(opcode::text, "last") +
                 frame_of(opcode::close, close_payload(1001, "bye")) +
                 frame_of(opcode::text, "after"));

    REQUIRE(here.until([&] { return client->read().ended; }));
    CHECK(heard(*client) == frames{"close:1001 "});
    CHECK_FALSE(client->reset);
    CHECK_FALSE(client->abrupt);
    CHECK(here.events.notes == frames{"opened", "text:last", "closed"});
    client->end_writing();
    CHECK(here.until([&] { return here.connected.count() == 0; }));
}

TEST_CASE("a close and the end of the stream in one packet are still answered") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();

    client->send(frame_of(opcode::close, ""));
    client->end_writing();

    REQUIRE(here.until([&] { return client->read().ended; }));
    CHECK(heard(*client) == frames{"close:"});
    CHECK_FALSE(client->reset);
    CHECK(here.until([&] { return here.connected.count() == 0; }));
}

TEST_CASE("our close says its last words, waits for the answer and then ends") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    here.events.on_text = [](peer& from, std::string_view) {
        from.close(4500, "replaced", "bye");
        from.send("too late");
    };
    const auto client = here.upgraded();

    client->send(frame_of(opcode::text, "a") + frame_of(opcode::text, "dropped"));
    REQUIRE(here.until([&] { return heard(*client).size() == 2; }));
    CHECK(heard(*client) == frames{"text:bye", "close:4500 replaced"});
    CHECK(here.events.count("closed") == 0);

    client->send(frame_of(opcode::text, "dropped too") +
                 frame_of(opcode::close, close_payload(4500)));
    REQUIRE(here.until([&] { return client->read().ended; }));
    CHECK(here.events.notes == frames{"opened", "text:a", "closed"});
    CHECK(heard(*client).size() == 2);
    CHECK_FALSE(client->reset);
}

TEST_CASE("a peer that does not answer our close is left after five seconds") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();

    here.events.last->close(1000, "", "");
    REQUIRE(here.until([&] { return heard(*client).size() == 1; }));
    here.pass(4s);
    CHECK(here.events.count("closed") == 0);
    here.pass(2s);

    CHECK(here.events.count("closed") == 1);
    CHECK(here.connected.count() == 0);
    CHECK(here.until([&] { return client->read().ended; }));
}

TEST_CASE("a peer that keeps its half open is left after the linger time") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();

    client->send(frame_of(opcode::close, close_payload(1000)));
    REQUIRE(here.until([&] { return client->read().ended; }));
    CHECK(here.connected.count() == 1);
    here.pass(3s);

    CHECK(here.connected.count() == 0);
}

TEST_CASE("a connection may close another, and itself, from any call") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    peer* older = nullptr;
    here.events.on_opened = [&](peer& one) {
        if (older != nullptr) {
            older->close(4500, "replaced", "bye");
        }
        older = &one;
    };
    const auto first = here.upgraded();
    const auto second = here.upgraded();

    REQUIRE(here.until([&] { return heard(*first).size() == 2; }));
    CHECK(heard(*first) == frames{"text:bye", "close:4500 replaced"});
    CHECK(heard(*second).empty());

    here.events.on_opened = [](peer& one) { one.close(4004, "busy", "sorry"); };
    const auto third = here.upgraded();
    REQUIRE(here.until([&] { return heard(*third).size() == 2; }));
    CHECK(heard(*third) == frames{"text:sorry", "close:4004 busy"});
}

TEST_CASE("a lost connection is told once") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    auto client = here.upgraded();

    client.reset();

    REQUIRE(here.until([&] { return here.connected.count() == 0; }));
    CHECK(here.events.notes == frames{"opened", "closed"});
}

TEST_CASE("violations are answered with their code, then the stream ends without a reset") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    struct row {
        std::string bytes;
        std::string close;
    };
    frame_header header{.payload_bytes = std::uint64_t{1} << 40, .masked = true};
    std::string huge(frame_header_max, '\0');
    huge.resize(write_header(huge.data(), header));
    const std::vector<row> rows{
        {frame_of(opcode::text, "a", true, false), "close:1002"},
        {frame_of(opcode::binary, "a"), "close:1003"},
        {frame_of(opcode::text, "\xFF"), "close:1007"},
        {huge + std::string(1000, 'x'), "close:1009"},
    };
    for (const auto& row : rows) {
        loopback here{over};
        const auto client = here.upgraded();

        client->send(row.bytes);

        REQUIRE(here.until([&] { return client->read().ended; }));
        CHECK(heard(*client).size() == 1);
        CHECK(heard(*client).front().starts_with(row.close));
        CHECK_FALSE(client->reset);
        CHECK(here.events.notes == frames{"opened", "closed"});
        const auto& counted = here.connected.counted();
        CHECK(counted.violations + counted.too_big + counted.too_much == 1);
        CHECK((counted.too_big == 1) == row.close.ends_with("1009"));
    }
}

TEST_CASE("a message that takes too long is a violation") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();

    client->send(frame_of(opcode::text, "never complete").substr(0, 8));
    REQUIRE(here.until([&] { return here.connected.counted().bytes_received > 0; }));
    here.pass(9s);
    CHECK(heard(*client).empty());
    here.pass(2s);

    REQUIRE(here.until([&] { return client->read().ended; }));
    CHECK(heard(*client) == frames{"close:1008 message took too long"});
}

TEST_CASE("silence is pinged, and told when it lasts") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    here.events.on_trouble = [](peer& one, trouble_kind) { one.close(4002, "idle", "bye"); };
    const auto client = here.upgraded();

    here.pass(24s);
    CHECK(heard(*client).empty());
    here.pass(2s);
    REQUIRE(here.until([&] { return heard(*client) == frames{"ping:"}; }));
    here.pass(25s);
    REQUIRE(here.until([&] { return heard(*client) == frames{"ping:", "ping:"}; }));
    CHECK(here.events.count("idle") == 0);
    here.pass(25s);

    REQUIRE(here.until([&] { return heard(*client).size() == 4; }));
    CHECK(heard(*client) == frames{"ping:", "ping:", "text:bye", "close:4002 idle"});
    CHECK(here.events.count("idle") == 1);
}

TEST_CASE("whoever answers pings is never idle, and answering is no flood") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();

    for (int i = 0; i < 30; ++i) {
        here.pass(26s);
        REQUIRE(here.until([&] { return heard(*client) == frames{"ping:"}; }));
        client->received.clear();
        const auto before = here.connected.counted().reads;
        client->send(frame_of(opcode::pong, ""));
        REQUIRE(here.until([&] { return here.connected.counted().reads > before; }));
    }
    CHECK(here.events.notes == frames{"opened"});
}

TEST_CASE("a handler that does not answer trouble loses the connection") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();

    here.pass(80s);

    REQUIRE(here.until([&] { return heard(*client).size() == 1; }));
    CHECK(heard(*client) == frames{"close:1008 idle"});
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

TEST_CASE("a flood from one does not silence another") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto loud = here.upgraded();
    const auto quiet = here.upgraded();
    std::string flood;
    while (flood.size() < 100'000) {
        flood += frame_of(opcode::text, "x");
    }
    loud->send(flood);
    quiet->send(frame_of(opcode::text, "heard"));

    REQUIRE(here.until([&] { return here.events.count("text:heard") == 1; }));
}

TEST_CASE("an idle session is small") {
    CHECK(sizeof(ws_session) <= 176);
}
