#include "server/net/tls_context.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <memory>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace onechat::net {
namespace {

using system_time = std::chrono::system_clock::time_point;

constexpr off_t file_bytes_max = 1024 * 1024;
constexpr auto ticket_keys_last = std::chrono::hours{24};

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* one) const {
        Free(one);
    }
};
using bio_ptr = std::unique_ptr<BIO, freed_by<BIO_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freed_by<X509_free>>;

[[noreturn]] void refuse(const std::string& what, const std::string& file, const std::string& why) {
    ERR_clear_error();
    throw std::runtime_error("the TLS " + what + " " + file + " " + why);
}

class open_file {
public:
    explicit open_file(const std::string& name)
        : descriptor_(::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    ~open_file() { ::close(descriptor_); }
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    [[nodiscard]] int get() const { return descriptor_; }

private:
    int descriptor_;
};

// Wiped when it dies: it may have held a key.
struct contents {
    std::vector<char> bytes;

    contents() = default;
    contents(contents&&) = default;
    contents& operator=(contents&&) = delete;
    ~contents() { OPENSSL_cleanse(bytes.data(), bytes.size()); }

    [[nodiscard]] bio_ptr reader() const {
        return bio_ptr{BIO_new_mem_buf(bytes.data(), static_cast<int>(bytes.size()))};
    }
};

contents read_file(const std::string& what, const std::string& name, bool secret) {
    const open_file file{name};
    struct stat found {};
    if (file.get() < 0 || ::fstat(file.get(), &found) != 0) {
        refuse(what, name, "cannot be read: " + std::generic_category().message(errno));
    }
    if (!S_ISREG(found.st_mode) || found.st_size > file_bytes_max) {
        refuse(what, name, "is not a file in PEM format");
    }
    if (secret && (found.st_mode & (S_IROTH | S_IWOTH)) != 0) {
        refuse(what, name, "is open to every user of this machine; run chmod 600 on it");
    }
    contents read;
    read.bytes.resize(static_cast<std::size_t>(found.st_size));
    const auto got = ::read(file.get(), read.bytes.data(), read.bytes.size());
    if (got != static_cast<ssize_t>(read.bytes.size())) {
        refuse(what, name, "cannot be read whole");
    }
    return read;
}

// Instead of OpenSSL's own, which would ask on the terminal.
int no_passphrase(char*, int, int, void*) {
    return -1;
}

std::vector<certificate_ptr> read_chain(const std::string& name) {
    const auto pem = read_file("certificate", name, false);
    const auto reader = pem.reader();
    std::vector<certificate_ptr> chain;
    while (auto* const one = PEM_read_bio_X509(reader.get(), nullptr, no_passphrase, nullptr)) {
        chain.emplace_back(one);
    }
    const auto end = ERR_peek_last_error();
    if (chain.empty()) {
        refuse("certificate", name, "holds no certificate in PEM format");
    }
    if (ERR_GET_REASON(end) != PEM_R_NO_START_LINE) {
        refuse("certificate", name, "is damaged: " + take_tls_error());
    }
    ERR_clear_error();
    return chain;
}

key_ptr read_key(const std::string& name) {
    const auto pem = read_file("key", name, true);
    key_ptr key{PEM_read_bio_PrivateKey(pem.reader().get(), nullptr, no_passphrase, nullptr)};
    if (!key) {
        const std::string_view text{pem.bytes.data(), pem.bytes.size()};
        const bool encrypted = text.find("ENCRYPTED") != std::string_view::npos;
        refuse("key", name,
               encrypted ? "is encrypted; store it without a passphrase, readable by us only"
                         : "holds no private key in PEM format");
    }
    return key;
}

// "99991231235959Z" means no end (RFC 5280, section 4.1.2.5); the clock goes from 1677 to 2262.
system_time time_of(const ASN1_TIME* when) {
    std::tm parts{};
    ASN1_TIME_to_tm(when, &parts);
    constexpr auto first = std::chrono::ceil<std::chrono::seconds>(system_time::min());
    constexpr auto last = std::chrono::floor<std::chrono::seconds>(system_time::max());
    return system_time{std::clamp(std::chrono::seconds{::timegm(&parts)}, first.time_since_epoch(),
                                  last.time_since_epoch())};
}

std::string day_of(system_time when) {
    const auto seconds = std::chrono::system_clock::to_time_t(when);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 32> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts)};
}

// Without randomness the old ones stay for another day.
void renew_ticket_keys(SSL_CTX* settings) {
    std::vector<unsigned char> keys(
        static_cast<std::size_t>(SSL_CTX_set_tlsext_ticket_keys(settings, nullptr, 0)));
    if (RAND_priv_bytes(keys.data(), static_cast<int>(keys.size())) == 1) {
        SSL_CTX_set_tlsext_ticket_keys(settings, keys.data(), static_cast<long>(keys.size()));
    }
    OPENSSL_cleanse(keys.data(), keys.size());
}

// Clients will refuse it, but ours is not the only clock, and an expired certificate must not keep
// a restarted server from serving those who don't look.
std::string warning_of(const std::string& name, system_time begins, system_time expires) {
    const auto now = std::chrono::system_clock::now();
    if (expires < now) {
        return "the TLS certificate " + name + " has expired on " + day_of(expires) +
               "; clients refuse it";
    }
    if (begins > now) {
        return "the TLS certificate " + name + " is valid only from " + day_of(begins) +
               " on; clients refuse it";
    }
    return {};
}

}  // namespace

tls_context::loaded tls_context::load() const {
    const files& from = from_;
    auto chain = read_chain(from.certificate);
    const auto key = read_key(from.key);
    auto* const own = chain.front().get();
    if (X509_check_private_key(own, key.get()) != 1) {
        refuse("key", from.key, "does not belong to the certificate " + from.certificate);
    }

    loaded made{.settings = server_tls_settings(),
                .warning = {},
                .expires = time_of(X509_get0_notAfter(own)),
                .ticket_keys_made = clock_()};
    auto* const settings = made.settings.get();
    if (SSL_CTX_use_certificate(settings, own) != 1) {
        refuse("certificate", from.certificate, "cannot be used: " + take_tls_error());
    }
    if (SSL_CTX_use_PrivateKey(settings, key.get()) != 1) {
        refuse("key", from.key, "cannot be used: " + take_tls_error());
    }
    for (auto one = chain.begin() + 1; one != chain.end(); ++one) {
        if (SSL_CTX_add1_chain_cert(settings, one->get()) != 1) {
            refuse("certificate", from.certificate, "has a bad chain: " + take_tls_error());
        }
    }
    made.warning = warning_of(from.certificate, time_of(X509_get0_notBefore(own)), made.expires);
    return made;
}

tls_context::tls_context(files from, clock read_clock)
    : from_(std::move(from)), clock_(std::move(read_clock)), now_(load()) {}

std::string tls_context::reload() {
    try {
        now_ = load();
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

tls_stream tls_context::accepted() {
    if (const auto now = clock_(); now - now_.ticket_keys_made >= ticket_keys_last) {
        renew_ticket_keys(now_.settings.get());
        now_.ticket_keys_made = now;
    }
    return {*now_.settings, tls_stream::side::server};
}

}  // namespace onechat::net
