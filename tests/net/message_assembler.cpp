#include "server/net/message_assembler.hpp"

#include "tests/net/loopback.hpp"

#include <random>
#include <string>
#include <vector>

using namespace onechat::net;
using namespace std::chrono_literals;

namespace {

const message_assembler::time_point start{1000s};

std::string name_of(const arrival& got) {
    static const std::map<arrival::what, std::string> names{
        {arrival::what::text, "text"},   {arrival::what::binary, "binary"},
        {arrival::what::ping, "ping"},   {arrival::what::pong, "pong"},
        {arrival::what::close, "close"}, {arrival::what::violation, "violation"}};
    return names.at(got.kind) + (got.code != 0 ? " " + std::to_string(got.code) : "");
}

// What arrives from bytes that come in pieces of `size`; ends at a violation.
struct stream {
    std::vector<std::string> feed(std::string bytes, std::size_t size = 1 << 20) {
        std::vector<std::string> arrivals;
        for (std::size_t at = 0; at < bytes.size(); at += size) {
            std::string piece = bytes.substr(at, size);
            std::span<char> left{piece};
            for (;;) {
                const auto got = assembler.next(left, own, limits, now);
                if (got.kind == arrival::what::nothing) {
                    REQUIRE(left.empty());
                    break;
                }
                const bool bad = got.kind == arrival::what::violation;
                arrivals.push_back(name_of(got) + (bad ? "" : ":" + std::string{got.payload}));
                if (bad) {
                    return arrivals;
                }
            }
        }
        return arrivals;
    }

    message_assembler assembler;
    message_limits limits;
    role own = role::server;
    message_assembler::time_point now = start;
};

using arrivals = std::vector<std::string>;

arrivals of(const std::string& bytes, const message_limits& limits = {}) {
    stream one;
    one.limits = limits;
    return one.feed(bytes);
}

message_limits with_binary() {
    message_limits limits;
    limits.binary_allowed = true;
    return limits;
}

}  // namespace

TEST_CASE("messages arrive whole however the bytes are cut") {
    const std::string bytes =
        frame_of(opcode::text, "one") + frame_of(opcode::text, "") +
        frame_of(opcode::text, "fr", false) + frame_of(opcode::ping, "p") +
        frame_of(opcode::continuation, "ag", false) + frame_of(opcode::continuation, "") +
        frame_of(opcode::text, std::string(300, 'x')) + frame_of(opcode::pong, "q") +
        frame_of(opcode::text, "\u4f60\u597d") + frame_of(opcode::close, close_payload(1000, "ok"));
    const arrivals expected{"text:one",
                            "text:",
                            "ping:p",
                            "text:frag",
                            "text:" + std::string(300, 'x'),
                            "pong:q",
                            "text:\u4f60\u597d",
                            "close 1000:ok"};

    CHECK(of(bytes) == expected);
    for (std::size_t size = 1; size < bytes.size(); ++size) {
        stream one;
        REQUIRE(one.feed(bytes, size) == expected);
        REQUIRE_FALSE(one.assembler.unfinished());
    }
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        stream one;
        auto got = one.feed(bytes.substr(0, cut));
        const auto rest = one.feed(bytes.substr(cut));
        got.insert(got.end(), rest.begin(), rest.end());
        REQUIRE(got == expected);
    }
}

TEST_CASE("a character cut by a fragment's end is one character") {
    CHECK(of(frame_of(opcode::text, "\xE4\xBD", false) + frame_of(opcode::continuation, "\xA0")) ==
          arrivals{"text:\u4f60"});
}

TEST_CASE("random messages come back, in both roles") {
    std::mt19937 random{42};
    for (const auto own : {role::server, role::client}) {
        stream one;
        one.own = own;
        one.limits = with_binary();
        one.limits.message_bytes_max = 1 << 20;
        one.limits.control_frames_max = 100'000;
        for (int round = 0; round < 200; ++round) {
            std::string bytes;
            arrivals expected;
            for (int i = 0; i < 8; ++i) {
                std::string payload(random() % (i == 7 ? 70'000 : 300), '\0');
                for (auto& c : payload) {
                    c = static_cast<char>(random());
                }
                const auto fragments = 1 + random() % 5;
                for (std::size_t f = 0, at = 0; f < fragments; ++f) {
                    const auto size = f + 1 == fragments ? payload.size() - at
                                                         : random() % (payload.size() - at + 1);
                    bytes +=
                        frame_of(f == 0 ? opcode::binary : opcode::continuation,
                                 payload.substr(at, size), f + 1 == fragments, own == role::server);
                    at += size;
                    if (f + 1 < fragments && random() % 2 == 0) {
                        bytes += frame_of(opcode::ping, "?", true, own == role::server);
                        expected.push_back("ping:?");
                    }
                }
                expected.push_back("binary:" + payload);
            }
            REQUIRE(one.feed(bytes, 1 + random() % 5000) == expected);
        }
    }
}

TEST_CASE("violations have their codes") {
    const auto text = frame_of(opcode::text, "a", false);
    CHECK(of(frame_of(opcode::text, "a", true, false)) == arrivals{"violation 1002"});
    CHECK(of("\xC1\x80....") == arrivals{"violation 1002"});
    CHECK(of("\x83\x80....") == arrivals{"violation 1002"});
    CHECK(of(frame_of(opcode::continuation, "a")) == arrivals{"violation 1002"});
    CHECK(of(text + frame_of(opcode::text, "a")) == arrivals{"violation 1002"});
    CHECK(of(frame_of(opcode::ping, "a", false)) == arrivals{"violation 1002"});
    CHECK(of(frame_of(opcode::ping, std::string(126, 'a'))) == arrivals{"violation 1002"});
    CHECK(of(frame_of(opcode::ping, std::string(125, 'a'))).front().starts_with("ping"));
    CHECK(of(frame_of(opcode::binary, "a")) == arrivals{"violation 1003"});
    CHECK(of(frame_of(opcode::binary, "a"), with_binary()) == arrivals{"binary:a"});
    CHECK(of(frame_of(opcode::text, "\xFF")) == arrivals{"violation 1007"});
    CHECK(of(frame_of(opcode::text, "\xE4\xBD")) == arrivals{"violation 1007"});
    CHECK(of(text + frame_of(opcode::continuation, "\xE4\xBD")) == arrivals{"violation 1007"});
    CHECK(of(frame_of(opcode::binary, "\xFF"), with_binary()) == arrivals{"binary:\xFF"});
}

TEST_CASE("bad text in a fragment is told before its message ends") {
    CHECK(of(frame_of(opcode::text, "\xFF", false)) == arrivals{"violation 1007"});
}

TEST_CASE("close frames are judged") {
    const auto closing = [](const std::string& payload) {
        return of(frame_of(opcode::close, payload));
    };
    CHECK(closing("") == arrivals{"close 1005:"});
    CHECK(closing("a") == arrivals{"violation 1002"});
    CHECK(closing(close_payload(1000)) == arrivals{"close 1000:"});
    CHECK(closing(close_payload(4001, "slow")) == arrivals{"close 4001:slow"});
    CHECK(closing(close_payload(1005)) == arrivals{"violation 1002"});
    CHECK(closing(close_payload(999)) == arrivals{"violation 1002"});
    CHECK(closing(close_payload(1000, "\xFF")) == arrivals{"violation 1007"});
    CHECK(closing(close_payload(1000, std::string(123, 'r'))).size() == 1);
}

TEST_CASE("size is decided by the declared length, before memory is used") {
    message_limits limits;
    limits.message_bytes_max = 10;
    CHECK(of(frame_of(opcode::text, "0123456789"), limits) == arrivals{"text:0123456789"});
    CHECK(of(frame_of(opcode::text, "0123456789a"), limits) == arrivals{"violation 1009"});
    CHECK(of(frame_of(opcode::text, "012345", false) + frame_of(opcode::continuation, "6789a"),
             limits) == arrivals{"violation 1009"});
    CHECK(of(frame_of(opcode::text, "012345", false) + frame_of(opcode::continuation, "6789"),
             limits) == arrivals{"text:0123456789"});

    for (const int bit : {40, 62, 63}) {
        frame_header header{.payload_bytes = std::uint64_t{1} << bit, .masked = true};
        std::string huge(frame_header_max, '\0');
        huge.resize(write_header(huge.data(), header));
        CHECK(of(huge) == arrivals{"violation 1009"});
        header.op = opcode::continuation;
        write_header(huge.data(), header);
        CHECK(of(frame_of(opcode::text, "a", false) + huge) == arrivals{"violation 1009"});
    }
    frame_header all{
        .payload_bytes = ~std::uint64_t{0}, .op = opcode::continuation, .masked = true};
    std::string most(frame_header_max, '\0');
    most.resize(write_header(most.data(), all));
    CHECK(of(frame_of(opcode::text, "a", false) + most) == arrivals{"violation 1009"});
}

TEST_CASE("a message has at most sixteen fragments") {
    const auto message = [](int fragments) {
        std::string bytes = frame_of(opcode::text, "a", false);
        for (int i = 2; i < fragments; ++i) {
            bytes += frame_of(opcode::continuation, "", false);
        }
        return bytes + frame_of(opcode::continuation, "z");
    };
    CHECK(of(message(16)) == arrivals{"text:az"});
    CHECK(of(message(17)) == arrivals{"violation 1008"});
    CHECK(of(message(16) + message(16)) == arrivals{"text:az", "text:az"});
}

TEST_CASE("ten control frames in ten seconds are enough") {
    stream one;
    const auto ping = frame_of(opcode::ping, "");
    for (int i = 0; i < 10; ++i) {
        CHECK(one.feed(i % 2 == 0 ? ping : frame_of(opcode::pong, "")).size() == 1);
    }
    one.now += 9s;
    stream other;
    for (int i = 0; i < 10; ++i) {
        CHECK(other.feed(ping) == arrivals{"ping:"});
    }
    CHECK(one.feed(ping) == arrivals{"violation 1008"});

    other.now += 10s;
    CHECK(other.feed(ping) == arrivals{"ping:"});
}

TEST_CASE("ten control frames in any ten seconds, wherever one begins to count") {
    stream one;
    const auto ping = frame_of(opcode::ping, "");
    one.now += 100s;
    CHECK(one.feed(ping) == arrivals{"ping:"});
    one.now += 9s;
    for (int i = 0; i < 9; ++i) {
        CHECK(one.feed(ping) == arrivals{"ping:"});
    }
    one.now += 1s;  // the first one is ten seconds old
    CHECK(one.feed(ping) == arrivals{"ping:"});
    CHECK(one.feed(ping) == arrivals{"violation 1008"});
}

TEST_CASE("one control frame a second is never too many") {
    stream one;
    for (int i = 0; i < 100; ++i) {
        CHECK(one.feed(frame_of(opcode::ping, "")) == arrivals{"ping:"});
        one.now += 1s;
    }
}

TEST_CASE("a pong that was asked for is not counted, nor is a close") {
    stream one;
    const auto pong = frame_of(opcode::pong, "");
    for (int i = 0; i < 30; ++i) {
        one.assembler.expect_pong();
        CHECK(one.feed(pong) == arrivals{"pong:"});
    }
    for (int i = 0; i < 10; ++i) {
        CHECK(one.feed(pong) == arrivals{"pong:"});
    }
    CHECK(one.feed(frame_of(opcode::close, "")) == arrivals{"close 1005:"});
    CHECK(one.feed(pong) == arrivals{"violation 1008"});
}

TEST_CASE("it is known since when a message is unfinished") {
    stream one;
    CHECK_FALSE(one.assembler.unfinished());

    CHECK(one.feed("\x01").empty());
    CHECK(one.assembler.unfinished_since() == start);
    one.now += 3s;
    CHECK(one.feed(frame_of(opcode::text, "ab", false).substr(1)).empty());
    one.now += 3s;
    CHECK(one.feed(frame_of(opcode::ping, "p")) == arrivals{"ping:p"});
    CHECK(one.assembler.unfinished_since() == start);
    CHECK(one.feed(frame_of(opcode::continuation, "c")) == arrivals{"text:abc"});
    CHECK_FALSE(one.assembler.unfinished());

    CHECK(one.feed(frame_of(opcode::ping, "p").substr(0, 3)).empty());
    CHECK(one.assembler.unfinished_since() == one.now);
}
