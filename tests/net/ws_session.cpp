#include "server/net/ws_session.hpp"

#include "tests/net/loopback.hpp"

#include <string>

using namespace onechat;
using namespace onechat::net;
using namespace std::chrono_literals;

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
