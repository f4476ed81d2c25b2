// A self-signed certificate and its key, made when a test asks for them, as PEM files in a
// directory of their own: nothing secret lies in the repository.
#pragma once

#include "tests/support/temp_dir.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/stat.h>

namespace onechat::test {

class certificate {
public:
    struct wishes {
        std::string name = "localhost";
        long begins = -3600;  // seconds from now
        long ends = 86400;
        bool rsa = false;  // else P-256
    };

    certificate() : certificate(wishes{}) {}
    explicit certificate(const wishes& wanted)
        : key_(wanted.rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"), EVP_PKEY_free),
          made_(X509_new(), X509_free) {
        X509_set_version(made_.get(), X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(made_.get()), 1);
        X509_gmtime_adj(X509_getm_notBefore(made_.get()), wanted.begins);
        X509_gmtime_adj(X509_getm_notAfter(made_.get()), wanted.ends);
        X509_set_pubkey(made_.get(), key_.get());
        auto* const subject = X509_get_subject_name(made_.get());
        const std::vector<unsigned char> name{wanted.name.begin(), wanted.name.end()};
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name.data(),
                                   static_cast<int>(name.size()), -1, 0);
        X509_set_issuer_name(made_.get(), subject);
        extend(NID_subject_alt_name, "DNS:" + wanted.name + ",IP:127.0.0.1");
        extend(NID_basic_constraints, "critical,CA:TRUE");
        if (X509_sign(made_.get(), key_.get(), EVP_sha256()) == 0) {
            throw std::runtime_error{"no certificate could be made"};
        }
        write();
    }

    [[nodiscard]] std::string certificate_file() const { return where_ / "certificate.pem"; }
    [[nodiscard]] std::string key_file() const { return where_ / "key.pem"; }
    [[nodiscard]] std::string file(const char* name) const { return where_ / name; }

    // Puts this one in the place of another, as a renewal does.
    void replace(const certificate& other) const {
        const auto over = std::filesystem::copy_options::overwrite_existing;
        std::filesystem::copy_file(certificate_file(), other.certificate_file(), over);
        std::filesystem::copy_file(key_file(), other.key_file(), over);
    }

private:
    void extend(int kind, const std::string& value) {
        X509V3_CTX context{};
        X509V3_set_ctx(&context, made_.get(), made_.get(), nullptr, nullptr, 0);
        auto* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
        X509_add_ext(made_.get(), extension, -1);
        X509_EXTENSION_free(extension);
    }

    void write() const {
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> public_part{
            std::fopen(certificate_file().c_str(), "w"), std::fclose};
        PEM_write_X509(public_part.get(), made_.get());
        const std::unique_ptr<std::FILE, int (*)(std::FILE*)> secret_part{
            std::fopen(key_file().c_str(), "w"), std::fclose};
        ::chmod(key_file().c_str(), S_IRUSR | S_IWUSR);
        PEM_write_PrivateKey(secret_part.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    }

    temp_dir where_;
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
    std::unique_ptr<X509, void (*)(X509*)> made_;
};

}  // namespace onechat::test
