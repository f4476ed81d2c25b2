#include "server/net/listener.hpp"

#include "tests/net/loopback.hpp"

#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace onechat;
using namespace onechat::net;
using namespace std::chrono_literals;

namespace {

http_routes table() {
    http_routes routes;
    routes.add("GET", "/healthz", [](const http_request&) {
        http_answer answer;
        answer.body = "ok";
        return answer;
    });
    routes.add("POST", "/echo", [](const http_request& request) {
        http_answer answer;
        answer.body = request.body;
        return answer;
    });
    return routes;
}

std::string get(const std::string& target, const std::string& more = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + more + "\r\n";
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    text.replace(text.find(what), what.size(), with);
    return text;
}

std::size_t answers_in(const std::string& text) {
    std::size_t count = 0;
    for (auto at = text.find("HTTP/1.1 "); at != std::string::npos;
         at = text.find("HTTP/1.1 ", at + 1)) {
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("the exact answer to each request") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    struct row {
        const char* what;
        std::string bytes;
        std::string status;
        bool closes;
    };
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    const std::vector<row> rows{
        {"a resource", get("/healthz"), "200", false},
        {"no such path", get("/nothing"), "404", false},
        {"wrong method", replaced(get("/healthz"), "GET", "PUT"), "405", false},
        {"no upgrade", get("/ws"), "426", true},
        {"wrong version", replaced(upgrade_text, "Version: 13", "Version: 8"), "426", true},
        {"bad key", replaced(upgrade_text, "dGhl", "d!hl"), "400", true},
        {"POST", replaced(upgrade_text, "GET", "POST"), "400", true},
        {"HTTP/1.0", replaced(upgrade_text, "HTTP/1.1", "HTTP/1.0"), "400", true},
        {"no Host", replaced(get("/healthz"), "Host: a\r\n", ""), "400", true},
        {"encoding", get("/healthz", chunked), "501", true},
        {"both", get("/healthz", chunked + "Content-Length: 3\r\n"), "400", true},
        {"token", get("/ws?token=secret"), "400", true},
        {"long target", get("/" + std::string(3000, 'a')), "414", true},
        {"long header", get("/", "X: " + std::string(9000, 'a') + "\r\n"), "431", true},
        {"big body", replaced(get("/echo", "Content-Length: 65537\r\n"), "GET", "POST"), "413",
         true},
        {"body on upgrade", replaced(upgrade_text, "Host: a", "Host: a\r\nContent-Length: 1"),
         "400", true},
    };
    for (const auto& row : rows) {
        INFO(row.what);
        loopback here{over, {}, {}, table()};
        auto client = here.newcomer();

        client.send(row.bytes + get("/healthz"));  // a second request, pipelined

        REQUIRE(here.until([&] {
            client.read();
            return row.closes ? client.ended : answers_in(client.received) == 2;
        }));
        CHECK(client.received.starts_with("HTTP/1.1 " + row.status));
        CHECK(answers_in(client.received) == (row.closes ? 1 : 2));
        CHECK(client.received.find("X-Content-Type-Options: nosniff\r\n") != std::string::npos);
        CHECK(client.received.find("Server:") == std::string::npos);
        CHECK(client.received.find("secret") == std::string::npos);
        CHECK_FALSE(client.reset);
        CHECK(here.events.notes.empty());
    }
}

TEST_CASE("HEAD is GET without its body") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over, {}, {}, table()};
    auto client = here.newcomer();

    client.send(replaced(get("/healthz", "Connection: close\r\n"), "GET", "HEAD"));

    REQUIRE(here.until([&] { return client.read().ended; }));
    CHECK(client.received.starts_with("HTTP/1.1 200"));
    CHECK(client.received.find("Content-Length: 2\r\n") != std::string::npos);
    CHECK(client.received.ends_with("\r\n\r\n"));
}

TEST_CASE("a body is handed to its resource, and the next request follows") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over, {}, {}, table()};
    auto client = here.newcomer();

    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    REQUIRE(here.until([&] { return client.read().received == "HTTP/1.1 100 Continue\r\n\r\n"; }));
    client.received.clear();
    client.send("hel");
    client.send("lo" + get("/healthz", "Connection: close\r\n"));

    REQUIRE(here.until([&] { return client.read().ended; }));
    CHECK(client.received.find("\r\n\r\nhelloHTTP/1.1 200") != std::string::npos);
    CHECK(client.received.ends_with("\r\n\r\nok"));
}

TEST_CASE("the subprotocol is echoed") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    auto client = here.newcomer();
    client.send(replaced(upgrade_text, "Host: a",
                         "Host: a\r\nSec-WebSocket-Protocol: x, onechat.v1\r\n"
                         "Sec-WebSocket-Extensions: permessage-deflate"));

    REQUIRE(here.until([&] { return here.events.count("opened") == 1; }));
    client.read();
    CHECK(client.received.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
    CHECK(client.received.find("Sec-WebSocket-Protocol: onechat.v1\r\n") != std::string::npos);
    CHECK(client.received.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") !=
          std::string::npos);
    CHECK(client.received.find("Extensions") == std::string::npos);
}

TEST_CASE("a request by single bytes is a request") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over, {}, {}, table()};
    auto client = here.newcomer();
    for (const char c : get("/healthz")) {
        client.send({&c, 1});
        here.settle();
    }
    REQUIRE(here.until([&] { return client.read().received.ends_with("ok"); }));
}

TEST_CASE("a slow header and a silent connection are closed") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over, {}, {}, table()};
    auto silent = here.newcomer();
    auto slow = here.newcomer();
    auto kept = here.newcomer();
    slow.send("GET / HT");
    kept.send(get("/healthz"));
    REQUIRE(here.until([&] {
        return kept.read().received.ends_with("ok") && here.listening_on.http_count() == 3;
    }));
    here.settle();

    here.pass(9s);
    CHECK(here.listening_on.http_count() == 3);
    here.pass(2s);
    REQUIRE(here.until([&] { return silent.read().ended && slow.read().ended; }));
    CHECK_FALSE(kept.read().ended);
    here.pass(20s);

    CHECK(here.until([&] { return kept.read().ended; }));
    CHECK(here.until([&] { return here.listening_on.http_count() == 0; }));
}

TEST_CASE("a draining listener sends newcomers away and ends what it keeps") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over, {}, {}, table()};
    here.listening_on.drain();
    auto upgrading = here.newcomer();
    auto plain = here.newcomer();

    upgrading.send(upgrade_text);
    plain.send(get("/healthz"));

    REQUIRE(here.until([&] { return upgrading.read().ended && plain.read().ended; }));
    CHECK(upgrading.received.starts_with("HTTP/1.1 503"));
    CHECK(upgrading.received.find("Retry-After: 5\r\n") != std::string::npos);
    CHECK(plain.received.starts_with("HTTP/1.1 200"));
}

TEST_CASE("a full server answers 503, and again 101 when one has left") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    listener_options two;
    two.connections_max = 2;
    loopback here{over, {}, two};
    const auto first = here.upgraded();
    auto second = here.upgraded();
    auto third = here.newcomer();

    third.send(upgrade_text);
    REQUIRE(here.until([&] { return third.read().ended; }));
    CHECK(third.received.starts_with("HTTP/1.1 503"));
    CHECK(third.received.find("Retry-After: 5\r\n") != std::string::npos);
    CHECK(here.listening_on.counted().refused_full == 1);
    third.end_writing();
    second.reset();
    REQUIRE(here.until(
        [&] { return here.connected.count() == 1 && here.listening_on.http_count() == 0; }));

    CHECK_NOTHROW(here.upgraded());
}

TEST_CASE("beyond the connections that are allowed newcomers are closed at once, and counted") {
    listener_options two;
    two.http_connections_max = 2;
    loopback here{over_tcp, {}, two};
    auto first = here.newcomer();
    auto second = here.newcomer();
    REQUIRE(here.until([&] { return here.listening_on.http_count() == 2; }));

    auto third = here.newcomer();

    REQUIRE(here.until([&] { return third.read().ended; }));
    CHECK(third.received.empty());
    CHECK(here.listening_on.counted().refused_full == 1);
    first.send(get("/healthz"));
    CHECK(here.until([&] { return !first.read().received.empty(); }));
}

TEST_CASE("a full server tells so many newcomers at once, and closes the others") {
    listener_options one;
    one.connections_max = 1;
    one.refused_max = 2;
    loopback here{over_tcp, {}, one};
    const auto inside = here.upgraded();
    auto told = here.newcomer();
    auto told_too = here.newcomer();
    REQUIRE(here.until([&] { return here.listening_on.http_count() == 2; }));

    auto surplus = here.newcomer();

    REQUIRE(here.until([&] { return surplus.read().ended; }));
    CHECK(surplus.received.empty());
    CHECK(here.listening_on.counted().refused_full == 1);
    told.send(upgrade_text);
    CHECK(here.until([&] { return told.read().received.starts_with("HTTP/1.1 503"); }));
}

TEST_CASE("a listener with connections of its own doesn't care how full the others are") {
    loopback here;
    listener_options own;
    own.http_connections_max = 1;
    own.connections_max = 1;
    own.refused_max = 0;
    own.websocket_path.clear();
    const listener operators{here.io, here.connected, own, {}, nullptr};
    const auto inside = here.upgraded();

    raw_client one{operators.local_port()};
    one.send(get("/healthz"));

    CHECK(here.until([&] { return one.read().received.starts_with("HTTP/1.1 404"); }));
}

TEST_CASE("admission may refuse") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    listener_options asked;
    asked.admission = [](const http_request& request) -> std::optional<http_answer> {
        if (request.header("Origin") == "http://evil") {
            return http_answer::refusal(403, "origin");
        }
        return std::nullopt;
    };
    loopback here{over, {}, asked};
    auto client = here.newcomer();

    client.send(replaced(upgrade_text, "Host: a", "Host: a\r\nOrigin: http://evil"));

    REQUIRE(here.until([&] { return client.read().ended; }));
    CHECK(client.received.starts_with("HTTP/1.1 403"));
    CHECK_NOTHROW(here.upgraded());
}

TEST_CASE("a socket that listens already is accepted from, and stays with whoever gave it") {
    const int given = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(given, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
    REQUIRE(::listen(given, 8) == 0);
    listener_options passed;
    passed.address = "not looked at";
    {
        passed.socket = ::fcntl(given, F_DUPFD_CLOEXEC, 0);
        loopback first{over_tcp, {}, passed};
        CHECK_NOTHROW(first.upgraded());
        first.listening_on.stop_accepting();
    }
    passed.socket = ::fcntl(given, F_DUPFD_CLOEXEC, 0);
    loopback second{over_tcp, {}, passed};

    CHECK_NOTHROW(second.upgraded());

    ::close(given);
}

TEST_CASE("what was passed on and does not listen is refused with a sentence") {
    for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
        listener_options passed;
        passed.socket = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);

        CHECK_THROWS_WITH((loopback{over_tcp, {}, passed}),
                          Catch::Contains("not a listening TCP socket"));
        ::close(passed.socket);
    }
}

TEST_CASE("a trusted proxy's word is believed, as far as it has seen itself") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    listener_options behind;
    behind.trusted_proxies = {"127.0.0.1", "10.0.0.1"};
    loopback here{over, {}, behind};
    auto client = here.newcomer();

    client.send(replaced(upgrade_text, "Host: a",
                         "Host: a\r\nX-Forwarded-For: 6.6.6.6, 192.0.2.9, 10.0.0.1"));

    REQUIRE(here.until([&] { return here.events.count("opened") == 1; }));
    CHECK(here.events.last_remote.to_string() == "192.0.2.9");
}

TEST_CASE("nobody else's word is believed") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    auto client = here.newcomer();
    client.send(replaced(upgrade_text, "Host: a", "Host: a\r\nX-Forwarded-For: 192.0.2.9"));
    REQUIRE(here.until([&] { return here.events.count("opened") == 1; }));
    CHECK(here.events.last_remote.to_string() == "127.0.0.1");
}

TEST_CASE("an answer may come later, or too late") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    http_routes routes;
    http_respond pending;
    routes.add_deferred("GET", "/later",
                        [&](const http_request&, http_respond respond) { pending = respond; });
    listener_options hasty;
    hasty.deferred_time_max = 50ms;
    hasty.too_late = http_answer::refusal(503, "why so late");
    loopback here{over, {}, hasty, routes};

    SECTION("later") {
        auto client = here.newcomer();
        client.send(get("/later"));
        REQUIRE(here.until([&] { return pending != nullptr; }));
        http_answer answer;
        answer.body = "now";
        pending(answer);
        CHECK(here.until([&] { return client.read().received.ends_with("now"); }));
    }
    SECTION("too late") {
        auto client = here.newcomer();
        client.send(get("/later"));
        REQUIRE(here.until([&] { return client.read().ended; }));
        CHECK(client.received.starts_with("HTTP/1.1 503"));
        CHECK(client.received.find("why so late") != std::string::npos);
        pending({});
    }
    SECTION("too late for the client") {
        {
            auto client = here.newcomer();
            client.send(get("/later"));
            REQUIRE(here.until([&] { return pending != nullptr; }));
        }
        here.settle();
        pending({});
        here.settle();
    }
}

TEST_CASE("without descriptors newcomers wait, and are served when there are some again") {
    listener_options patient;
    patient.descriptors_retry = 5ms;
    loopback here{{}, patient, table()};
    raw_client client{here.port()};
    rlimit limits{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &limits) == 0);
    rlimit none = limits;
    none.rlim_cur = 3;

    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    client.send(get("/healthz"));
    std::size_t handlers = 0;
    const auto end = std::chrono::steady_clock::now() + 50ms;
    while (std::chrono::steady_clock::now() < end) {
        handlers += here.io.run_one_for(1ms);
    }
    const auto before = client.read().received;
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limits) == 0);

    CHECK(before.empty());
    CHECK(handlers < 100);  // it does not spin
    CHECK(here.until([&] { return client.read().received.ends_with("ok"); }));
}

TEST_CASE("a port in use is a sentence") {
    loopback here;
    listener_options same;
    same.port = here.port();
    CHECK_THROWS_WITH(listener(here.io, here.connected, same, {}, &here.events),
                      Catch::Contains("cannot listen on 127.0.0.1:") && Catch::Contains("in use"));
    same.address = "nowhere";
    CHECK_THROWS_WITH(listener(here.io, here.connected, same, {}, &here.events),
                      Catch::Contains("not an IP address"));
}

TEST_CASE("a listener may go before its connections do") {
    boost::asio::io_context io{1};
    recorder events;
    connections connected{io};
    auto listening =
        std::make_unique<listener>(io, connected, listener_options{}, table(), &events);
    raw_client waiting{listening->local_port()};
    raw_client upgraded{listening->local_port()};
    waiting.send("GET /hea");
    upgraded.send(upgrade_text);
    while (events.count("opened") == 0) {
        io.run_one();
    }

    listening.reset();
    io.poll();

    CHECK(waiting.read().ended);
    CHECK_FALSE(upgraded.read().ended);
    CHECK(connected.count() == 1);
}

TEST_CASE("everything may go at once") {
    auto here = std::make_unique<loopback>();
    const auto one = here->upgraded();
    raw_client other{here->port()};
    other.send("GET ");
    here->settle();
    here->events.last->send("unsent");
    here.reset();
    SUCCEED();
}
