#include "server/net/remote_address.hpp"

#include "tests/support/catch.hpp"

using namespace onechat::net;

TEST_CASE("addresses are read and written") {
    for (const auto* const text : {"127.0.0.1", "192.0.2.255", "::1", "2001:db8::1"}) {
        const auto address = remote_address::parse(text);
        REQUIRE(address);
        CHECK(address->to_string() == text);
    }
    CHECK(remote_address::parse("::ffff:10.0.0.1") == remote_address::parse("10.0.0.1"));
    for (const auto* const text : {"", "localhost", "1.2.3", "1.2.3.4:80", "[::1]", "256.0.0.1"}) {
        CHECK_FALSE(remote_address::parse(text));
    }
}

TEST_CASE("limits count an IPv4 address, and an IPv6 customer's /64") {
    auto v4 = *remote_address::parse("192.0.2.7");
    v4.port = 1234;
    CHECK(v4.network().to_string() == "192.0.2.7");
    CHECK(v4.network().port == 0);
    CHECK(remote_address::parse("2001:db8:1:2:3:4:5:6")->network() ==
          remote_address::parse("2001:db8:1:2:ffff::")->network());
    CHECK(remote_address::parse("2001:db8:1:2::")->network() !=
          remote_address::parse("2001:db8:1:3::")->network());
}
