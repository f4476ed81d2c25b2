#include "server/checksum.hpp"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace onechat {

std::string checksum_of(const std::filesystem::path& file) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> sum{EVP_MD_CTX_new(),
                                                                      &EVP_MD_CTX_free};
    std::ifstream in{file, std::ios::binary};
    bool works = sum && in.is_open() && EVP_DigestInit_ex(sum.get(), EVP_sha256(), nullptr) == 1;
    std::vector<char> part(std::size_t{1} << 16);
    while (works && in) {
        in.read(part.data(), static_cast<std::streamsize>(part.size()));
        works =
            EVP_DigestUpdate(sum.get(), part.data(), static_cast<std::size_t>(in.gcount())) == 1;
    }
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (!works || in.bad() || EVP_DigestFinal_ex(sum.get(), digest.data(), &size) != 1) {
        throw std::runtime_error{file.string() + " can't be read."};
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

}  // namespace onechat
