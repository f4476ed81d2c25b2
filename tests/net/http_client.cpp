#include "server/net/http_client.hpp"

#include "tests/net/loopback.hpp"
#include "tests/net/scripted_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <array>
#include <string>
#include <sys/socket.h>
#include <vector>

using namespace onechat;
using namespace onechat::net;
using namespace std::chrono_literals;

namespace {

using kind = http_outcome::kind;

http_routes echoing() {
    http_routes routes;
    const auto answer = [](const http_request& request) {
        http_answer said;
        said.content_type = "application/json";
        said.body = request.method + " " + request.path + "?" + request.query + " " + request.body;
        return said;
    };
    routes.add("GET", "/*", answer);
    routes.add("POST", "/*", answer);
    return routes;
}

// Somebody who calls, on the loop of the server that is called.
struct caller {
    explicit caller(loopback& where, const http_client_options& options = {},
                    tls_trust trust = {.ca_file = any_certificate().certificate_file()})
        : here(where), client(where.io, where.connected, std::move(trust), options) {}

    void call(http_call what) {
        client.call(std::move(what), [this](http_outcome met) { met_.push_back(std::move(met)); });
    }
    const http_outcome& answer(http_call what) {
        const auto before = met_.size();
        call(std::move(what));
        REQUIRE(met_.size() == before);
        REQUIRE(here.until([&] { return met_.size() > before; }));
        return met_.back();
    }

    loopback& here;
    http_client client;
    std::vector<http_outcome> met_;
};

http_call to(std::uint16_t port, std::string path = "/", way over = over_tcp) {
    return {.to = {.host = "127.0.0.1",
                   .port = port,
                   .path = std::move(path),
                   .secure = over == over_tls}};
}

http_places::found at_loopback(const std::vector<std::uint16_t>& ports) {
    http_places::found met;
    for (const auto port : ports) {
        met.addresses.emplace_back(boost::asio::ip::address_v4::loopback(), port);
    }
    return met;
}

// Listens, and lets nobody in: its queue is full, so that further connections get no answer at all.
class swallowing_port {
public:
    swallowing_port() {
        listening_.listen(0);
        const auto where = listening_.local_endpoint();
        for (auto& one : queue_) {
            one.open(boost::asio::ip::tcp::v4());
            one.native_non_blocking(true);
            // Asio's own waits for the outcome, which does not come for two minutes.
            static_cast<void>(
                ::connect(one.native_handle(), where.data(), static_cast<socklen_t>(where.size())));
        }
    }
    [[nodiscard]] std::uint16_t port() const { return listening_.local_endpoint().port(); }

private:
    boost::asio::io_context io_{1};
    boost::asio::ip::tcp::acceptor listening_{
        io_, {boost::asio::ip::address_v4::loopback(), 0}, false};
    std::array<boost::asio::ip::tcp::socket, 2> queue_{boost::asio::ip::tcp::socket{io_},
                                                       boost::asio::ip::tcp::socket{io_}};
};

}  // namespace

TEST_CASE("a call is answered, and the next one goes over the same connection") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over, {}, {}, echoing()};
    caller who{here};

    CHECK(who.answer(to(here.port(), "/a?b=c", over)).body == "GET /a?b=c ");
    auto post = to(here.port(), "/d", over);
    post.method = "POST";
    post.body = "{\"e\":1}";
    CHECK(who.answer(post).body == "POST /d? {\"e\":1}");

    CHECK(who.met_.back().status == 200);
    CHECK(who.client.counted().opened == 1);
    CHECK(who.client.counted().kept == 1);
    CHECK(here.listening_on.counted().connections == 1);
}

TEST_CASE("any status is an answer") {
    loopback here;
    caller who{here};

    const auto& met = who.answer(to(here.port(), "/nothing"));

    CHECK(met.what == kind::answered);
    CHECK(met.status == 404);
}

TEST_CASE("a coroutine gets the same answer") {
    loopback here{{}, {}, echoing()};
    caller who{here};
    std::string heard;
    const auto ask = [](http_client& client, http_call what, std::string& into) -> loop_task<void> {
        auto met = co_await client.fetch(std::move(what));
        into = met.body;
    };

    boost::asio::co_spawn(here.io, ask(who.client, to(here.port(), "/a"), heard),
                          boost::asio::detached);

    REQUIRE(here.until([&] { return !heard.empty(); }));
    CHECK(heard == "GET /a? ");
}

TEST_CASE("a kept connection that the server has closed is noticed, and the call goes elsewhere") {
    loopback here;
    scripted_server server{{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1",
                            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2"}};
    caller who{here};
    CHECK(who.answer(to(server.port())).body == "1");
    CHECK(who.client.counted().kept == 1);
    server.hang_up();

    CHECK(who.answer(to(server.port())).body == "2");

    CHECK(who.client.counted().opened == 2);
}

TEST_CASE("a kept connection that ends under a call is replaced once, if that does no harm") {
    const bool repeatable = GENERATE(true, false);
    loopback here;
    // The second request is read and not answered: nobody can tell whether it was acted upon.
    scripted_server server{
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1", scripted_server::hangs_up,
         "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n3"},
        scripted_server::many_on_a_connection};
    caller who{here};
    CHECK(who.answer(to(server.port())).body == "1");
    auto second = to(server.port());
    second.repeatable = repeatable;

    const auto& met = who.answer(second);

    if (repeatable) {
        CHECK(met.body == "3");
        CHECK(server.requests().size() == 3);
    } else {
        CHECK(met.what == kind::broken);
        CHECK(met.trouble == "went away before it answered");
        CHECK(server.requests().size() == 2);
    }
}

TEST_CASE("a new connection that ends without an answer is not tried again") {
    loopback here;
    scripted_server server{{scripted_server::hangs_up, "never sent"}};
    caller who{here};

    const auto& met = who.answer(to(server.port()));

    CHECK(met.what == kind::broken);
    CHECK(server.requests().size() == 1);
}

TEST_CASE("half an answer is none") {
    loopback here;
    scripted_server server{{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{"}};
    caller who{here};
    who.call(to(server.port()));
    REQUIRE(here.until([&] { return server.requests().size() == 1; }));
    server.hang_up();

    REQUIRE(here.until([&] { return who.met_.size() == 1; }));
    CHECK(who.met_.back().what == kind::broken);
    CHECK(who.met_.back().trouble == "went away in an answer");
}

TEST_CASE("an answer that is not HTTP or too big is refused, and its connection not kept") {
    const std::string text =
        GENERATE(std::string{"SSH-2.0-OpenSSH_9.2\r\n"},
                 "HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n" + std::string(65537, 'x'));
    loopback here;
    scripted_server server{{text}};
    caller who{here};

    const auto& met = who.answer(to(server.port()));

    CHECK(met.what == kind::malformed);
    CHECK(met.trouble == "answered with something that is no acceptable HTTP");
    CHECK(who.client.counted().kept == 0);
}

TEST_CASE("bytes that nobody asked for end the connection they came on") {
    loopback here;
    scripted_server server{{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 200 OK\r\n"}};
    caller who{here};

    CHECK(who.answer(to(server.port())).body == "1");

    CHECK(who.client.counted().kept == 0);
}

TEST_CASE("a call that is not answered ends at its deadline, and its connection with it") {
    loopback here;
    scripted_server server{{scripted_server::says_nothing}};
    caller who{here};
    auto patient = to(server.port());
    patient.time_max = 3s;
    who.call(patient);
    REQUIRE(here.until([&] { return server.requests().size() == 1; }));

    here.pass(2900ms);
    CHECK(who.met_.empty());
    here.pass(600ms);

    REQUIRE(who.met_.size() == 1);
    CHECK(who.met_.back().what == kind::timed_out);
    CHECK(who.met_.back().trouble == "did not answer in time");
    CHECK(here.until([&] { return who.client.counted().busy == 0; }));
    CHECK(who.client.counted().kept == 0);
}

TEST_CASE("calls beyond the connections of a host wait in line, those beyond the line hear so") {
    loopback here;
    scripted_server server{
        {scripted_server::says_nothing, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2"}};
    caller who{here};
    auto usual = to(server.port());
    usual.lane = {.connections_max = 1, .waiting_max = 2};
    auto slow = usual;
    slow.time_max = 1s;
    who.call(slow);
    REQUIRE(here.until([&] { return server.requests().size() == 1; }));

    who.call(usual);
    auto hasty = usual;
    hasty.time_max = 500ms;
    who.call(hasty);
    who.call(usual);
    here.settle();
    REQUIRE(who.met_.size() == 1);
    CHECK(who.met_[0].what == kind::crowded);
    CHECK(who.client.counted().waiting == 2);
    CHECK(who.client.counted().crowded == 1);

    // The hasty one's time is over while it waits; then there is room for another.
    here.pass(800ms);
    REQUIRE(who.met_.size() == 2);
    CHECK(who.met_[1].what == kind::crowded);
    CHECK(who.met_[1].waited == 500ms);
    CHECK_FALSE(who.met_[1].sent);

    here.pass(500ms);
    REQUIRE(here.until([&] { return who.met_.size() == 4; }));
    CHECK(who.met_[2].what == kind::timed_out);
    CHECK(who.met_[2].sent);
    CHECK(who.met_[3].body == "2");
    CHECK(who.met_[3].waited >= 1s);
    CHECK(who.client.counted().busy == 0);
    CHECK(who.client.counted().waiting == 0);
}

TEST_CASE("calls of one lane never wait for those of another") {
    loopback here{{}, {}, echoing()};
    scripted_server silent{{scripted_server::says_nothing}};
    caller who{here, {.resolve = [&](const std::string&, std::uint16_t port, const auto& finished) {
                   finished(at_loopback({port}));
               }}};
    auto check = to(silent.port());
    check.lane = {.name = "check", .connections_max = 1, .waiting_max = 1};
    who.call(check);
    who.call(check);
    who.call(check);
    REQUIRE(here.until([&] { return silent.requests().size() == 1 && who.met_.size() == 1; }));
    CHECK(who.met_[0].what == kind::crowded);
    CHECK(who.client.counted().waiting == 1);
    auto login = check;
    login.lane.name = "login";

    who.call(login);

    here.settle();
    CHECK(who.client.counted().waiting == 1);
    CHECK(who.client.counted().busy == 2);
    CHECK(who.met_.size() == 1);
}

TEST_CASE("an address that swallows everything has its share of the time, and is then the last") {
    loopback here{{}, {}, echoing()};
    const swallowing_port nobody;
    caller who{here, {.resolve = [&](const std::string&, std::uint16_t, const auto& finished) {
                   finished(at_loopback({nobody.port(), here.port()}));
               }}};
    auto call = to(here.port(), "/a");
    call.to.host = "api.example";
    call.time_max = 3s;

    who.call(call);
    here.settle();
    here.pass(1400ms);
    CHECK(who.met_.empty());
    here.pass(400ms);
    REQUIRE(here.until([&] { return who.met_.size() == 1; }));

    CHECK(who.met_[0].body == "GET /a? ");
    CHECK(who.client.counted().opened == 1);
    // Three more at once, so that kept connections don't serve them all: none waits for it again.
    for (int i = 0; i < 3; ++i) {
        who.call(call);
    }
    REQUIRE(here.until([&] { return who.met_.size() == 4; }));
    CHECK(who.met_[3].body == "GET /a? ");
}

TEST_CASE("connecting goes on when the call is over, so that the next one finds a connection") {
    loopback here{{}, {}, echoing()};
    const swallowing_port nobody;
    caller who{here, {.resolve = [&](const std::string&, std::uint16_t, const auto& finished) {
                   finished(at_loopback({nobody.port(), here.port()}));
               }}};
    auto hasty = to(here.port(), "/a");
    hasty.to.host = "api.example";
    hasty.time_max = 250ms;
    who.call(hasty);
    here.settle();

    here.pass(500ms);
    REQUIRE(who.met_.size() == 1);
    CHECK(who.met_[0].what == kind::timed_out);
    CHECK_FALSE(who.met_[0].sent);
    here.pass(500ms);
    REQUIRE(here.until([&] { return who.client.counted().kept == 1; }));

    CHECK(who.answer(hasty).body == "GET /a? ");
    CHECK(who.client.counted().opened == 1);
}

TEST_CASE("a name that is looked up for long keeps no place when its call is over") {
    loopback here;
    std::vector<http_places::answer> asked;
    caller who{here,
               {.resolve = [&](const std::string&, std::uint16_t, http_places::answer finished) {
                   asked.push_back(std::move(finished));
               }}};
    auto call = to(here.port());
    call.to.host = "api.example";
    call.time_max = 1s;
    call.lane.connections_max = 2;
    who.call(call);
    who.call(call);
    here.settle();
    CHECK(asked.size() == 1);
    CHECK(who.client.counted().busy == 2);

    here.pass(1500ms);
    REQUIRE(here.until([&] { return who.client.counted().busy == 0; }));

    REQUIRE(who.met_.size() == 2);
    CHECK(who.met_[0].what == kind::timed_out);
    who.call(call);
    here.settle();
    CHECK(asked.size() == 1);
    asked[0](at_loopback({here.port()}));
    REQUIRE(here.until([&] { return who.met_.size() == 3; }));
    CHECK(who.met_[2].what == kind::answered);
}

TEST_CASE("a connection is not kept for longer than its time") {
    loopback here;
    scripted_server server{{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1",
                            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2"}};
    caller who{here, {.keep_alive = 10s}};
    CHECK(who.answer(to(server.port())).body == "1");

    here.pass(11s);

    CHECK(who.answer(to(server.port())).body == "2");
    CHECK(who.client.counted().opened == 2);
}

TEST_CASE("over TLS only the host that was meant is talked to") {
    const test::certificate shown{{.name = "api.example"}};
    listener_options options;
    options.tls = std::make_shared<tls_context>(
        tls_context::files{shown.certificate_file(), shown.key_file()});
    loopback here{over_tls, {}, options, echoing()};
    const auto met = [&](tls_trust trust, const std::string& host) {
        caller who{here, {}, std::move(trust)};
        auto call = to(here.port(), "/", over_tls);
        call.to.host = host;
        const auto& answer = who.answer(call);
        return answer.what == kind::answered ? "answered" : answer.trouble;
    };

    CHECK(met({.ca_file = shown.certificate_file()}, "127.0.0.1") == "answered");
    CHECK(met({.more_file = shown.certificate_file()}, "127.0.0.1") == "answered");
    CHECK_THAT(met({}, "127.0.0.1"), Catch::Contains("not trusted: self-signed certificate"));
    CHECK_THAT(met({.more_file = shown.certificate_file()}, "localhost"),
               Catch::Contains("not trusted: hostname mismatch"));
    CHECK_THAT(met({.more_file = any_certificate().certificate_file()}, "127.0.0.1"),
               Catch::Contains("not trusted: self-signed certificate"));
    CHECK_THAT(met({.more_file = shown.file("none")}, "127.0.0.1"),
               Catch::Contains("none cannot be read: "));
}

TEST_CASE("nothing is said over a plain connection where TLS was meant") {
    loopback here{{}, {}, echoing()};
    caller who{here};

    const auto& met = who.answer(to(here.port(), "/?secret=1", over_tls));

    CHECK(met.what == kind::unreachable);
    CHECK(here.listening_on.counted().requests == 1);  // the handshake, read as one
    CHECK(met.trouble.find("secret") == std::string::npos);
}

TEST_CASE("nobody there is a sentence") {
    loopback here;
    caller who{here};
    const auto port = here.port();
    here.listening_on.stop_accepting();

    const auto& met = who.answer(to(port));

    CHECK(met.what == kind::unreachable);
    CHECK(met.trouble == "cannot be reached: Connection refused");
}

TEST_CASE("the client may go while it is called") {
    const auto over = GENERATE(over_tcp, over_tls);
    const int turns = GENERATE(0, 1, 2, 3, 5, 8);
    loopback here{over, {}, {}, echoing()};
    {
        caller who{here};
        auto one = to(here.port(), "/", over);
        one.lane.connections_max = 1;
        for (int i = 0; i < 3; ++i) {
            who.call(one);
        }
        for (int i = 0; i < turns; ++i) {
            here.io.poll_one();
        }
    }
    here.settle();
    here.pass(1min);
    SUCCEED();
}

TEST_CASE("a value for a query is encoded") {
    CHECK(percent_encoded("aZ09-._~") == "aZ09-._~");
    CHECK(percent_encoded("a b&c=d/\r\n+%") == "a%20b%26c%3Dd%2F%0D%0A%2B%25");
    CHECK(percent_encoded("\xE4\xB8\xAD") == "%E4%B8%AD");
}

TEST_CASE("URLs of HTTP are taken apart") {
    const auto plain = parse_http_url("http://127.0.0.1:8080/a");
    REQUIRE(plain.has_value());
    CHECK_FALSE(plain->secure);
    CHECK(plain->host_header() == "127.0.0.1:8080");
    const auto secure = parse_http_url("https://api.weixin.qq.com");
    REQUIRE(secure.has_value());
    CHECK(secure->port == 443);
    CHECK(secure->path == "/");
    CHECK(secure->host_header() == "api.weixin.qq.com");
    CHECK(parse_http_url("ws://a").has_error());
}
