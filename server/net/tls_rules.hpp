// What we accept of TLS, on either end: versions, ciphers, curves, behaviour. And the handles on
// OpenSSL's own types that the contexts share. Not whose certificate is shown or believed
// (tls_context, tls_connector). Any thread.
#pragma once

#include <memory>
#include <string>

struct ssl_ctx_st;

namespace onechat::net {

struct free_tls_settings {
    void operator()(ssl_ctx_st* settings) const;
};
using tls_settings = std::unique_ptr<ssl_ctx_st, free_tls_settings>;

[[nodiscard]] tls_settings server_tls_settings();
[[nodiscard]] tls_settings client_tls_settings();

// The first of OpenSSL's errors on this thread, as words; forgets all of them.
[[nodiscard]] std::string take_tls_error();

}  // namespace onechat::net
