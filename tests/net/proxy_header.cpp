#include "server/net/proxy_header.hpp"

#include "tests/net/proxy_words.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <string_view>

using namespace onechat::net;
using namespace onechat::test;
using state = proxy_header::state;
using namespace std::literals;

namespace {

// "192.0.2.1 4711", or "itself" for a proxy that names nobody.
std::string source_of(const std::string& header) {
    const auto read = read_proxy_header(header);
    REQUIRE(read.what == state::complete);
    CHECK(read.bytes == header.size());
    return read.source ? read.source->to_string() + " " + std::to_string(read.source->port)
                       : "itself";
}

bool is_malformed(std::string_view bytes) {
    return read_proxy_header(bytes).what == state::malformed;
}

}  // namespace

TEST_CASE("a line of version 1 names the client", "[proxy_header]") {
    CHECK(source_of("PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n") == "192.0.2.1 4711");
    CHECK(source_of("PROXY TCP6 2001:db8::1 2001:db8::2 65535 0\r\n") == "2001:db8::1 65535");
    CHECK(source_of("PROXY UNKNOWN\r\n") == "itself");
    CHECK(source_of("PROXY UNKNOWN ffff:f...f:ffff what ever\r\n") == "itself");
    // The longest that can be.
    const auto longest =
        "PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"s;
    CHECK(longest.size() == 107);
    CHECK(source_of(longest) == "itself");
}

TEST_CASE("a header of version 2 names the client", "[proxy_header]") {
    CHECK(source_of(proxy_2("192.0.2.1", 4711)) == "192.0.2.1 4711");
    CHECK(source_of(proxy_2("2001:db8::1", 65535)) == "2001:db8::1 65535");
    CHECK(source_of(proxy_2("192.0.2.1", 4711, "\x04\x00\x01\x00"s)) == "192.0.2.1 4711");
    CHECK(source_of(proxy_2_local()) == "itself");
    CHECK(source_of(proxy_2_of(0x21, 0x00, "")) == "itself");
    CHECK(source_of(proxy_2_of(0x21, 0x00, "any thing")) == "itself");
    CHECK(source_of(proxy_2_of(0x21, 0x31, std::string(216, 'x'))) == "itself");
    CHECK(source_of(proxy_2_of(0x20, 0x11, std::string(12, 'x'))) == "itself");
}

TEST_CASE("what follows a header is not looked at", "[proxy_header]") {
    for (const std::string& header : {"PROXY UNKNOWN\r\n"s, proxy_2("192.0.2.1", 4711)}) {
        const auto read = read_proxy_header(header + "\x16\x03\x01 and \r\n more");
        CHECK(read.what == state::complete);
        CHECK(read.bytes == header.size());
    }
}

TEST_CASE("each part of a header is awaited, and no more", "[proxy_header]") {
    for (const std::string& header :
         {"PROXY TCP4 192.0.2.1 198.51.100.1 4711 443\r\n"s, "PROXY UNKNOWN\r\n"s,
          proxy_2("2001:db8::1", 4711, "\x04\x00\x02xx"s), proxy_2_local()}) {
        for (std::size_t bytes = 0; bytes < header.size(); ++bytes) {
            CHECK(read_proxy_header(header.substr(0, bytes)).what == state::incomplete);
        }
    }
}

TEST_CASE("a line that breaks the grammar is malformed", "[proxy_header]") {
    for (const std::string_view line :
         {"PROXY", "PROXY ", "PROXY TCP4", "PROXY TCP4 192.0.2.1 198.51.100.1 4711",
          "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443 ", "PROXY TCP4  192.0.2.1 198.51.100.1 1 2",
          "PROXY TCP4 192.0.2.1 198.51.100.1 4711 65536", "PROXY TCP4 192.0.2.1 198.51.100.1 04 1",
          "PROXY TCP4 192.0.2.1 198.51.100.1 -1 443", "PROXY TCP4 192.0.2.1 198.51.100.1  443",
          "PROXY TCP4 192.0.2.1 nowhere 4711 443", "PROXY TCP4 192.0.2 198.51.100.1 4711 443",
          "PROXY TCP4 2001:db8::1 2001:db8::2 1 2", "PROXY TCP6 192.0.2.1 198.51.100.1 1 2",
          "PROXY TCP5 192.0.2.1 198.51.100.1 1 2", "PROXY tcp4 192.0.2.1 198.51.100.1 1 2",
          "PROXY UDP4 192.0.2.1 198.51.100.1 1 2", "PROXY UNKNOWN\n"}) {
        INFO(line);
        CHECK(is_malformed(std::string{line} + "\r\n"));
    }
    CHECK(is_malformed("GET / HTTP/1.1\r\n"));
    CHECK(is_malformed("proxy UNKNOWN\r\n"));
    CHECK(is_malformed("\x16\x03\x01"));
    CHECK(is_malformed(" PROXY UNKNOWN\r\n"));
}

TEST_CASE("a line has 107 bytes at most", "[proxy_header]") {
    const std::string line = "PROXY UNKNOWN " + std::string(200, 'x');

    CHECK(read_proxy_header(line.substr(0, 105) + "\r\n").what == state::complete);
    CHECK(is_malformed(line.substr(0, 106) + "\r\n"));
    CHECK(read_proxy_header(line.substr(0, 106)).what == state::incomplete);
    CHECK(is_malformed(line.substr(0, 107)));
}

TEST_CASE("a binary header that breaks the rules is malformed", "[proxy_header]") {
    const std::string four(12, 'x');
    const std::string six(36, 'x');
    CHECK(is_malformed(proxy_2_of(0x11, 0x11, four)));  // version 1 in binary
    CHECK(is_malformed(proxy_2_of(0x22, 0x11, four)));  // an unknown command
    CHECK(is_malformed(proxy_2_of(0x31, 0x11, four)));
    CHECK(is_malformed(proxy_2_of(0x21, 0x11, four.substr(1))));  // too short for its addresses
    CHECK(is_malformed(proxy_2_of(0x21, 0x21, six.substr(1))));
    CHECK(is_malformed(proxy_2_of(0x21, 0x12, four)));  // UDP
    CHECK(is_malformed(proxy_2_of(0x21, 0x22, six)));
    CHECK(is_malformed(proxy_2_of(0x21, 0x41, six)));
    CHECK(is_malformed("\r\n\r\n\0\r\nQUIX"sv));
    CHECK(is_malformed(proxy_2_of(0x41, 0x11, "").substr(0, 13)));  // at once
}

TEST_CASE("extensions have room, and a limit that is told before they are awaited",
          "[proxy_header]") {
    const auto with = [](std::size_t bytes) {
        return proxy_2_of(0x21, 0x11, std::string(bytes, 'x'));
    };

    CHECK(read_proxy_header(with(proxy_header_bytes_max - 16)).what == state::complete);
    CHECK(is_malformed(with(proxy_header_bytes_max - 15).substr(0, 16)));
    CHECK(is_malformed(with(65535).substr(0, 16)));
}
