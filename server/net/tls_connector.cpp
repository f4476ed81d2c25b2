#include "server/net/tls_connector.hpp"

#include "server/net/remote_address.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <utility>

namespace onechat::net {

std::string tls_connector::prepare() {
    if (settings_) {
        return {};
    }
    auto made = client_tls_settings();
    if (trust_.anybody) {
        SSL_CTX_set_verify(made.get(), SSL_VERIFY_NONE, nullptr);
    } else if (trust_.ca_file.empty()) {
        SSL_CTX_set_default_verify_paths(made.get());
    }
    for (const std::string& file : {trust_.ca_file, trust_.more_file}) {
        if (!file.empty() && SSL_CTX_load_verify_file(made.get(), file.c_str()) != 1) {
            return "the trusted certificates in " + file + " cannot be read: " + take_tls_error();
        }
    }
    settings_ = std::move(made);
    return {};
}

boost::system::result<tls_stream, tls_refusal> tls_connector::towards(const std::string& host) {
    if (auto trouble = prepare(); !trouble.empty()) {
        return tls_refusal{std::move(trouble)};
    }
    tls_stream made{*settings_, tls_stream::side::client};
    auto* const ssl = &made.native();
    auto* const expected = SSL_get0_param(ssl);
    if (remote_address::parse(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str());  // and no SNI (RFC 6066, section 3)
    } else {
        // What the macro SSL_set_tlsext_host_name does, which casts in the old style.
        SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(host.c_str()));
        X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        if (X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) != 1) {
            return tls_refusal{"no certificate can name the host " + host};
        }
    }
    return made;
}

}  // namespace onechat::net
