#include "server/net/transport.hpp"

#include "tests/net/loopback.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

using namespace onechat::net;

namespace {

// Of what the client has sent.
unsigned unacknowledged(const raw_client& client) {
    tcp_info info{};
    socklen_t size = sizeof info;
    REQUIRE(::getsockopt(client.descriptor(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0);
    return info.tcpi_unacked;
}

}  // namespace

// The first text proves nothing: the kernel has just seen the upgrade answered. It acknowledges by
// itself when 40 ms have passed, on a busy machine before this can look, and the next text at once.
TEST_CASE("what a server reads is not acknowledged by a packet of its own") {
    const auto over = GENERATE(over_tcp, over_tls);
    INFO(over);
    loopback here{over};
    const auto client = here.upgraded();
    unsigned waited = 0;
    for (std::size_t said = 1; said <= 40 && waited == 0; ++said) {
        client->send(frame_of(opcode::text, "said"));
        REQUIRE(here.until([&] { return here.events.count("text:said") == said; }));
        waited += said > 1 ? unacknowledged(*client) : 0;
        REQUIRE(here.until([&] { return unacknowledged(*client) == 0; }));
    }
    CHECK(waited > 0);
}
