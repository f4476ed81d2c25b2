#include "server/hmac_sha256.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstddef>
#include <stdexcept>
#include <string>

namespace onechat {
namespace {

void require(bool holds) {
    if (!holds) {
        throw std::runtime_error{"OpenSSL can't compute HMAC-SHA256."};
    }
}

// Belongs to nobody else; the context keeps the algorithm itself.
EVP_MAC_CTX* new_context() {
    const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> algorithm{
        EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr), &EVP_MAC_free};
    return algorithm ? EVP_MAC_CTX_new(algorithm.get()) : nullptr;
}

}  // namespace

void hmac_sha256::freed::operator()(EVP_MAC_CTX* context) const {
    EVP_MAC_CTX_free(context);
}

hmac_sha256::hmac_sha256(const key& by) : key_{by}, context_{new_context()} {
    std::string hash = "SHA256";
    const std::array settings{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash.data(), hash.size()),
        OSSL_PARAM_construct_end()};
    require(context_ && EVP_MAC_CTX_set_params(context_.get(), settings.data()) == 1);
}

hmac_sha256::digest hmac_sha256::of(std::span<const std::uint8_t> data) const {
    digest out{};
    std::size_t size = 0;
    // The key each time: without one, OpenSSL 3.0.0 to 3.0.2 go on with the sum before.
    require(EVP_MAC_init(context_.get(), key_.data(), key_.size(), nullptr) == 1 &&
            EVP_MAC_update(context_.get(), data.data(), data.size()) == 1 &&
            EVP_MAC_final(context_.get(), out.data(), &size, out.size()) == 1 &&
            size == out.size());
    return out;
}

}  // namespace onechat
