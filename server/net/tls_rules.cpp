#include "server/net/tls_rules.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cassert>
#include <cstdint>
#include <new>

namespace onechat::net {
namespace {

// Forward secrecy and AEAD only. AES with 128 bits first: the fastest where AES is in hardware, and
// a client without it says so by preferring ChaCha20 (SSL_OP_PRIORITIZE_CHACHA).
constexpr auto ciphers_1_3 =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
constexpr auto ciphers_1_2 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto curves = "X25519:P-256:P-384";
constexpr int security_level = 2;  // 112 bits: no RSA key below 2048 bits, no SHA-1

constexpr std::array<unsigned char, 9> alpn_http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr std::array<unsigned char, 7> session_context{'o', 'n', 'e', 'c', 'h', 'a', 't'};

// Without ALPN, as most WebSocket clients come, all is well. A client that names protocols but not
// ours would next say what we don't understand, and RFC 7301, section 3.2 wants it told; being
// strict also keeps us from serving in the place of another protocol's server (ALPACA).
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
    unsigned char* found = nullptr;
    const int verdict = SSL_select_next_proto(&found, chosen_size, alpn_http_1_1.data(),
                                              alpn_http_1_1.size(), offered, offered_size);
    *chosen = found;
    return verdict == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

tls_settings common_settings(const SSL_METHOD* method) {
    tls_settings made{SSL_CTX_new(method)};
    if (!made) {
        throw std::bad_alloc{};
    }
    auto* const settings = made.get();
    SSL_CTX_set_security_level(settings, security_level);
    // These can only fail for words that OpenSSL does not know.
    [[maybe_unused]] const bool known =
        SSL_CTX_set_min_proto_version(settings, TLS1_2_VERSION) == 1 &&
        SSL_CTX_set_max_proto_version(settings, TLS1_3_VERSION) == 1 &&
        SSL_CTX_set_ciphersuites(settings, ciphers_1_3) == 1 &&
        SSL_CTX_set_cipher_list(settings, ciphers_1_2) == 1 &&
        SSL_CTX_set1_groups_list(settings, curves) == 1;
    assert(known);
    // An end without a close_notify must not keep us from answering what came before it.
    SSL_CTX_set_options(
        settings, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
    // Release: an idle connection keeps no record buffers, which are 34 KB.
    SSL_CTX_set_mode(settings, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                   SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // One recv() for all records that have come, instead of two for each.
    SSL_CTX_set_read_ahead(settings, 1);
    return made;
}

}  // namespace

void free_tls_settings::operator()(ssl_ctx_st* settings) const {
    SSL_CTX_free(settings);
}

tls_settings server_tls_settings() {
    auto made = common_settings(TLS_server_method());
    auto* const settings = made.get();
    SSL_CTX_set_options(settings, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    SSL_CTX_set_alpn_select_cb(settings, choose_protocol, nullptr);
    // Sessions are resumed from tickets, which the clients keep; we keep none. A client comes back
    // on one connection, so one ticket is enough. Early data stays off, as is OpenSSL's default.
    SSL_CTX_set_session_cache_mode(settings, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(settings, session_context.data(), session_context.size());
    SSL_CTX_set_num_tickets(settings, 1);
    return made;
}

tls_settings client_tls_settings() {
    auto made = common_settings(TLS_client_method());
    SSL_CTX_set_verify(made.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_alpn_protos(made.get(), alpn_http_1_1.data(), alpn_http_1_1.size());
    return made;
}

std::string take_tls_error() {
    const auto code = ERR_peek_error();
    const char* const reason = code != 0 ? ERR_reason_error_string(code) : nullptr;
    ERR_clear_error();
    return reason != nullptr ? reason : "";
}

}  // namespace onechat::net
