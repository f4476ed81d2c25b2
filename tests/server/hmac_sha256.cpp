#include "server/hmac_sha256.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

using namespace onechat;

namespace {

std::string sum(const hmac_sha256& by, const std::vector<std::uint8_t>& data) {
    std::string hex;
    for (const std::uint8_t byte : by.of(data)) {
        hex += "0123456789abcdef"[byte >> 4U];
        hex += "0123456789abcdef"[byte & 15U];
    }
    return hex;
}

std::vector<std::uint8_t> bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

// A shorter key is the same as one filled up with zeros (RFC 2104, section 2).
hmac_sha256::key filled_up(std::string_view text) {
    hmac_sha256::key all{};
    std::ranges::copy(text, all.begin());
    return all;
}

}  // namespace

// RFC 4231, sections 4.3 and 4.2.
TEST_CASE("sums are those of RFC 4231, and each begins anew") {
    const hmac_sha256 jefe{filled_up("Jefe")};
    const hmac_sha256 eleven{filled_up(std::string(20, '\x0b'))};

    for (int time = 0; time < 3; ++time) {
        CHECK(sum(jefe, bytes_of("what do ya want for nothing?")) ==
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        CHECK(sum(eleven, bytes_of("Hi There")) ==
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }
}

TEST_CASE("nothing, and more than a block, have sums too") {
    const hmac_sha256 jefe{filled_up("Jefe")};

    CHECK(sum(jefe, {}) == "923598ca6d64af2a5dba79dcd021a8a0fe5c5f557519adaaf0ad532d4506dd30");
    CHECK(sum(jefe, std::vector<std::uint8_t>(200, 'x')) ==
          "0d92e5bf056d70ae8d2062c69d16e7ece0f1c551fb73a00282c04466cfb61640");
}
