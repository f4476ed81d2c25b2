#include "server/net/frame.hpp"

#include "tests/net/loopback.hpp"

#include <random>
#include <string>

using namespace onechat::net;

namespace {

header_state state_of(std::string_view bytes, role own = role::server) {
    frame_header header;
    return read_header(bytes, own, header);
}

const std::string mask = "abcd";

}  // namespace

TEST_CASE("the examples of RFC 6455, section 5.7, are read") {
    frame_header header;

    REQUIRE(read_header("\x81\x05Hello", role::client, header) == header_state::complete);
    CHECK(header.op == opcode::text);
    CHECK(header.fin);
    CHECK(header.payload_bytes == 5);
    CHECK(header.header_bytes == 2);

    std::string hello = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
    REQUIRE(read_header(hello, role::server, header) == header_state::complete);
    CHECK(header.header_bytes == 6);
    apply_mask(std::span{hello}.subspan(6), header.mask);
    CHECK(hello.substr(6) == "Hello");

    REQUIRE(read_header("\x01\x03Hel", role::client, header) == header_state::complete);
    CHECK_FALSE(header.fin);

    const std::string long_one{"\x82\x7F\0\0\0\0\0\x01\0\0", 10};
    REQUIRE(read_header(long_one, role::client, header) == header_state::complete);
    CHECK(header.op == opcode::binary);
    CHECK(header.payload_bytes == 65536);
}

TEST_CASE("a violation shows in the first bytes") {
    CHECK(state_of("\xC1") == header_state::violation);  // RSV1
    CHECK(state_of("\xA1") == header_state::violation);  // RSV2
    CHECK(state_of("\x91") == header_state::violation);  // RSV3
    for (const int op : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
        CHECK(state_of(std::string(1, static_cast<char>(0x80 | op))) == header_state::violation);
    }
    for (const char op : {'\x08', '\x09', '\x0A'}) {
        CHECK(state_of(std::string(1, op)) == header_state::violation);  // fragmented control
    }
    CHECK(state_of("\x89\xFE") == header_state::violation);  // a ping of 126 bytes and more
    CHECK(state_of("\x89\xFF") == header_state::violation);
}

TEST_CASE("each role wants the other's masking") {
    CHECK(state_of("\x81\x05", role::server) == header_state::violation);
    CHECK(state_of("\x81\x85" + mask, role::server) == header_state::complete);
    CHECK(state_of("\x81\x85", role::client) == header_state::violation);
    CHECK(state_of("\x81\x05", role::client) == header_state::complete);
}

TEST_CASE("a length must be in its shortest form") {
    CHECK(state_of(std::string("\x81\xFE\0\x7D", 4) + mask) == header_state::violation);
    CHECK(state_of(std::string("\x81\xFE\0\x7E", 4) + mask) == header_state::complete);
    CHECK(state_of(std::string("\x81\xFF\0\0\0\0\0\0\xFF\xFF", 10) + mask) ==
          header_state::violation);
    CHECK(state_of(std::string("\x81\xFF\0\0\0\0\0\x01\0\0", 10) + mask) == header_state::complete);
}

TEST_CASE("lengths of 2^40 and 2^63 are read for what they are") {
    frame_header header;

    REQUIRE(read_header(std::string("\x81\x7F\0\0\x01\0\0\0\0\0", 10), role::client, header) ==
            header_state::complete);
    CHECK(header.payload_bytes == std::uint64_t{1} << 40);
    REQUIRE(read_header(std::string("\x81\x7F\x80\0\0\0\0\0\0\0", 10), role::client, header) ==
            header_state::complete);
    CHECK(header.payload_bytes == std::uint64_t{1} << 63);
}

TEST_CASE("every header comes back as it was written, and every shorter start is incomplete") {
    std::mt19937_64 random{6455};
    for (const std::uint64_t length :
         {0ULL, 1ULL, 125ULL, 126ULL, 127ULL, 65535ULL, 65536ULL, 1ULL << 40, ~0ULL}) {
        for (const auto own : {role::server, role::client}) {
            frame_header written{.payload_bytes = length,
                                 .op = opcode::binary,
                                 .fin = random() % 2 == 0,
                                 .masked = own == role::server};
            written.mask = {static_cast<char>(random()), static_cast<char>(random()),
                            static_cast<char>(random()), static_cast<char>(random())};
            std::string bytes(frame_header_max, '\0');
            bytes.resize(write_header(bytes.data(), written));

            frame_header read;
            REQUIRE(read_header(bytes, own, read) == header_state::complete);
            CHECK(read.payload_bytes == length);
            CHECK(read.op == opcode::binary);
            CHECK(read.fin == written.fin);
            CHECK(read.header_bytes == bytes.size());
            CHECK((own == role::client || read.mask == written.mask));
            for (std::size_t part = 0; part < bytes.size(); ++part) {
                CHECK(state_of(bytes.substr(0, part), own) == header_state::incomplete);
            }
        }
    }
}

TEST_CASE("masking in pieces is masking the whole") {
    std::mt19937 random{5};
    for (std::size_t size = 0; size < 70; ++size) {
        std::string plain(size, '\0');
        for (auto& c : plain) {
            c = static_cast<char>(random());
        }
        const std::array<char, 4> key{'\x01', '\xF2', '\x33', '\x84'};
        std::string by_byte = plain;
        for (std::size_t i = 0; i < size; ++i) {
            by_byte[i] = static_cast<char>(by_byte[i] ^ key[i % 4]);
        }
        for (std::size_t cut = 0; cut <= size; ++cut) {
            std::string masked = plain;
            apply_mask(std::span{masked}.first(cut), key);
            apply_mask(std::span{masked}.subspan(cut), key, cut);
            REQUIRE(masked == by_byte);
        }
    }
}

TEST_CASE("close codes that may not be sent are known") {
    for (const int code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000,
                           4001, 4504, 4999}) {
        CHECK(is_sendable(static_cast<std::uint16_t>(code)));
    }
    for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
        CHECK_FALSE(is_sendable(static_cast<std::uint16_t>(code)));
    }
}
