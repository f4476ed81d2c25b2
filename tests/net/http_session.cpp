#include "server/net/http_session.hpp"

#include "tests/net/loopback.hpp"

#include <algorithm>
#include <memory>
#include <random>
#include <string>

using namespace onechat;
using namespace onechat::net;
using namespace std::chrono_literals;

namespace {

http_routes table() {
    http_routes routes;
    routes.add("GET", "/where", [](const http_request& request) {
        http_answer answer;
        answer.body =
            request.path + " " + request.query + " " + std::string{request.header("Host")};
        return answer;
    });
    return routes;
}

std::string upgrade_with(const std::string& lines, std::string text = upgrade_text) {
    return text.insert(text.find("Upgrade:"), lines);
}

// The status of the first answer to these bytes.
std::string status_of(loopback& here, const std::string& bytes) {
    raw_client client{here.port()};
    client.send(bytes);
    REQUIRE(
        here.until([&] { return client.read().received.find("\r\n\r\n") != std::string::npos; }));
    return client.received.substr(9, 3);
}

remote_address here_itself() {
    return remote_address::parse("127.0.0.1").value();
}

listener_options at_most(std::size_t connections, std::vector<std::string> proxies = {}) {
    listener_options options;
    options.connections_per_address = connections;
    options.trusted_proxies = std::move(proxies);
    return options;
}

}  // namespace

TEST_CASE("pages that are not listed may not connect, and everything that is no page may") {
    listener_options strict;
    strict.allow_origins = {"https://Chat.example", "http://localhost:8080"};
    loopback here{{}, strict, table()};
    const auto from = [&](const std::string& origin) {
        return status_of(here, upgrade_with("Origin: " + origin + "\r\n"));
    };

    CHECK(from("https://chat.example") == "101");
    CHECK(from("HTTPS://CHAT.EXAMPLE") == "101");
    CHECK(from("http://localhost:8080") == "101");
    CHECK(from("http://chat.example") == "403");
    CHECK(from("https://chat.example:8443") == "403");
    CHECK(from("https://chat.example.evil") == "403");
    CHECK(from("https://chat.example https://evil") == "403");
    CHECK(from("hTTp://") == "403");
    for (const auto* const odd : {"", "null", "file://", "wx1234", "chrome-extension://abc"}) {
        CHECK(from(odd) == "101");
    }
    CHECK(status_of(here, upgrade_text) == "101");
    CHECK(here.listening_on.counted().refused_origin == 5);
    // A page of ours may be read from anywhere: it holds nothing of anybody.
    CHECK(status_of(here, "GET /where HTTP/1.1\r\nHost: a\r\nOrigin: http://evil\r\n\r\n") ==
          "200");
}

TEST_CASE("a refused origin is told why, and the connection ends") {
    listener_options strict;
    strict.allow_origins = {"https://chat.example"};
    loopback here{{}, strict};
    raw_client client{here.port()};

    client.send(upgrade_with("Origin: https://evil\r\n") + upgrade_text);

    REQUIRE(here.until([&] { return client.read().ended; }));
    CHECK(client.received.starts_with("HTTP/1.1 403 Forbidden\r\n"));
    CHECK(client.received.ends_with("\r\n\r\norigin_not_allowed\n"));
    CHECK(here.events.notes.empty());
}

TEST_CASE("without a list every page may connect, but not two at once") {
    loopback here;
    CHECK(status_of(here, upgrade_with("Origin: https://anywhere\r\n")) == "101");
    CHECK(status_of(here, upgrade_with("Origin: https://a\r\nOrigin: https://a\r\n")) == "400");
}

TEST_CASE("a request in absolute form is served like its path") {
    loopback here{{}, {}, table()};
    raw_client client{here.port()};

    client.send(
        "GET http://b.example:80/where?x=y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    REQUIRE(here.until([&] { return client.read().ended; }));

    CHECK(client.received.starts_with("HTTP/1.1 200"));
    CHECK(client.received.ends_with("/where x=y b.example:80"));
    CHECK(status_of(here, "GET http://a/ws" + upgrade_text.substr(7)) == "101");
}

TEST_CASE("beyond the connections of an address 429 is said at once, and others come in") {
    loopback here{{}, at_most(3), table()};
    const auto upgraded = here.upgraded();
    auto plain = std::make_unique<raw_client>(here.port());
    const auto second = here.upgraded();
    REQUIRE(here.connected.addresses().count_of(here_itself()) == 3);

    raw_client surplus{here.port()};
    REQUIRE(here.until([&] { return surplus.read().ended; }));

    CHECK(surplus.received.starts_with("HTTP/1.1 429 Too Many Requests\r\n"));
    CHECK(surplus.received.find("Retry-After: 5\r\n") != std::string::npos);
    CHECK(surplus.received.ends_with("\r\n\r\ntoo_many_connections\n"));
    surplus.send(upgrade_text);  // too late, and no reset before the answer was read
    here.settle();
    CHECK_FALSE(surplus.read().reset);
    CHECK(here.events.count("opened") == 2);
    CHECK(here.listening_on.counted().refused_per_address == 1);

    raw_client elsewhere{here.port(), 0, "127.0.0.2"};
    elsewhere.send(upgrade_text);
    CHECK(here.until([&] { return here.events.count("opened") == 3; }));

    plain.reset();
    REQUIRE(here.until([&] { return here.connected.addresses().count_of(here_itself()) == 2; }));
    CHECK_NOTHROW(here.upgraded());
}

TEST_CASE("behind a trusted proxy its clients are counted, each at its upgrade") {
    loopback here{{}, at_most(2, {"127.0.0.1", "10.9.9.9"}), table()};
    const auto from = [&](const std::string& address) {
        auto client = std::make_unique<raw_client>(here.port());
        client->send(upgrade_with("X-Forwarded-For: " + address + "\r\n"));
        REQUIRE(here.until([&] { return client->read().received.size() > 12; }));
        return client;
    };
    std::vector<std::unique_ptr<raw_client>> kept;
    for (int i = 0; i < 5; ++i) {
        kept.push_back(std::make_unique<raw_client>(here.port()));  // the proxy's own
    }

    for (const auto* const address : {"192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "2001:db8::2",
                                      "192.0.2.2", "10.9.9.9", "10.9.9.9", "10.9.9.9"}) {
        kept.push_back(from(address));
        CHECK(kept.back()->received.starts_with("HTTP/1.1 101"));
    }
    const auto& counts = here.connected.addresses();
    CHECK(counts.networks_count() == 3);
    CHECK(from("192.0.2.1")->received.starts_with("HTTP/1.1 429"));
    CHECK(from("2001:db8::3")->received.starts_with("HTTP/1.1 429"));
    kept.clear();
    CHECK(here.until([&] { return counts.networks_count() == 0; }));
}

TEST_CASE("IPv4 that comes through an IPv6 socket is the same address") {
    auto options = at_most(1);
    options.address = "::";
    std::unique_ptr<loopback> here;
    try {
        here = std::make_unique<loopback>(ws_options{}, options);
    } catch (const std::runtime_error&) {
        return;  // this machine has no IPv6
    }
    const auto first = here->upgraded();

    CHECK(here->events.last_remote.to_string() == "127.0.0.1");
    CHECK(here->connected.addresses().count_of(here_itself()) == 1);
    raw_client second{here->port()};
    REQUIRE(here->until([&] { return second.read().ended; }));
    CHECK(second.received.starts_with("HTTP/1.1 429"));
}

TEST_CASE("the count per address is exact on every way in which a connection can end") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over, {}, at_most(100'000), table()};
    here.events.on_text = [](peer& one, std::string_view) { one.close(4000, "asked", "bye"); };
    std::mt19937 random{7};
    std::vector<std::unique_ptr<raw_client>> clients;
    const std::vector<std::string> openings{
        "",
        "GET /wh",
        "nonsense\r\n\r\n",
        "GET /where HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /where HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /ws HTTP/1.1\r\nHost: a\r\n\r\n",
        upgrade_text,
        upgrade_text + frame_of(opcode::text, "close me"),
        upgrade_text + frame_of(opcode::close, close_payload(1000)),
        upgrade_text + frame_of(opcode::binary, "violation"),
        upgrade_text + frame_of(opcode::text, "half").substr(0, 7),
    };
    const auto exact = [&] {
        return here.connected.addresses().count_of(here_itself()) ==
               here.listening_on.http_count() + here.connected.count();
    };

    for (int step = 0; step < 3000; ++step) {
        const auto chance = random() % 100;
        if (chance < 55) {
            const auto& opening = openings[random() % openings.size()];
            if (over == over_tls && random() % 3 != 0) {
                clients.push_back(std::make_unique<raw_client>(here.newcomer()));
                clients.back()->send(opening);
            } else {
                clients.push_back(std::make_unique<raw_client>(here.port()));
                clients.back()->send(opening);  // over TLS never right
            }
            if (over == over_tls && random() % 3 == 0) {
                clients.push_back(std::make_unique<raw_client>(here.port()));
                clients.back()->begin_tls(*here.client_tls);
                CHECK_FALSE(clients.back()->shake_hands());  // and no further
            }
        } else if (chance < 97 && !clients.empty()) {
            auto& one = clients[random() % clients.size()];
            if (random() % 2 == 0) {
                one->reset_on_close();
            }
            std::swap(one, clients.back());
            clients.pop_back();
        } else if (chance == 97) {
            here.pass(11s);
        }
        if (random() % 3 == 0) {
            here.settle();
            REQUIRE(exact());
        }
    }
    CHECK(here.listening_on.counted().upgrades > 400);
    clients.clear();

    REQUIRE(here.until([&] { return here.connected.addresses().networks_count() == 0; }));
    CHECK(here.listening_on.http_count() + here.connected.count() == 0);
}

TEST_CASE("what came to nothing is counted by its kind") {
    loopback here{{}, {}, table()};
    raw_client slow{here.port()};
    slow.send("GET ");
    CHECK(status_of(here, "GET /where HTTP/1.1\r\nHost: a\r\n\r\n") == "200");
    CHECK(status_of(here, "GET /none HTTP/1.1\r\nHost: a\r\n\r\n") == "404");
    CHECK(status_of(here, "nonsense\r\n\r\n") == "400");
    const auto upgraded = here.upgraded();
    here.settle();
    here.pass(11s);
    REQUIRE(here.until([&] { return slow.read().ended; }));

    const auto& counted = here.listening_on.counted();
    CHECK(counted.connections == 5);
    CHECK(counted.requests == 4);
    CHECK(counted.refusals == 2);
    CHECK(counted.upgrades == 1);
    CHECK(counted.slow_heads == 1);
}

TEST_CASE("plain HTTP on a TLS port is told what is missing") {
    loopback here{over_tls, {}, {}, table()};
    for (const auto& request : {upgrade_text, std::string{"OPTIONS * HTTP/1.1\r\n\r\n"},
                                std::string{"get / HTTP/1.1\r\nHost: a\r\n\r\n"}}) {
        raw_client client{here.port()};
        client.send(request + upgrade_text);
        REQUIRE(here.until([&] { return client.read().ended; }));
        CHECK(client.received.starts_with("HTTP/1.1 400 Bad Request\r\n"));
        CHECK(client.received.ends_with("\r\n\r\ntls_required\n"));
        CHECK_FALSE(client.reset);
    }
    CHECK(here.events.notes.empty());
    CHECK(here.listening_on.counted().tls_failed == 0);
}

TEST_CASE("what is neither HTTP nor TLS is closed, and nobody else minds") {
    loopback here{over_tls, {}, {}, table()};
    std::mt19937 random{3};
    std::string noise(3000, '\0');
    std::generate(noise.begin(), noise.end(), [&] { return static_cast<char>(random()); });
    const std::vector<std::string> openings{
        std::string(100, '\0'),
        "\x16\x03\x01" + noise,
        std::string{"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", 10},  // a hello of one byte
        "\xFF" + noise,
        std::string{"\x15\x03\x01\x00\x02\x02\x28", 7},  // an alert
        std::string{"\x17\x03\x03\x00\x03"
                    "abc",
                    8},  // data before any hello
    };
    for (const auto& opening : openings) {
        raw_client client{here.port()};
        client.send(opening);
        REQUIRE(here.until([&] { return client.read().ended; }));
        CHECK(client.received.find("HTTP") == std::string::npos);
    }
    CHECK(here.listening_on.counted().tls_failed == openings.size());
    CHECK(here.listening_on.http_count() == 0);
    CHECK_NOTHROW(here.upgraded());
}

TEST_CASE("a handshake and the header behind it share one deadline") {
    loopback here{over_tls};
    raw_client silent{here.port()};
    raw_client half{here.port()};
    half.send(std::string{"\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03", 11});
    raw_client late{here.port()};
    REQUIRE(here.until([&] { return here.listening_on.http_count() == 3; }));

    here.pass(8s);
    late.begin_tls(*here.client_tls);
    REQUIRE(here.until([&] { return late.shake_hands(); }));
    late.send("GET / HT");
    here.settle();
    CHECK(here.listening_on.http_count() == 3);
    here.pass(3s);

    REQUIRE(
        here.until([&] { return silent.read().ended && half.read().ended && late.read().ended; }));
    CHECK(here.listening_on.http_count() == 0);
    CHECK(here.listening_on.counted().slow_heads == 3);
    CHECK(here.listening_on.counted().tls_failed == 0);
}

TEST_CASE("one too many of an address is closed before a handshake is spent on it") {
    loopback here{over_tls, {}, at_most(1), table()};
    const auto first = here.upgraded();

    raw_client surplus{here.port()};

    REQUIRE(here.until([&] { return surplus.read().ended; }));
    CHECK(surplus.received.empty());
    CHECK(here.listening_on.counted().refused_per_address == 1);
    CHECK(here.listening_on.http_count() == 0);
}

TEST_CASE("a request whose sender ends without a close_notify is answered, with one from us") {
    loopback here{over_tls, {}, {}, table()};
    auto client = here.newcomer();
    client.send("GET /where HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    ::shutdown(client.descriptor(), SHUT_WR);

    REQUIRE(here.until([&] { return client.read().ended; }));
    CHECK(client.received.starts_with("HTTP/1.1 200"));
    CHECK_FALSE(client.abrupt);
    CHECK(here.until([&] { return here.listening_on.http_count() == 0; }));
}
