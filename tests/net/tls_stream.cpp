#include "server/net/tls_stream.hpp"

#include "server/net/tls_connector.hpp"
#include "server/net/transport.hpp"
#include "tests/net/loopback.hpp"

#include <string>

using namespace onechat;
using namespace onechat::net;
using namespace std::chrono_literals;

namespace {

using outcome = transport::outcome;

// Both ends, over a pair of sockets whose buffers are as small as the kernel lets them be, or as
// large.
struct two_ends {
    explicit two_ends(int buffer_bytes = 1) {
        std::array<int, 2> pair{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair.data()) == 0);
        for (const int one : pair) {
            ::setsockopt(one, SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
        }
        const auto& shown = any_certificate();
        tls_context context{{shown.certificate_file(), shown.key_file()}};
        auto accepting = context.accepted();
        server_ssl = &accepting.native();
        server = transport{pair[0], std::move(accepting)};
        auto connecting = *tls_connector{{.anybody = true}}.towards("localhost");
        client_ssl = &connecting.native();
        client = transport{pair[1], std::move(connecting)};
    }
    ~two_ends() {
        server.close();
        client.close();
    }
    two_ends(const two_ends&) = delete;
    two_ends& operator=(const two_ends&) = delete;

    void shake_hands() {
        bool both = false;
        for (int i = 0; i < 100 && !both; ++i) {
            const bool one = client.handshake().what == outcome::moved;
            both = server.handshake().what == outcome::moved && one;
        }
        REQUIRE(both);
    }

    // The client does, in records of that size, which carry nothing else.
    void renew_keys(int times, std::size_t record_bytes = 1) {
        SSL_set_block_padding(client_ssl, record_bytes);
        for (int i = 0; i < times; ++i) {
            REQUIRE(SSL_key_update(client_ssl, SSL_KEY_UPDATE_NOT_REQUESTED) == 1);
            REQUIRE(client.handshake().what == outcome::moved);
        }
        SSL_set_block_padding(client_ssl, 1);
    }

    transport server;
    transport client;
    SSL* server_ssl = nullptr;
    SSL* client_ssl = nullptr;
};

// One end that writes all it has and reads all it can.
struct pump {
    transport& end;
    std::string left;
    std::string got;

    void turn(std::vector<char>& buffer) {
        if (!left.empty()) {
            // A moved buffer: OpenSSL must not mind.
            const std::string copy = left;
            const auto put = end.write(copy);
            REQUIRE(put.what != outcome::failed);
            left.erase(0, put.bytes);
        }
        const auto met = end.read(buffer);
        REQUIRE(met.what != outcome::failed);
        got.append(buffer.data(), met.bytes);
    }
};

std::string pattern(std::size_t size, unsigned seed) {
    std::string text(size, '\0');
    for (auto& c : text) {
        seed = seed * 1664525U + 1013904223U;
        c = static_cast<char>(seed >> 24);
    }
    return text;
}

// A client whose bytes go through the test's hands.
struct handled_client {
    explicit handled_client(loopback& at)
        : here(at), wire(at.port()), ssl(SSL_new(at.client_tls.get()), SSL_free) {
        SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(ssl.get());
    }

    // What it has to say on the wire.
    std::string said() {
        char* bytes = nullptr;
        const auto size = BIO_get_mem_data(SSL_get_wbio(ssl.get()), &bytes);
        std::string text{bytes, static_cast<std::size_t>(size)};
        (void)BIO_reset(SSL_get_wbio(ssl.get()));
        return text;
    }
    void drip(const std::string& bytes) {
        for (const char c : bytes) {
            wire.send_plainly({&c, 1});
            here.io.poll();
        }
    }
    // Takes in what has come and reads it.
    handled_client& hear() {
        wire.read();
        BIO_write(SSL_get_rbio(ssl.get()), wire.received.data(),
                  static_cast<int>(wire.received.size()));
        wire.received.clear();
        ERR_clear_error();
        std::array<char, 4096> bytes{};
        int got = 0;
        while ((got = SSL_read(ssl.get(), bytes.data(), static_cast<int>(bytes.size()))) > 0) {
            received.append(bytes.data(), static_cast<std::size_t>(got));
        }
        return *this;
    }
    std::string record_of(const std::string& text) {
        REQUIRE(SSL_write(ssl.get(), text.data(), static_cast<int>(text.size())) > 0);
        return said();
    }
    void upgrade() {
        REQUIRE(here.until([&] {
            hear();
            wire.send_plainly(said());
            return SSL_is_init_finished(ssl.get()) == 1;
        }));
        wire.send_plainly(record_of(upgrade_text));
        REQUIRE(here.until([&] { return here.events.count("opened") == 1; }));
    }

    loopback& here;
    raw_client wire;
    std::shared_ptr<SSL> ssl;
    std::string received;
};

}  // namespace

TEST_CASE("megabytes both ways at once arrive through the smallest buffers") {
    two_ends ends;
    ends.shake_hands();
    const auto up = pattern(3 << 20, 1);
    const auto down = pattern(2 << 20, 2);
    pump server{ends.server, down, {}};
    pump client{ends.client, up, {}};
    const auto size = GENERATE(as<std::size_t>{}, transport::read_bytes_min, 256 * 1024);
    std::vector<char> buffer(size);

    for (int i = 0; i < 100'000 && (server.got.size() < up.size() || !server.left.empty() ||
                                    client.got.size() < down.size() || !client.left.empty());
         ++i) {
        client.turn(buffer);
        server.turn(buffer);
    }

    CHECK((server.got == up));
    CHECK((client.got == down));
}

TEST_CASE("after a read nothing is left that the descriptor would not tell of") {
    two_ends ends;
    ends.shake_hands();
    const std::string text(100, 'x');
    std::vector<char> buffer(transport::read_bytes_min);
    std::size_t sent = 0;
    while (ends.client.write(text).what == outcome::moved) {
        sent += text.size();
    }
    std::size_t got = 0;
    for (;;) {
        const auto met = ends.server.read(buffer);
        got += met.bytes;
        if (met.what != outcome::moved || !met.more) {
            break;
        }
    }
    CHECK(got == sent);
}

TEST_CASE("an end is an end, with or without a close_notify") {
    two_ends ends;
    ends.shake_hands();
    std::vector<char> buffer(transport::read_bytes_min);
    REQUIRE(ends.client.write("last words").bytes == 10);

    SECTION("with it, in one packet with the last words") {
        ends.client.end_writing();
        const auto met = ends.server.read(buffer);
        CHECK(met.bytes == 10);
        CHECK(ends.server.read(buffer).what == outcome::ended);
        REQUIRE(ends.server.write("answer").bytes == 6);  // we may still answer
        CHECK(ends.client.read(buffer).bytes == 6);
    }
    SECTION("without it") {
        ::shutdown(ends.client.descriptor(), SHUT_WR);
        CHECK(ends.server.read(buffer).bytes == 10);
        CHECK(ends.server.read(buffer).what == outcome::ended);
        REQUIRE(ends.server.write("answer").bytes == 6);
    }
    SECTION("the other end has gone") {
        ends.client.close();
        CHECK(ends.server.read(buffer).bytes == 10);
        CHECK(ends.server.read(buffer).what == outcome::ended);
        CHECK(ends.server.write("answer").what == outcome::failed);
    }
}

TEST_CASE("new keys are taken now and then, but not without end") {
    two_ends ends;
    ends.shake_hands();
    std::vector<char> buffer(transport::read_bytes_min);
    for (int i = 0; i < 64; ++i) {
        ends.renew_keys(1);
        REQUIRE(ends.server.read(buffer).what == outcome::wants_read);
    }
    REQUIRE(ends.client.write("a text").bytes == 6);
    REQUIRE(ends.server.read(buffer).bytes == 6);

    SECTION("nothing else came") {
        ends.renew_keys(1);
        CHECK(ends.server.read(buffer).what == outcome::failed);
    }
    SECTION("behind a text, which still counts") {
        REQUIRE(ends.client.write("bye").bytes == 3);
        ends.renew_keys(1);
        const auto met = ends.server.read(buffer);
        CHECK(met.bytes == 3);
        CHECK(met.again);
    }
    const auto later = ends.server.read(buffer).what;
    CHECK((later == outcome::failed || later == outcome::ended));
}

TEST_CASE("what carries nothing is taken in shares, and what follows it is not forgotten") {
    two_ends ends{1 << 20};
    ends.shake_hands();
    ends.renew_keys(5, 16384);
    REQUIRE(ends.client.write("a text").bytes == 6);

    std::vector<char> buffer(transport::read_bytes_min);
    int shares = 0;
    auto met = ends.server.read(buffer);
    for (; met.what == outcome::wants_read && met.more; met = ends.server.read(buffer)) {
        ++shares;
    }
    CHECK(shares > 3);
    CHECK(met.bytes == 6);
}

TEST_CASE("a session comes back for what lies behind more of that than it takes at once") {
    two_ends ends{1 << 20};
    ends.shake_hands();
    boost::asio::io_context io{1};
    recorder events;
    connections connected{io};
    connected.adopt(std::exchange(ends.server, transport{}), role::server, events, {}, {});
    io.poll();
    ends.renew_keys(15, 16384);
    const auto text = frame_of(opcode::text, "behind all that");
    REQUIRE(ends.client.write(text).bytes == text.size());

    for (int i = 0; i < 100 && events.texts() == 0; ++i) {
        io.run_one_for(100ms);
    }
    CHECK(events.count("text:behind all that") == 1);
}

TEST_CASE("wishes to negotiate TLS 1.2 anew are refused, but not without end") {
    two_ends ends;
    SSL_set_max_proto_version(ends.client_ssl, TLS1_2_VERSION);
    SSL_clear_options(ends.server_ssl, SSL_OP_NO_RENEGOTIATION);
    ends.shake_hands();
    std::vector<char> buffer(transport::read_bytes_min);
    int taken = 0;
    auto met = outcome::wants_read;
    while (met == outcome::wants_read && taken < 1000) {
        REQUIRE(SSL_renegotiate(ends.server_ssl) == 1);
        REQUIRE(ends.server.handshake().what == outcome::moved);
        met = ends.client.read(buffer).what;
        ++taken;
        std::array<char, 4096> refusals{};
        ::recv(ends.server.descriptor(), refusals.data(), refusals.size(), 0);
    }
    CHECK(met == outcome::failed);
    CHECK(taken == 65);
}

TEST_CASE("errors that others left in OpenSSL's queue are not ours") {
    two_ends ends;
    ends.shake_hands();
    std::vector<char> buffer(transport::read_bytes_min);
    ERR_raise(ERR_LIB_USER, ERR_R_INTERNAL_ERROR);
    CHECK(ends.server.read(buffer).what == outcome::wants_read);
}

TEST_CASE("a handshake, a request and frames by single bytes are as good as whole") {
    loopback here{over_tls};
    handled_client client{here};
    REQUIRE(here.until([&] {
        client.hear();
        client.drip(client.said());
        return SSL_is_init_finished(client.ssl.get()) == 1;
    }));

    client.drip(client.record_of(upgrade_text));
    client.drip(client.record_of(frame_of(opcode::text, "drop by drop")));

    REQUIRE(here.until([&] { return here.events.count("text:drop by drop") == 1; }));
    CHECK(client.hear().received.starts_with("HTTP/1.1 101"));
}

TEST_CASE("what ends a stream in one packet with a text is seen at once") {
    loopback here{over_tls};
    handled_client client{here};
    client.upgrade();
    const auto text = client.record_of(frame_of(opcode::text, "last"));

    SECTION("a close_notify, while TCP stays open") {
        SSL_shutdown(client.ssl.get());
        client.wire.send_plainly(text + client.said());
    }
    SECTION("a record that nobody has encrypted") {
        client.wire.send_plainly(text + "garbage" + std::string(100, 'x'));
    }

    REQUIRE(here.until([&] { return here.connected.count() == 0; }));
    CHECK(here.events.notes == std::vector<std::string>{"opened", "text:last", "closed"});
}

TEST_CASE("what comes in one packet with the end of the handshake is not lost") {
    loopback here{over_tls};
    handled_client client{here};
    std::string last;
    REQUIRE(here.until([&] {
        client.hear();
        last = client.said();
        if (SSL_is_init_finished(client.ssl.get()) == 1) {
            return true;
        }
        client.wire.send_plainly(last);
        return false;
    }));

    last += client.record_of(upgrade_text);
    last += client.record_of(frame_of(opcode::text, "at"));
    last += client.record_of(frame_of(opcode::text, "once"));
    client.wire.send_plainly(last);

    REQUIRE(here.until([&] { return here.events.count("text:once") == 1; }));
    CHECK(here.events.notes == std::vector<std::string>{"opened", "text:at", "text:once"});
}

TEST_CASE("keys may change, also while the peer takes nothing") {
    ws_options wide;
    wide.outbox_bytes_max = 8 << 20;
    loopback here{over_tls, wide};
    const auto client = here.upgraded(4096);
    const auto ask = [&](const std::string& text) {
        REQUIRE(SSL_key_update(client->tls(), SSL_KEY_UPDATE_REQUESTED) == 1);
        client->send(frame_of(opcode::text, text));
    };
    ask("first");
    REQUIRE(here.until([&] { return here.events.count("text:first") == 1; }));
    std::size_t sent = 0;
    do {
        here.events.last->send(std::string(60'000, 'x'));
        here.settle();
        ++sent;
    } while (here.events.last->outbox_bytes() < 200'000);

    ask("second");
    client->send(frame_of(opcode::text, "third"));
    here.settle();
    here.events.last->send("end");
    ++sent;

    REQUIRE(here.until([&] { return frames_in(client->read().received).size() == sent; }));
    REQUIRE(here.until([&] { return here.events.count("text:third") == 1; }));
    CHECK(frames_in(client->received).back() == "text:end");
    CHECK(here.events.count("closed") == 0);
}

TEST_CASE("new keys are asked for while nothing can be written: heard now, answered later") {
    two_ends ends;
    ends.shake_hands();
    const int server = ends.server.descriptor();
    loopback here;
    here.connected.adopt(std::exchange(ends.server, {}), role::server, here.events, {}, {});
    std::vector<char> buffer(transport::read_bytes_min);
    REQUIRE(ends.client.read(buffer).what == outcome::wants_read);  // the ticket is out of the way
    const std::string junk(4096, 'j');  // which its reader does not get to see as TLS
    while (::send(server, junk.data(), junk.size(), MSG_DONTWAIT) > 0) {
    }

    REQUIRE(SSL_key_update(ends.client_ssl, SSL_KEY_UPDATE_REQUESTED) == 1);
    REQUIRE(ends.client.write(frame_of(opcode::text, "after it")).what == outcome::moved);
    REQUIRE(here.until([&] { return here.events.count("text:after it") == 1; }));
    here.events.last->send("answer");
    here.settle();
    CHECK(here.events.last->outbox_bytes() != 0);
    std::array<char, 4096> dropped{};
    while (::recv(ends.client.descriptor(), dropped.data(), dropped.size(), MSG_PEEK) > 0 &&
           dropped[0] == 'j') {
        REQUIRE(::recv(ends.client.descriptor(), dropped.data(), dropped.size(), 0) > 0);
    }

    std::string heard;
    CHECK(here.until([&] {
        const auto met = ends.client.read(buffer);
        heard.append(buffer.data(), met.bytes);
        return frames_in(heard) == std::vector<std::string>{"text:answer"};
    }));
}

TEST_CASE("a hundred thousand bytes each way through small buffers, in many shapes") {
    ws_options wide;
    wide.message.message_bytes_max = 1 << 20;
    wide.outbox_bytes_max = 8 << 20;
    const auto over = GENERATE(over_tcp, over_tls);
    loopback here{over, wide};
    here.events.on_text = [](peer& from, std::string_view text) { from.send(text); };
    const auto client = here.upgraded(4096);
    std::size_t count = 0;
    for (const std::size_t size : {1U, 16'383U, 16'384U, 16'385U, 40'000U, 100'000U, 300'000U}) {
        client->send(frame_of(opcode::text, std::string(size, 'y')));
        ++count;
    }

    REQUIRE(here.until([&] { return frames_in(client->read().received).size() == count; }));
    CHECK(frames_in(client->received).back() == "text:" + std::string(300'000, 'y'));
}
