// http_session behind proxies that say whom they forward: in a PROXY header, or in X-Forwarded-For.
#include "server/net/http_session.hpp"
#include "tests/net/loopback.hpp"
#include "tests/net/proxy_words.hpp"

#include <string>

using namespace onechat::net;
using namespace onechat::test;
using namespace std::chrono_literals;

namespace {

const std::string line_of_1 = "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n";

listener_options behind(std::vector<std::string> proxies, bool proxy_protocol = true) {
    listener_options options;
    options.trusted_proxies = std::move(proxies);
    options.proxy_protocol = proxy_protocol;
    return options;
}

// Connects, says this before all else, shakes hands where that is the way, and asks for the
// upgrade.
std::unique_ptr<raw_client> forwarded(loopback& here, const std::string& header) {
    auto client = std::make_unique<raw_client>(here.port());
    client->send_plainly(header);
    if (here.client_tls) {
        client->begin_tls(*here.client_tls);
        REQUIRE(here.until([&] { return client->shake_hands(); }));
    }
    client->send(upgrade_text);
    return client;
}

std::string client_seen(loopback& here) {
    return here.events.last_remote.to_string() + " " + std::to_string(here.events.last_remote.port);
}

}  // namespace

TEST_CASE("the client is whom the PROXY header names, in both versions and ways") {
    const auto over = GENERATE(over_tcp, over_tls);
    const auto header = GENERATE(as<std::string>{}, line_of_1, proxy_2("192.0.2.1", 4711));
    INFO(over);
    loopback here{over, {}, behind({"127.0.0.0/8"})};

    const auto client = forwarded(here, header);

    REQUIRE(here.until([&] { return here.events.count("opened") == 1; }));
    CHECK(client_seen(here) == "192.0.2.1 4711");
    client->send(frame_of(opcode::text, "hello"));
    CHECK(here.until([&] { return here.events.count("text:hello") == 1; }));
}

TEST_CASE("a PROXY header may come byte by byte, or in one piece with what follows") {
    const auto header = GENERATE(as<std::string>{}, line_of_1, proxy_2("192.0.2.1", 4711));
    loopback here{{}, behind({"127.0.0.1"})};
    raw_client slow{here.port()};
    for (const char byte : header) {
        slow.send(std::string{byte});
        here.settle();
    }
    slow.send(upgrade_text);
    REQUIRE(here.until([&] { return here.events.count("opened") == 1; }));
    CHECK(client_seen(here) == "192.0.2.1 4711");

    raw_client quick{here.port()};
    quick.send(header + upgrade_text + frame_of(opcode::text, "early"));

    CHECK(here.until([&] { return here.events.count("text:early") == 1; }));
}

TEST_CASE("a proxy that speaks for itself is its own client") {
    const auto over = GENERATE(over_tcp, over_tls);
    const auto header =
        GENERATE(as<std::string>{}, std::string{"PROXY UNKNOWN\r\n"}, proxy_2_local());
    INFO(over);
    loopback here{over, {}, behind({"127.0.0.1"})};

    const auto client = forwarded(here, header);

    REQUIRE(here.until([&] { return here.events.count("opened") == 1; }));
    CHECK(here.events.last_remote.to_string() == "127.0.0.1");
}

TEST_CASE("whoever is no trusted proxy is refused where only those may come") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over, {}, behind({"10.0.0.0/8"})};
    raw_client client{here.port()};
    client.send_plainly(line_of_1);

    REQUIRE(here.until([&] { return client.read().ended; }));

    if (over == over_tcp) {
        CHECK(client.received.starts_with("HTTP/1.1 403"));
        CHECK(client.received.ends_with("\r\n\r\nproxy_required\n"));
    } else {
        CHECK(client.received.empty());
    }
    CHECK(here.listening_on.counted().refused_strangers == 1);
    CHECK(here.events.count("opened") == 0);
}

TEST_CASE("a trusted proxy without its header is refused, and one that breaks it") {
    const auto over = GENERATE(over_tcp, over_tls);
    const auto said = GENERATE(as<std::string>{}, upgrade_text, std::string{"\x16\x03\x01\x02\x00"},
                               proxy_2_of(0x21, 0x12, std::string(12, 'x')));
    INFO(over);
    loopback here{over, {}, behind({"127.0.0.1"})};
    raw_client client{here.port()};
    client.send_plainly(said);

    REQUIRE(here.until([&] { return client.read().ended; }));

    if (over == over_tcp) {
        CHECK(client.received.starts_with("HTTP/1.1 400"));
        CHECK(client.received.ends_with("\r\n\r\nbad_proxy_header\n"));
    } else {
        CHECK(client.received.empty());
    }
    CHECK(here.listening_on.counted().bad_proxy_headers == 1);
}

TEST_CASE("a PROXY header has the time of the handshake") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over, {}, behind({"127.0.0.1"})};
    raw_client client{here.port()};
    client.send_plainly(line_of_1.substr(0, 20));
    here.settle();

    here.pass(9s);
    CHECK_FALSE(client.read().ended);
    here.pass(2s);

    CHECK(here.until([&] { return client.read().ended; }));
    CHECK(client.received.empty());
    CHECK(here.listening_on.counted().slow_heads == 1);
}

TEST_CASE("behind a proxy clients are counted by what the PROXY header says, from it on") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    auto options = behind({"127.0.0.1"});
    options.connections_per_address = 2;
    loopback here{over, {}, options};
    // Two customers of one /64 share its room.
    raw_client waits{here.port()};
    waits.send_plainly(proxy_2("2001:db8::1", 1));
    raw_client waits_too{here.port()};
    waits_too.send_plainly(proxy_2("2001:db8::ffff", 1));
    const auto& counts = here.connected.addresses();
    REQUIRE(here.until(
        [&] { return counts.count_of(remote_address::parse("2001:db8::").value()) == 2; }));

    raw_client surplus{here.port()};
    surplus.send_plainly(proxy_2("2001:db8::2", 1));
    REQUIRE(here.until([&] { return surplus.read().ended; }));

    CHECK(surplus.received.starts_with("HTTP/1.1 429") == (over == over_tcp));
    CHECK(here.listening_on.counted().refused_per_address == 1);
    const auto elsewhere = forwarded(here, proxy_2("2001:db8:0:1::1", 1));
    CHECK(here.until([&] { return here.events.count("opened") == 1; }));
    CHECK(counts.count_of(remote_address::parse("127.0.0.1").value()) == 0);
}

TEST_CASE("whom a PROXY header names is believed about nobody else") {
    loopback here{{}, behind({"127.0.0.1"})};
    auto asked = upgrade_text;
    asked.insert(asked.find("Upgrade:"), "X-Forwarded-For: 6.6.6.6\r\n");
    raw_client client{here.port()};
    client.send(line_of_1 + asked);

    REQUIRE(here.until([&] { return here.events.count("opened") == 1; }));

    CHECK(here.events.last_remote.to_string() == "192.0.2.1");
}

TEST_CASE("of a trusted proxy behind another X-Forwarded-For is read") {
    loopback here{{}, behind({"127.0.0.1", "192.0.2.0/24"})};
    auto asked = upgrade_text;
    asked.insert(asked.find("Upgrade:"), "X-Forwarded-For: 203.0.113.5\r\n");
    raw_client client{here.port()};
    client.send(line_of_1 + asked);

    REQUIRE(here.until([&] { return here.events.count("opened") == 1; }));

    CHECK(here.events.last_remote.to_string() == "203.0.113.5");
}

TEST_CASE("without the PROXY protocol its header is no request") {
    loopback here{{}, behind({"127.0.0.1"}, false)};
    raw_client client{here.port()};
    client.send(line_of_1 + upgrade_text);

    REQUIRE(here.until([&] { return client.read().ended; }));

    CHECK(client.received.starts_with("HTTP/1.1 400"));
}

TEST_CASE("a proxy whose word is no address is told so, and not by its client's fault") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over, {}, behind({"127.0.0.0/8"}, false)};
    auto asked = upgrade_text;
    asked.insert(asked.find("Upgrade:"), "X-Forwarded-For: 192.0.2.1, unknown\r\n");
    auto client = here.newcomer();
    client.send(asked);

    REQUIRE(here.until([&] { return client.read().ended; }));

    CHECK(client.received.starts_with("HTTP/1.1 400"));
    CHECK(client.received.ends_with("bad_forwarded_for\n"));
    CHECK(here.listening_on.counted().bad_forwarded_for == 1);
    auto spoofed = upgrade_text;
    spoofed.insert(spoofed.find("Upgrade:"), "X-Forwarded-For: unknown, 192.0.2.1\r\n");
    auto other = here.newcomer();
    other.send(spoofed);
    REQUIRE(here.until([&] { return here.events.count("opened") == 1; }));
    CHECK(here.events.last_remote.to_string() == "192.0.2.1");
}
