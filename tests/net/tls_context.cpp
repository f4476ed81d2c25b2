#include "server/net/tls_context.hpp"

#include "tests/net/loopback.hpp"

#include <filesystem>
#include <fstream>
#include <string>

using namespace onechat;
using namespace onechat::net;

namespace {

tls_context::files files_of(const test::certificate& one) {
    return {one.certificate_file(), one.key_file()};
}

void write(const std::string& file, const std::string& text) {
    std::ofstream{file, std::ios::trunc} << text;
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

std::string read(const std::string& file) {
    std::ifstream from{file};
    return {std::istreambuf_iterator<char>{from}, {}};
}

std::string refusal(const tls_context::files& files) {
    try {
        const tls_context made{files};
        return "accepted";
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

std::string name_shown(raw_client& client) {
    const std::unique_ptr<X509, void (*)(X509*)> shown{SSL_get1_peer_certificate(client.tls()),
                                                       X509_free};
    std::array<char, 100> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
    return name.data();
}

}  // namespace

TEST_CASE("a certificate and its key are accepted without a warning, of either kind") {
    for (const bool rsa : {false, true}) {
        const test::certificate good{{.rsa = rsa}};
        const tls_context made{files_of(good)};
        CHECK(made.warning().empty());
        CHECK(made.expires() > std::chrono::system_clock::now() + std::chrono::hours{23});
    }
}

TEST_CASE("what can't be used is refused with a sentence that names the file") {
    const test::certificate good;
    const test::certificate other;
    const auto files = files_of(good);
    const auto elsewhere = good.file("elsewhere.pem");
    using Catch::Contains;

    CHECK_THAT(refusal({elsewhere, files.key}),
               Contains(elsewhere) && Contains("cannot be read: No such file"));
    CHECK_THAT(refusal({files.certificate, elsewhere}),
               Contains(elsewhere) && Contains("cannot be read: No such file"));
    CHECK_THAT(refusal({files.certificate, other.key_file()}),
               Contains(other.key_file() + " does not belong to the certificate"));
    const test::certificate rsa{{.rsa = true}};
    CHECK_THAT(refusal({files.certificate, rsa.key_file()}), Contains("does not belong"));
    CHECK_THAT(refusal({files.key, files.key}), Contains("holds no certificate"));
    CHECK_THAT(refusal({files.certificate, files.certificate}),
               Contains("is open to every user") || Contains("holds no private key"));
    CHECK_THAT(refusal({"/dev/zero", files.key}), Contains("is not a file in PEM format"));
    CHECK_THAT(refusal({"", ""}), Contains("cannot be read"));

    write(elsewhere, "");
    CHECK_THAT(refusal({elsewhere, files.key}), Contains("holds no certificate"));
    CHECK_THAT(refusal({files.certificate, elsewhere}), Contains("holds no private key"));
    auto chain = read(files.certificate) + read(other.certificate_file());
    write(elsewhere, chain);
    CHECK(refusal({elsewhere, files.key}) == "accepted");
    chain[chain.size() - 100] = '!';
    write(elsewhere, chain);
    CHECK_THAT(refusal({elsewhere, files.key}), Contains("is damaged"));
}

TEST_CASE("a key that everybody may read is refused, one that its group may read is not") {
    const test::certificate good;
    using std::filesystem::perms;
    std::filesystem::permissions(good.key_file(), perms::group_read,
                                 std::filesystem::perm_options::add);
    CHECK(refusal(files_of(good)) == "accepted");

    std::filesystem::permissions(good.key_file(), perms::others_read,
                                 std::filesystem::perm_options::add);
    CHECK_THAT(refusal(files_of(good)), Catch::Contains("run chmod 600"));
}

TEST_CASE("an encrypted key is refused, and nobody is asked for its passphrase") {
    const test::certificate good;
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
    const std::unique_ptr<BIO, int (*)(BIO*)> out{BIO_new_file(good.key_file().c_str(), "w"),
                                                  BIO_free};
    REQUIRE(PEM_write_bio_PrivateKey(out.get(), key.get(), EVP_aes_128_cbc(), nullptr, 0, nullptr,
                                     const_cast<char*>("secret")) == 1);
    REQUIRE(BIO_flush(out.get()) == 1);

    CHECK_THAT(refusal(files_of(good)), Catch::Contains("is encrypted"));
}

TEST_CASE("a certificate out of its time is allowed with a warning") {
    const test::certificate old{{.begins = -86400, .ends = -3600}};
    CHECK_THAT(tls_context{files_of(old)}.warning(), Catch::Contains("has expired on 20"));

    const test::certificate young{{.begins = 86400, .ends = 2 * 86400}};
    CHECK_THAT(tls_context{files_of(young)}.warning(), Catch::Contains("is valid only from 20"));
}

TEST_CASE("a certificate may outlive the clock, which ends in 2262") {
    const test::certificate lasting{{.ends = 300L * 366 * 86400}};
    const tls_context made{files_of(lasting)};
    CHECK(made.warning().empty());
    CHECK(made.expires() > std::chrono::system_clock::now() + std::chrono::years{200});
}

TEST_CASE("reloading serves the new certificate to newcomers and keeps who is here") {
    const test::certificate first{{.name = "first"}};
    const test::certificate second{{.name = "second"}};
    const auto context = std::make_shared<tls_context>(files_of(first));
    listener_options options;
    options.tls = context;
    loopback here{over_tls, {}, options};
    here.events.on_text = [](peer& from, std::string_view text) { from.send(text); };
    const auto still_here = here.upgraded();
    REQUIRE(name_shown(*still_here) == "first");
    raw_client amid{here.port()};
    amid.begin_tls(*here.client_tls);
    CHECK_FALSE(amid.shake_hands());
    here.settle();  // its hello is answered with the old one

    second.replace(first);
    REQUIRE(context->reload().empty());

    auto newcomer = here.newcomer();
    CHECK(name_shown(newcomer) == "second");
    REQUIRE(here.until([&] { return amid.shake_hands(); }));
    CHECK(name_shown(amid) == "first");
    still_here->send(frame_of(opcode::text, "alive"));
    REQUIRE(here.until([&] { return !frames_in(still_here->read().received).empty(); }));

    write(first.key_file(), "no key");
    CHECK_THAT(context->reload(), Catch::Contains("holds no private key"));
    auto later = here.newcomer();
    CHECK(name_shown(later) == "second");
    std::filesystem::remove(first.certificate_file());
    CHECK_THAT(context->reload(), Catch::Contains("cannot be read"));
    CHECK(context->warning().empty());
    CHECK_NOTHROW(here.upgraded());
    CHECK(here.events.count("closed") == 0);
}
