#include "server/net/address_counts.hpp"

#include "tests/support/catch.hpp"

#include <utility>
#include <vector>

using namespace onechat::net;

namespace {

remote_address at(const char* text) {
    return remote_address::parse(text).value();
}

}  // namespace

TEST_CASE("a network has as many places as it may, and again when one is given back") {
    address_counts counts;
    auto one = counts.take(at("192.0.2.1"), 2);
    auto two = counts.take(at("192.0.2.1"), 2);
    REQUIRE((one && two));

    CHECK_FALSE(counts.take(at("192.0.2.1"), 2));
    CHECK(counts.count_of(at("192.0.2.1")) == 2);
    CHECK(counts.take(at("192.0.2.2"), 2));
    two.reset();
    CHECK(counts.take(at("192.0.2.1"), 2));
    CHECK(counts.count_of(at("192.0.2.1")) == 1);
}

TEST_CASE("a place is given back once, however it is moved about") {
    address_counts counts;
    {
        auto place = *counts.take(at("192.0.2.1"), 9);
        address_counts::place other{std::move(place)};
        place = std::move(other);
        auto& same = place;
        place = std::move(same);
        CHECK(counts.count_of(at("192.0.2.1")) == 1);

        place = *counts.take(at("192.0.2.2"), 9);
        CHECK(counts.count_of(at("192.0.2.1")) == 0);
        CHECK(counts.count_of(at("192.0.2.2")) == 1);
        place.give_back();
        place.give_back();
        CHECK(counts.count_of(at("192.0.2.2")) == 0);
    }
    CHECK(counts.networks_count() == 0);
}

TEST_CASE("one IPv6 customer is one network, and IPv4 is IPv4 in either spelling") {
    address_counts counts;
    std::vector<address_counts::place> held;
    for (const auto* const text : {"2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "10.0.0.1",
                                   "::ffff:10.0.0.1", "2001:db8:0:2::1"}) {
        auto address = at(text);
        address.port = static_cast<std::uint16_t>(1000 + held.size());
        held.push_back(*counts.take(address, 2));
    }

    CHECK(counts.networks_count() == 3);
    CHECK_FALSE(counts.take(at("2001:db8:0:1::3"), 2));
    CHECK_FALSE(counts.take(at("10.0.0.1"), 2));
    CHECK(counts.take(at("2001:db8:0:2::9"), 2));
    held.clear();
    CHECK(counts.networks_count() == 0);
}
