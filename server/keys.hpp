// The cryptography: keys kept in a file beside the database, the tokens that name a user, the keyed
// hash that stands for a person, the operator's secrets, and random names. Not TLS. One thread at a
// time.
//
// A token is base64url of: version (1 byte), provider (1), subject (16), issued and expires in Unix
// ms (8 each, big endian), HMAC-SHA256 over all before it (32; RFC 2104). It holds no user id and
// no OpenID: its subject is 16 random bytes made for this purpose.
#pragma once

#include "server/hmac_sha256.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace onechat {

using subject = std::array<std::uint8_t, 16>;
using person_key = std::array<std::uint8_t, 16>;

struct token_claims {
    std::uint8_t provider = 0;
    subject name{};
    std::int64_t issued = 0;   // Unix ms
    std::int64_t expires = 0;  // Unix ms
    bool operator==(const token_claims&) const = default;
};

class keys {
public:
    // Reads DATA/keys, or makes it (mode 0600). Throws std::runtime_error with a sentence when the
    // file can't be read or written, is readable by others, or damaged.
    static keys open(const std::filesystem::path& file);

    // For tests: keys that exist nowhere else.
    static keys random();

    [[nodiscard]] std::string sign(const token_claims& claims) const;

    // The claims of a token that this server signed and that has not expired at `now` (Unix ms).
    [[nodiscard]] std::optional<token_claims> verify(std::string_view token,
                                                     std::int64_t now) const;

    // Stands for a person where the account must not be kept: the same account, the same key.
    [[nodiscard]] person_key person(std::uint8_t provider, std::string_view account) const;

private:
    struct secrets {
        hmac_sha256::key token{};
        hmac_sha256::key person{};
    };

    explicit keys(const secrets& from);
    [[nodiscard]] static secrets random_secrets();

    hmac_sha256 token_;
    hmac_sha256 person_;
};

[[nodiscard]] subject random_subject();

// 96 random bits as 16 characters of base64url: what a pair is called on the wire.
[[nodiscard]] std::string random_name();
// Whether the text could have come from there.
[[nodiscard]] bool is_random_name(std::string_view text);

// A seed for what need not be secret.
[[nodiscard]] std::uint64_t random_seed();

// A key for somebody to keep: 256 random bits that say what they are for.
[[nodiscard]] std::string random_secret();
// The one in the file, which is made (mode 0600) when it is not there. Throws std::runtime_error
// with a sentence when others may read it, or it holds none.
[[nodiscard]] std::string read_or_make_secret(const std::filesystem::path& file);

using secret_digest = std::array<std::uint8_t, 32>;

// SHA-256. Enough for what is random itself; not for passwords.
[[nodiscard]] secret_digest digest_of(std::string_view secret);
// In constant time.
[[nodiscard]] bool same_digest(const secret_digest& one, const secret_digest& other);

[[nodiscard]] std::string hex_of(const subject& name);

}  // namespace onechat
