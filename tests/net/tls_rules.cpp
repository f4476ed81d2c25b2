#include "server/net/tls_rules.hpp"

#include "tests/net/loopback.hpp"

#include <string>

using namespace onechat;
using namespace onechat::net;

namespace {

using settings_ptr = std::shared_ptr<SSL_CTX>;

settings_ptr speaking(int version, const std::string& ciphers = {}) {
    auto made = test_client_tls();
    SSL_CTX_set_security_level(made.get(), 0);  // what it asks for is ours to refuse, not its own
    SSL_CTX_set_min_proto_version(made.get(), version);
    SSL_CTX_set_max_proto_version(made.get(), version);
    if (!ciphers.empty()) {
        REQUIRE(SSL_CTX_set_cipher_list(made.get(), ciphers.c_str()) == 1);
    }
    return made;
}

settings_ptr offering(const std::string& protocols) {
    auto made = test_client_tls();
    std::vector<unsigned char> bytes{protocols.begin(), protocols.end()};
    SSL_CTX_set_alpn_protos(made.get(), bytes.data(), static_cast<unsigned>(bytes.size()));
    return made;
}

// "TLSv1.3 TLS_AES_128_GCM_SHA256", or why they did not agree.
std::string agreed(loopback& here, raw_client& client) {
    int error = SSL_ERROR_NONE;
    REQUIRE(here.until([&] {
        ERR_clear_error();
        const int done = SSL_do_handshake(client.tls());
        error = done == 1 ? SSL_ERROR_NONE : SSL_get_error(client.tls(), done);
        return error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
    }));
    if (error != SSL_ERROR_NONE) {
        const char* const why = ERR_reason_error_string(ERR_peek_error());
        return why != nullptr ? why : "cut off";
    }
    return std::string{SSL_get_version(client.tls())} + " " + SSL_get_cipher(client.tls());
}

std::string agreed(loopback& here, const settings_ptr& settings) {
    raw_client client{here.port()};
    client.begin_tls(*settings);
    return agreed(here, client);
}

listener_options with_rsa() {
    const test::certificate rsa{{.rsa = true}};
    listener_options options;
    options.tls =
        std::make_shared<tls_context>(tls_context::files{rsa.certificate_file(), rsa.key_file()});
    return options;
}

// What a client that has been here may come back with.
std::shared_ptr<SSL_SESSION> session_with(loopback& here) {
    const auto client = here.upgraded();
    here.events.last->send("after the ticket");
    REQUIRE(here.until([&] { return !client->read().received.empty(); }));
    const std::shared_ptr<SSL_SESSION> session{SSL_get1_session(client->tls()), SSL_SESSION_free};
    CHECK(SSL_session_reused(client->tls()) == 0);
    REQUIRE(SSL_SESSION_has_ticket(session.get()) == 1);
    client->end_writing();  // else OpenSSL's client forgets the session
    return session;
}

raw_client coming_with(loopback& here, const std::shared_ptr<SSL_SESSION>& session) {
    raw_client client{here.port()};
    client.begin_tls(*here.client_tls);
    SSL_set_session(client.tls(), session.get());
    REQUIRE(here.until([&] { return client.shake_hands(); }));
    return client;
}

}  // namespace

TEST_CASE("TLS 1.2 and 1.3 are spoken, nothing older") {
    loopback here{over_tls};
    const std::string any = "ALL:@SECLEVEL=0";

    CHECK(agreed(here, speaking(TLS1_3_VERSION)) == "TLSv1.3 TLS_AES_128_GCM_SHA256");
    CHECK(agreed(here, speaking(TLS1_2_VERSION)) == "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256");
    CHECK_THAT(agreed(here, speaking(TLS1_1_VERSION, any)), Catch::Contains("protocol version"));
    CHECK_THAT(agreed(here, speaking(TLS1_VERSION, any)), Catch::Contains("protocol version"));
    CHECK(here.listening_on.counted().tls_failed == 2);
    CHECK(here.until([&] { return here.listening_on.http_count() == 0; }));
}

TEST_CASE("without forward secrecy or AEAD there is no agreement") {
    loopback here{over_tls, {}, with_rsa()};
    const auto with = [&](const std::string& ciphers) {
        return agreed(here, speaking(TLS1_2_VERSION, ciphers + ":@SECLEVEL=0"));
    };

    CHECK(with("ECDHE-RSA-AES256-GCM-SHA384") == "TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384");
    CHECK(with("ECDHE-RSA-CHACHA20-POLY1305") == "TLSv1.2 ECDHE-RSA-CHACHA20-POLY1305");
    for (const auto* const weak :
         {"ECDHE-RSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA", "AES128-GCM-SHA256", "AES256-SHA",
          "DHE-RSA-AES128-GCM-SHA256", "AECDH-AES128-SHA"}) {
        INFO(weak);
        CHECK_THAT(with(weak), Catch::Contains("handshake failure"));
    }
}

TEST_CASE("the server chooses the cipher, but leaves ChaCha20 to who prefers it") {
    loopback here{over_tls};
    const auto with = [&](const std::string& ciphers) {
        return agreed(here, speaking(TLS1_2_VERSION, ciphers));
    };
    CHECK(with("ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256") ==
          "TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256");
    CHECK(with("ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256") ==
          "TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305");
}

TEST_CASE("three curves are known, however the client guessed") {
    loopback here{over_tls};
    const auto with = [&](const char* groups) {
        auto made = test_client_tls();
        REQUIRE(SSL_CTX_set1_groups_list(made.get(), groups) == 1);
        return agreed(here, made);
    };
    for (const auto* const known : {"X25519", "P-256", "P-384", "P-521:P-384"}) {
        CHECK_THAT(with(known), Catch::StartsWith("TLSv1.3"));
    }
    CHECK_THAT(with("P-521"), Catch::Contains("handshake failure"));
}

TEST_CASE("HTTP/1.1 is the one protocol, for those who name any") {
    loopback here{over_tls};
    raw_client client{here.port()};
    client.begin_tls(*offering("\x02h2\x08http/1.1"));
    CHECK_THAT(agreed(here, client), Catch::StartsWith("TLSv1.3"));
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(client.tls(), &chosen, &size);
    CHECK(std::string(chosen, chosen + size) == "http/1.1");

    CHECK_THAT(agreed(here, offering("\x02h2")), Catch::Contains("no application protocol"));
}

TEST_CASE("a session is resumed from its ticket, without early data") {
    loopback here{over_tls};
    const auto version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    here.client_tls = speaking(version);
    const auto session = session_with(here);
    CHECK(SSL_SESSION_get_max_early_data(session.get()) == 0);

    auto second = coming_with(here, session);

    CHECK(SSL_session_reused(second.tls()) == 1);
    second.send(upgrade_text);
    CHECK(here.until([&] { return here.events.count("opened") == 2; }));
}

TEST_CASE("what seals tickets is forgotten after a day") {
    const auto version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const auto& shown = any_certificate();
    auto today = std::chrono::steady_clock::now();
    listener_options options;
    options.tls = std::make_shared<tls_context>(
        tls_context::files{shown.certificate_file(), shown.key_file()}, [&] { return today; });
    loopback here{over_tls, {}, options};
    here.client_tls = speaking(version);
    const auto session = session_with(here);

    today += std::chrono::hours{23};
    CHECK(SSL_session_reused(coming_with(here, session).tls()) == 1);
    today += std::chrono::hours{1};
    CHECK(SSL_session_reused(coming_with(here, session).tls()) == 0);
    const auto of_tomorrow = session_with(here);
    CHECK(SSL_session_reused(coming_with(here, of_tomorrow).tls()) == 1);
}

TEST_CASE("renegotiation is refused") {
    loopback here{over_tls};
    here.client_tls = speaking(TLS1_2_VERSION);
    const auto client = here.upgraded();

    REQUIRE(SSL_renegotiate(client->tls()) == 1);

    CHECK_THAT(agreed(here, *client), Catch::Contains("no renegotiation"));
}
