#include "server/net/tls_chain.hpp"

#include "server/net/tls_rules.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace onechat::net {
namespace {

template <auto Free>
struct done_by {
    template <class T>
    void operator()(T* one) const {
        Free(one);
    }
};
using certificate = std::unique_ptr<X509, done_by<X509_free>>;

void free_names(GENERAL_NAMES* all) {
    GENERAL_NAMES_free(all);
}

void free_stack(STACK_OF(X509) * all) {
    sk_X509_pop_free(all, X509_free);
}

std::vector<std::string> names_of(const X509* one) {
    const std::unique_ptr<GENERAL_NAMES, done_by<free_names>> all{
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(one, NID_subject_alt_name, nullptr, nullptr))};
    std::vector<std::string> names;
    for (int i = 0; all && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        const auto* name = sk_GENERAL_NAME_value(all.get(), i);
        if (name->type == GEN_DNS) {
            const auto* text = name->d.dNSName;
            names.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                               static_cast<std::size_t>(ASN1_STRING_length(text)));
        }
    }
    return names;
}

}  // namespace

tls_chain look_at_chain(const std::string& file) {
    const std::unique_ptr<BIO, done_by<BIO_free>> reader{BIO_new_file(file.c_str(), "r")};
    const certificate own{reader ? PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)
                                 : nullptr};
    if (!own) {
        throw std::runtime_error("the TLS certificate " + file +
                                 " cannot be read: " + take_tls_error());
    }
    const std::unique_ptr<STACK_OF(X509), done_by<free_stack>> between{sk_X509_new_null()};
    while (auto* const one = PEM_read_bio_X509(reader.get(), nullptr, nullptr, nullptr)) {
        sk_X509_push(between.get(), one);
    }
    const std::unique_ptr<X509_STORE, done_by<X509_STORE_free>> roots{X509_STORE_new()};
    X509_STORE_set_default_paths(roots.get());
    const std::unique_ptr<X509_STORE_CTX, done_by<X509_STORE_CTX_free>> walk{X509_STORE_CTX_new()};
    X509_STORE_CTX_init(walk.get(), roots.get(), own.get(), between.get());
    X509_STORE_CTX_set_default(walk.get(), "ssl_server");

    tls_chain found{.names = names_of(own.get()), .trouble = {}};
    if (X509_verify_cert(walk.get()) != 1) {
        found.trouble = X509_verify_cert_error_string(X509_STORE_CTX_get_error(walk.get()));
    }
    ERR_clear_error();
    return found;
}

}  // namespace onechat::net
