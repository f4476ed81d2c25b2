#include "server/keys.hpp"

#include "server/base64url.hpp"
#include "storage/ownership.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <span>
#include <sstream>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace onechat {
namespace {

using bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t token_version = 1;
constexpr std::size_t claims_size = 1 + 1 + 16 + 8 + 8;
constexpr std::size_t token_size = claims_size + 32;
// Then no two texts spell the same token.
static_assert(token_size % 3 == 0);
constexpr std::size_t token_letters = token_size / 3 * 4;

void fill_random(std::span<std::uint8_t> out) {
    if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) {
        throw std::runtime_error{"The system gives no random bytes."};
    }
}

void put(std::uint8_t* to, std::int64_t value) {
    for (unsigned n = 0; n < 8; ++n) {
        to[n] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (56 - 8 * n));
    }
}

std::int64_t take(const std::uint8_t* from) {
    std::uint64_t value = 0;
    for (unsigned n = 0; n < 8; ++n) {
        value = value << 8U | from[n];
    }
    return static_cast<std::int64_t>(value);
}

std::string hex(bytes data) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : data) {
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

bool from_hex(std::string_view text, std::span<std::uint8_t> out) {
    if (text.size() != out.size() * 2) {
        return false;
    }
    const auto value = [](char digit) { return std::string_view{"0123456789abcdef"}.find(digit); };
    for (std::size_t n = 0; n < out.size(); ++n) {
        const auto high = value(text[2 * n]);
        const auto low = value(text[2 * n + 1]);
        if (high > 15 || low > 15) {
            return false;
        }
        out[n] = static_cast<std::uint8_t>(high << 4U | low);
    }
    return true;
}

constexpr std::string_view secret_prefix = "onechat_admin_";
constexpr std::size_t secret_size = secret_prefix.size() + 43;

std::runtime_error trouble(const std::filesystem::path& file, std::string_view what) {
    return std::runtime_error{"The key file " + file.string() + " " + std::string{what}};
}

void refuse_if_readable_by_others(const std::filesystem::path& file) {
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0) {
        throw trouble(file, "can't be read: " + std::string{std::strerror(errno)} + ".");
    }
    if ((about.st_mode & 077U) != 0) {
        throw trouble(file, "is readable by other users: run chmod 600 on it.");
    }
}

std::ifstream opened(const std::filesystem::path& file) {
    errno = 0;
    std::ifstream in{file};
    if (!in.is_open()) {
        throw trouble(file, "can't be read: " + std::string{std::strerror(errno)} +
                                ". It has to belong to the user that onechat runs as.");
    }
    return in;
}

// Whole or not at all: written aside, synced, then given its name. Never replaces a file.
void write_once(const std::filesystem::path& file, std::string_view content) {
    const std::filesystem::path aside = file.string() + ".new";
    ::unlink(aside.c_str());
    const int descriptor = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool written = descriptor >= 0 && storage::give_to_owner_of_folder(descriptor, aside) &&
                         ::write(descriptor, content.data(), content.size()) ==
                             static_cast<ssize_t>(content.size()) &&
                         ::fsync(descriptor) == 0;
    const int reason = errno;
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    if (!written || ::link(aside.c_str(), file.c_str()) != 0) {
        throw trouble(file, "can't be written: " +
                                std::string{std::strerror(written ? errno : reason)} + ".");
    }
    ::unlink(aside.c_str());
    const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
}

}  // namespace

keys::keys(const secrets& from) : token_{from.token}, person_{from.person} {}

keys::secrets keys::random_secrets() {
    secrets made;
    fill_random(made.token);
    fill_random(made.person);
    return made;
}

keys keys::random() {
    return keys{random_secrets()};
}

keys keys::open(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) {
        const secrets made = random_secrets();
        write_once(file, "token " + hex(made.token) + "\nperson " + hex(made.person) + "\n");
        return keys{made};
    }
    refuse_if_readable_by_others(file);
    secrets read;
    std::ifstream in = opened(file);
    bool token = false;
    bool person = false;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words{line};
        std::string name;
        std::string value;
        words >> name >> value;
        token = token || (name == "token" && from_hex(value, read.token));
        person = person || (name == "person" && from_hex(value, read.person));
    }
    if (!token || !person) {
        throw trouble(file,
                      "is damaged: restore it from a backup (a new one would log everybody out "
                      "and forget every block).");
    }
    return keys{read};
}

std::string keys::sign(const token_claims& claims) const {
    std::array<std::uint8_t, token_size> token{};
    token[0] = token_version;
    token[1] = claims.provider;
    std::memcpy(&token[2], claims.name.data(), claims.name.size());
    put(&token[18], claims.issued);
    put(&token[26], claims.expires);
    const auto seal = token_.of({token.data(), claims_size});
    std::memcpy(&token[claims_size], seal.data(), seal.size());
    return to_base64url(token);
}

std::optional<token_claims> keys::verify(std::string_view text, std::int64_t now) const {
    if (text.size() != token_letters) {
        return std::nullopt;
    }
    const auto token = from_base64url(text);
    if (!token || (*token)[0] != token_version) {
        return std::nullopt;
    }
    const auto seal = token_.of({token->data(), claims_size});
    if (CRYPTO_memcmp(seal.data(), token->data() + claims_size, seal.size()) != 0) {
        return std::nullopt;
    }
    token_claims claims;
    claims.provider = (*token)[1];
    std::memcpy(claims.name.data(), token->data() + 2, claims.name.size());
    claims.issued = take(token->data() + 18);
    claims.expires = take(token->data() + 26);
    if (claims.expires <= now) {
        return std::nullopt;
    }
    return claims;
}

person_key keys::person(std::uint8_t provider, std::string_view account) const {
    std::vector<std::uint8_t> named{provider};
    named.insert(named.end(), account.begin(), account.end());
    const auto whole = person_.of(named);
    person_key out{};
    std::memcpy(out.data(), whole.data(), out.size());
    return out;
}

subject random_subject() {
    subject out{};
    fill_random(out);
    return out;
}

std::string random_name() {
    std::array<std::uint8_t, 12> bits{};
    fill_random(bits);
    return to_base64url(bits);
}

bool is_random_name(std::string_view text) {
    return text.size() == 16 && from_base64url(text);
}

std::uint64_t random_seed() {
    std::array<std::uint8_t, 8> bits{};
    fill_random(bits);
    return static_cast<std::uint64_t>(take(bits.data()));
}

std::string random_secret() {
    std::array<std::uint8_t, 32> bits{};
    fill_random(bits);
    return std::string{secret_prefix} + to_base64url(bits);
}

std::string read_or_make_secret(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) {
        std::string made = random_secret();
        write_once(file, made + "\n");
        return made;
    }
    refuse_if_readable_by_others(file);
    std::ifstream in = opened(file);
    std::string secret;
    std::getline(in, secret);
    if (secret.size() != secret_size || !secret.starts_with(secret_prefix)) {
        throw trouble(file, "holds no token of ours: remove it, and a new one is made.");
    }
    return secret;
}

secret_digest digest_of(std::string_view secret) {
    secret_digest out{};
    unsigned size = 0;
    if (EVP_Digest(secret.data(), secret.size(), out.data(), &size, EVP_sha256(), nullptr) != 1 ||
        size != out.size()) {
        throw std::runtime_error{"OpenSSL can't compute SHA-256."};
    }
    return out;
}

bool same_digest(const secret_digest& one, const secret_digest& other) {
    return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

std::string hex_of(const subject& name) {
    return hex(name);
}

}  // namespace onechat
