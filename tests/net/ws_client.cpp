#include "server/net/ws_client.hpp"

#include "tests/net/loopback.hpp"

#include <string>

using namespace onechat;
using namespace onechat::net;
using namespace std::chrono_literals;

namespace {

ws_url url_to(std::uint16_t port, std::string path = "/ws", way over = over_tcp) {
    return {
        {.host = "127.0.0.1", .port = port, .path = std::move(path), .secure = over == over_tls}};
}

struct client_side {
    explicit client_side(loopback& here, const ws_options& options = {},
                         tls_trust trust = {.anybody = true})
        : connected(here.io, options, [&here] { return here.now; }),
          connecting(here.io, connected, 10s, std::move(trust)) {}

    void connect(const ws_url& url, const std::string& subprotocol = "onechat.v1") {
        connecting.connect(url, subprotocol, events,
                           [this](const std::string& why) { failures.push_back(why); });
    }

    recorder events;
    frames failures;
    connections connected;
    ws_client connecting;
};

}  // namespace

TEST_CASE("URLs are taken apart, and wrong ones explained") {
    const auto plain = ws_url::parse("ws://example.org");
    REQUIRE(plain.has_value());
    CHECK(plain->host == "example.org");
    CHECK(plain->port == 80);
    CHECK(plain->path == "/");
    const auto full = ws_url::parse("ws://127.0.0.1:8080/a/ws?b=c");
    REQUIRE(full.has_value());
    CHECK(full->port == 8080);
    CHECK(full->path == "/a/ws?b=c");
    const auto v6 = ws_url::parse("ws://[::1]:90?x");
    REQUIRE(v6.has_value());
    CHECK(v6->host == "::1");
    CHECK(v6->path == "/?x");
    CHECK(v6->authority() == "[::1]:90");
    CHECK_FALSE(v6->secure);
    const auto secure = ws_url::parse("wss://example.org/ws");
    REQUIRE(secure.has_value());
    CHECK(secure->secure);
    CHECK(secure->port == 443);
    CHECK(secure->host == "example.org");

    for (const auto* const text : {"", "http://a", "wss://", "WSS://a", "ws://", "ws://:80",
                                   "ws://a:", "ws://a:0", "ws://a:65536", "ws://a:8x", "ws://[::1",
                                   "ws://[::1]x", "ws://u@a", "ws://a/#b", "ws://a/ b"}) {
        INFO(text);
        const auto bad = ws_url::parse(text);
        REQUIRE(bad.has_error());
        CHECK_FALSE(bad.error().sentence.empty());
    }
}

TEST_CASE("a client and a server talk, both from this folder") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    here.events.on_opened = [](peer& one) { one.send("welcome"); };
    here.events.on_text = [](peer& from, std::string_view text) {
        from.send("you said " + std::string{text});
    };
    client_side there{here};
    there.events.on_opened = [](peer& one) { one.send("hello"); };

    there.connect(url_to(here.port(), "/ws", over));

    REQUIRE(here.until([&] { return there.events.count("text:you said hello") == 1; }));
    CHECK(there.events.notes == frames{"opened", "text:welcome", "text:you said hello"});
    CHECK(there.events.last_remote.port == here.port());

    there.events.last->close(1000, "done", "last");
    REQUIRE(here.until([&] { return there.events.count("closed") == 1; }));
    REQUIRE(
        here.until([&] { return here.connected.count() == 0 && there.connected.count() == 0; }));
    CHECK(here.events.notes == frames{"opened", "text:hello", "text:last", "closed"});
}

TEST_CASE("the server's close reaches the client, and both are done") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    client_side there{here};
    there.connect(url_to(here.port(), "/ws", over));
    REQUIRE(here.until([&] { return there.events.count("opened") == 1; }));

    here.events.last->close(4000, "restarting", "bye");

    REQUIRE(
        here.until([&] { return here.connected.count() == 0 && there.connected.count() == 0; }));
    CHECK(there.events.notes == frames{"opened", "text:bye", "closed"});
    CHECK(here.events.notes == frames{"opened", "closed"});
}

TEST_CASE("large and many messages survive the way there and back") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    ws_options wide;
    wide.message.message_bytes_max = 1 << 20;
    wide.outbox_bytes_max = 8 << 20;
    loopback here{over, wide};
    here.events.on_text = [](peer& from, std::string_view text) { from.send(text); };
    client_side there{here, wide};
    there.connect(url_to(here.port(), "/ws", over));
    REQUIRE(here.until([&] { return there.events.count("opened") == 1; }));

    frames expected;
    for (std::size_t size : {0UL, 1UL, 125UL, 126UL, 65535UL, 65536UL, 500'000UL, 1UL << 20}) {
        const std::string text(size, static_cast<char>('a' + size % 26));
        there.events.last->send(text);
        expected.push_back("text:" + text);
    }

    REQUIRE(here.until([&] { return there.events.texts() == expected.size(); }));
    std::erase(there.events.notes, "opened");
    std::erase(there.events.notes, "drained");
    CHECK((there.events.notes == expected));
}

TEST_CASE("a hundred clients connect at once") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    client_side there{here};
    for (int i = 0; i < 100; ++i) {
        there.connect(url_to(here.port(), "/ws", over));
    }
    CHECK(there.events.notes.empty());
    REQUIRE(here.until([&] { return there.events.count("opened") == 100; }));
    CHECK(there.failures.empty());
    CHECK(here.connected.count() == 100);
}

TEST_CASE("failures are sentences") {
    loopback here;
    client_side there{here};
    const auto failure = [&] {
        REQUIRE(here.until([&] { return there.failures.size() == 1; }));
        return there.failures.back();
    };

    SECTION("nobody listens") {
        const auto port = here.port();
        here.listening_on.stop_accepting();
        there.connect(url_to(port));
        CHECK_THAT(failure(), Catch::Contains("cannot be reached: Connection refused"));
    }
    SECTION("the path is wrong") {
        there.connect(url_to(here.port(), "/nothing"));
        CHECK_THAT(failure(), Catch::Contains("refused the upgrade with status 404"));
    }
    SECTION("the subprotocol is unknown") {
        there.connect(url_to(here.port()), "other");
        CHECK_THAT(failure(), Catch::Contains("does not speak other"));
    }
    SECTION("no subprotocol is fine") {
        there.connect(url_to(here.port()), "");
        CHECK(here.until([&] { return there.events.count("opened") == 1; }));
    }
    CHECK(there.connected.count() == there.events.peers.size());
}

TEST_CASE("a server that says nothing is given up") {
    loopback here;
    client_side there{here};
    const int silent = ::socket(AF_INET, SOCK_STREAM, 0);
    REQUIRE(::listen(silent, 1) == 0);
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    sockaddr generic{};
    REQUIRE(::getsockname(silent, &generic, &size) == 0);
    std::memcpy(&bound, &generic, sizeof bound);
    there.connect(url_to(ntohs(bound.sin_port)));
    here.settle();

    here.now += 11s;
    there.connected.check_deadlines();

    REQUIRE(here.until([&] { return there.failures.size() == 1; }));
    CHECK_THAT(there.failures.back(), Catch::Contains("did not answer in time"));
    ::close(silent);
}

TEST_CASE("a client may go while it connects") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    {
        client_side there{here};
        there.connect(url_to(here.port(), "/ws", over));
        here.io.poll_one();
        here.io.poll_one();
    }
    here.settle();
    SUCCEED();
}

TEST_CASE("over TLS the server is who its certificate says, or nobody is talked to") {
    const test::certificate shown{{.name = "chat.example"}};
    listener_options options;
    options.tls = std::make_shared<tls_context>(
        tls_context::files{shown.certificate_file(), shown.key_file()});
    loopback here{over_tls, {}, options};
    const auto answer = [&](tls_trust trust, const std::string& host) -> std::string {
        client_side there{here, {}, std::move(trust)};
        auto url = url_to(here.port(), "/ws", over_tls);
        url.host = host;
        there.connect(url);
        REQUIRE(
            here.until([&] { return there.events.last != nullptr || !there.failures.empty(); }));
        return there.failures.empty() ? "connected" : there.failures.front();
    };
    const tls_trust known{.ca_file = shown.certificate_file()};

    CHECK(answer(known, "127.0.0.1") == "connected");
    CHECK(answer({.anybody = true}, "localhost") == "connected");
    CHECK_THAT(answer({}, "127.0.0.1"), Catch::Contains("not trusted: self-signed certificate"));
    CHECK_THAT(answer(known, "localhost"), Catch::Contains("not trusted: hostname mismatch"));
    CHECK_THAT(answer({.ca_file = any_certificate().certificate_file()}, "127.0.0.1"),
               Catch::Contains("not trusted: self-signed certificate"));
    CHECK_THAT(answer({.ca_file = shown.file("none")}, "127.0.0.1"),
               Catch::Contains("none cannot be read: "));
}

TEST_CASE("an expired certificate is refused, and the sentence says so") {
    const test::certificate old{{.begins = -86400, .ends = -3600}};
    listener_options options;
    options.tls =
        std::make_shared<tls_context>(tls_context::files{old.certificate_file(), old.key_file()});
    loopback here{over_tls, {}, options};
    client_side there{here, {}, {.ca_file = old.certificate_file()}};

    there.connect(url_to(here.port(), "/ws", over_tls));

    REQUIRE(here.until([&] { return there.failures.size() == 1; }));
    CHECK_THAT(there.failures.back(), Catch::Contains("certificate has expired"));
}

TEST_CASE("who takes ws for wss, or the other way round, is told") {
    loopback without;
    client_side there{without};
    there.connect(url_to(without.port(), "/ws", over_tls));
    REQUIRE(without.until([&] { return there.failures.size() == 1; }));
    CHECK_THAT(there.failures.back(), Catch::Contains("could not agree on TLS: wrong version"));

    loopback with{over_tls};
    client_side other{with};
    other.connect(url_to(with.port()));
    REQUIRE(with.until([&] { return other.failures.size() == 1; }));
    CHECK_THAT(other.failures.back(), Catch::Contains("refused the upgrade with status 400"));
}
