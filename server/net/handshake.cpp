#include "server/net/handshake.hpp"

#include "server/net/ascii.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

namespace onechat::net {
namespace {

std::string base64(const unsigned char* bytes, int count) {
    std::array<unsigned char, 64> text{};
    const int length = EVP_EncodeBlock(text.data(), bytes, count);
    return {text.begin(), text.begin() + length};
}

// Base64 of 16 bytes: 22 digits and two of padding (section 4.2.1, item 5).
bool is_key(std::string_view key) {
    return key.size() == 24 && key.ends_with("==") &&
           std::ranges::all_of(key.substr(0, 22), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '+' || c == '/';
           });
}

http_answer closing_refusal(unsigned status, std::string_view why) {
    auto answer = http_answer::refusal(status, why);
    answer.close = true;
    return answer;
}

http_answer upgrade_required(std::string_view why) {
    auto answer = closing_refusal(426, why);
    answer.headers = {{"Upgrade", "websocket"},
                      {"Connection", "Upgrade, close"},
                      {"Sec-WebSocket-Version", "13"}};
    return answer;
}

}  // namespace

std::optional<http_answer> upgrade_refusal(const http_request& request, bool http_1_1) {
    if (request.method != "GET") {
        return closing_refusal(400, "upgrade_needs_get");
    }
    if (!request.lists("Upgrade", "websocket") || !request.lists("Connection", "upgrade")) {
        return upgrade_required("upgrade_required");
    }
    if (!http_1_1) {
        return closing_refusal(400, "upgrade_needs_http_1_1");
    }
    if (request.count("Sec-WebSocket-Version") != 1 ||
        request.header("Sec-WebSocket-Version") != "13") {
        return upgrade_required("version_13_required");
    }
    if (request.count("Sec-WebSocket-Key") != 1 || !is_key(request.header("Sec-WebSocket-Key"))) {
        return closing_refusal(400, "bad_websocket_key");
    }
    return std::nullopt;
}

std::optional<http_answer> origin_refusal(const http_request& request,
                                          const std::vector<std::string>& allowed) {
    if (request.count("Origin") > 1) {
        return closing_refusal(400, "two_origins");
    }
    std::string origin{request.header("Origin")};
    std::ranges::transform(origin, origin.begin(), to_lower);
    const bool is_page = origin.starts_with("http://") || origin.starts_with("https://");
    if (is_page && !allowed.empty() && std::ranges::find(allowed, origin) == allowed.end()) {
        return closing_refusal(403, "origin_not_allowed");
    }
    return std::nullopt;
}

http_answer upgrade_answer(const http_request& request, std::string_view subprotocol) {
    http_answer answer;
    answer.status = 101;
    answer.headers = {{"Upgrade", "websocket"},
                      {"Connection", "Upgrade"},
                      {"Sec-WebSocket-Accept", accept_of(request.header("Sec-WebSocket-Key"))}};
    // Subprotocols differ by case (section 11.5), unlike most words of HTTP.
    const bool offered = std::ranges::any_of(request.headers, [&](const http_header& header) {
        return same_word(header.name, "Sec-WebSocket-Protocol") &&
               std::ranges::count(items_of(header.value), subprotocol) != 0;
    });
    if (!subprotocol.empty() && offered) {
        answer.headers.push_back({"Sec-WebSocket-Protocol", std::string{subprotocol}});
    }
    return answer;
}

std::string accept_of(std::string_view key) {
    // Looked up once: that takes longer than the digest.
    static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> sha1{
        EVP_MD_fetch(nullptr, "SHA1", nullptr), &EVP_MD_free};
    std::string joined{key};
    joined += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    unsigned size = 0;
    if (EVP_Digest(joined.data(), joined.size(), digest.data(), &size, sha1.get(), nullptr) != 1) {
        std::abort();  // an OpenSSL without it can speak to no client
    }
    return base64(digest.data(), static_cast<int>(size));
}

std::string make_key() {
    std::array<unsigned char, 16> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        std::abort();  // no randomness: nothing secret can be made in this process
    }
    return base64(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace onechat::net
