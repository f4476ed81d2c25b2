#include "server/net/handshake.hpp"

#include "server/net/http_head.hpp"
#include "tests/support/catch.hpp"

using namespace onechat::net;

namespace {

http_request good() {
    http_request request;
    request.method = "GET";
    request.path = "/ws";
    request.headers = {{"Host", "a"},
                       {"upgrade", "WebSocket"},
                       {"Connection", "keep-alive, Upgrade"},
                       {"Sec-WebSocket-Version", "13"},
                       {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}};
    return request;
}

unsigned status_with(std::size_t header, std::string value) {
    auto request = good();
    request.headers.at(header).value = std::move(value);
    const auto refusal = upgrade_refusal(request, true);
    return refusal ? refusal->status : 101;
}

std::string protocol_for(const std::string& offered) {
    auto request = good();
    request.headers.push_back({"Sec-WebSocket-Protocol", offered});
    for (const auto& header : upgrade_answer(request, "onechat.v1").headers) {
        if (header.name == "Sec-WebSocket-Protocol") {
            return header.value;
        }
    }
    return "none";
}

}  // namespace

TEST_CASE("the key of RFC 6455, section 1.3, has its answer") {
    CHECK(accept_of("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("an upgrade is refused by what is wrong with it") {
    CHECK_FALSE(upgrade_refusal(good(), true));
    CHECK(status_with(1, "h2c") == 426);
    CHECK(status_with(1, "h2c, websocket") == 101);
    CHECK(status_with(2, "keep-alive") == 426);
    CHECK(status_with(3, "8") == 426);
    CHECK(status_with(3, "13, 8") == 426);
    for (const auto* const key : {"", "abc", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25j!Q==",
                                  "dGhlIHNhbXBsZSBub25jZQ==AAAA", "dGhlIHNhbXBsZSBub25jZQAA"}) {
        CHECK(status_with(4, key) == 400);
    }
    CHECK(upgrade_refusal(good(), false)->status == 400);

    auto request = good();
    request.method = "POST";
    CHECK(upgrade_refusal(request, true)->status == 400);
    request = good();
    request.headers.push_back(request.headers.back());
    CHECK(upgrade_refusal(request, true)->status == 400);
}

TEST_CASE("426 says what is spoken here and closes") {
    auto request = good();
    request.headers.erase(request.headers.begin() + 1);
    const auto text = write_answer(*upgrade_refusal(request, true), false, false);

    CHECK(text.find("HTTP/1.1 426 Upgrade Required\r\n") == 0);
    CHECK(text.find("Upgrade: websocket\r\n") != std::string::npos);
    CHECK(text.find("Sec-WebSocket-Version: 13\r\n") != std::string::npos);
    CHECK(text.find("Connection: Upgrade, close\r\n") != std::string::npos);
}

TEST_CASE("the subprotocol is echoed when offered, and nothing otherwise") {
    CHECK(protocol_for("onechat.v1") == "onechat.v1");
    CHECK(protocol_for("chat, onechat.v1") == "onechat.v1");
    CHECK(protocol_for("onechat.v2") == "none");
    CHECK(protocol_for("ONECHAT.V1") == "none");
    CHECK(protocol_for("") == "none");
}

TEST_CASE("a fresh key is a good key") {
    CHECK(status_with(4, make_key()) == 101);
    CHECK(make_key() != make_key());
}
