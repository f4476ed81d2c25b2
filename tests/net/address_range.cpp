#include "server/net/address_range.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace onechat::net;

namespace {

bool holds(const std::string& range, const std::string& address) {
    return address_range::parse(range).value().contains(remote_address::parse(address).value());
}

}  // namespace

TEST_CASE("a range holds the addresses that begin as it does", "[address_range]") {
    CHECK(holds("10.0.0.0/8", "10.0.0.0"));
    CHECK(holds("10.0.0.0/8", "10.255.255.255"));
    CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
    CHECK_FALSE(holds("10.0.0.0/8", "9.255.255.255"));
    CHECK(holds("192.0.2.128/25", "192.0.2.128"));
    CHECK_FALSE(holds("192.0.2.128/25", "192.0.2.127"));
    CHECK(holds("2001:db8::/33", "2001:db8:7fff:ffff::1"));
    CHECK_FALSE(holds("2001:db8::/33", "2001:db8:8000::"));
    CHECK(holds("0.0.0.0/0", "255.255.255.255"));
    CHECK(holds("::/0", "ffff::"));
}

TEST_CASE("a single address is a range of its own, whatever the port", "[address_range]") {
    CHECK(holds("192.0.2.1", "192.0.2.1"));
    CHECK_FALSE(holds("192.0.2.1", "192.0.2.0"));
    CHECK(holds("192.0.2.1/32", "192.0.2.1"));
    CHECK(holds("fd00::1/128", "fd00::1"));
    CHECK_FALSE(holds("fd00::1", "fd00::2"));
    auto with_port = remote_address::parse("192.0.2.1").value();
    with_port.port = 4711;
    CHECK(address_range::parse("192.0.2.1").value().contains(with_port));
}

TEST_CASE("the two kinds of addresses don't hold each other by chance", "[address_range]") {
    CHECK_FALSE(holds("::/0", "192.0.2.1"));
    CHECK_FALSE(holds("::/64", "192.0.2.1"));
    CHECK_FALSE(holds("0.0.0.0/0", "2001:db8::1"));
    CHECK(holds("::ffff:10.0.0.0/104", "10.1.2.3"));
    CHECK(holds("10.0.0.0/8", "::ffff:10.1.2.3"));
}

TEST_CASE("what is no range, or has bits behind its prefix, is none", "[address_range]") {
    for (const std::string text : {"", "/8", "proxy", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8",
                                   "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "fd00::/129"}) {
        INFO(text);
        CHECK_FALSE(address_range::parse(text));
    }
}
