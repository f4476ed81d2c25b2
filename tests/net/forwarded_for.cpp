#include "server/net/forwarded_for.hpp"

#include "tests/support/catch.hpp"

#include <string>
#include <vector>

using namespace onechat::net;

namespace {

const remote_address proxy = remote_address::parse("10.0.0.1").value();

// What a proxy at 10.0.0.1 says in so many header fields; "nobody" when that is no address.
std::string client(const std::vector<std::string>& values) {
    const std::vector trusted{address_range::parse("10.0.0.0/8").value(),
                              address_range::parse("fd00::/8").value()};
    http_request request;
    for (const std::string& value : values) {
        request.headers.push_back({"x-forwarded-FOR", value});
    }
    const auto found = forwarded_for(request, trusted, proxy);
    return found ? found->to_string() : "nobody";
}

}  // namespace

TEST_CASE("the last address that no trusted proxy has is the client's", "[forwarded_for]") {
    CHECK(client({"192.0.2.9"}) == "192.0.2.9");
    CHECK(client({"6.6.6.6, 192.0.2.9"}) == "192.0.2.9");
    CHECK(client({"6.6.6.6,192.0.2.9 ,10.4.4.4,\tfd00::9"}) == "192.0.2.9");
    CHECK(client({"2001:db8::1"}) == "2001:db8::1");
}

TEST_CASE("several fields are one list", "[forwarded_for]") {
    CHECK(client({"6.6.6.6", "192.0.2.9", "10.4.4.4"}) == "192.0.2.9");
    CHECK(client({"192.0.2.9", ""}) == "192.0.2.9");
}

TEST_CASE("a proxy that names nobody else speaks for itself", "[forwarded_for]") {
    CHECK(client({}) == "10.0.0.1");
    CHECK(client({"  "}) == "10.0.0.1");
    CHECK(client({"10.4.4.4, fd00::1"}) == "10.0.0.1");
}

TEST_CASE("a port beside the address is passed over", "[forwarded_for]") {
    CHECK(client({"192.0.2.9:4711"}) == "192.0.2.9");
    CHECK(client({"[2001:db8::1]:4711"}) == "2001:db8::1");
    CHECK(client({"[2001:db8::1]"}) == "2001:db8::1");
    CHECK(client({"192.0.2.9, 10.4.4.4:80"}) == "192.0.2.9");
}

TEST_CASE("what counts and is no address is nobody", "[forwarded_for]") {
    for (const std::string value :
         {"unknown", "_hidden", "192.0.2", "192.0.2.9 6.6.6.6", "192.0.2.9:", "192.0.2.9:x",
          "192.0.2.9:123456", "[192.0.2.9]", "[2001:db8::1", "[2001:db8::1]x", "2001:db8::1]",
          "192.0.2.9,", ",", "192.0.2.9,,10.4.4.4", "for=192.0.2.9"}) {
        INFO(value);
        CHECK(client({value}) == "nobody");
    }
}

TEST_CASE("what stands before it may be anything", "[forwarded_for]") {
    CHECK(client({"unknown, ,;DROP, 192.0.2.9"}) == "192.0.2.9");
}
