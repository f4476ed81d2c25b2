// HMAC-SHA256 (RFC 2104) under one key. Looks the algorithm up once, which takes longer than the
// sum itself. One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

using EVP_MAC_CTX = struct evp_mac_ctx_st;

namespace onechat {

class hmac_sha256 {
public:
    using key = std::array<std::uint8_t, 32>;
    using digest = std::array<std::uint8_t, 32>;

    // Throws std::runtime_error when OpenSSL can't compute it.
    explicit hmac_sha256(const key& by);

    // Throws like the constructor.
    [[nodiscard]] digest of(std::span<const std::uint8_t> data) const;

private:
    struct freed {
        void operator()(EVP_MAC_CTX* context) const;
    };

    key key_;
    std::unique_ptr<EVP_MAC_CTX, freed> context_;
};

}  // namespace onechat
