#include "server/base64url.hpp"

#include "tests/support/catch.hpp"

using namespace onechat;

namespace {

std::vector<std::uint8_t> octets(std::string_view text) {
    return {text.begin(), text.end()};
}

}  // namespace

// The vectors of RFC 4648, section 10, without their padding.
TEST_CASE("bytes are written as RFC 4648 says, and read again") {
    const auto [plain, encoded] = GENERATE(table<std::string, std::string>({
        {"", ""},
        {"f", "Zg"},
        {"fo", "Zm8"},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg"},
        {"fooba", "Zm9vYmE"},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xbf", "-_-_"},
    }));

    CHECK(to_base64url(octets(plain)) == encoded);
    CHECK(from_base64url(encoded) == octets(plain));
}

TEST_CASE("what is not of the alphabet is not read") {
    for (const std::string text : {"Zm9v=", "Zm+v", "Zm/v", "Zm v", "Zm\n", "Zm\x80v", "\xff"}) {
        CHECK_FALSE(from_base64url(text));
    }
    CHECK_FALSE(from_base64url(std::string_view{"Zm\0v", 4}));
}
