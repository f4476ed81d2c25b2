#include "tests/bench/bare_line.hpp"

#include "server/net/frame.hpp"

#include <array>
#include <stdexcept>

namespace onechat::bench {

std::string upgrade_request(std::string_view authority) {
    return "GET /ws HTTP/1.1\r\nHost: " + std::string{authority} +
           "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Protocol: onechat.v1\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
}

std::string text_frame(std::string_view text) {
    std::array<char, net::frame_header_max> header{};
    const auto size =
        net::write_header(header.data(), {.payload_bytes = text.size(), .masked = true});
    return std::string{header.data(), size}.append(text);
}

bool take_upgrade(std::string& bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) {
        return false;
    }
    if (!bytes.starts_with("HTTP/1.1 101 ")) {
        throw std::runtime_error{"The upgrade was refused: " + bytes.substr(0, bytes.find('\r'))};
    }
    bytes.erase(0, end + 4);
    return true;
}

std::optional<std::string> take_text(std::string& bytes) {
    net::frame_header header;
    const auto state = net::read_header(bytes, net::role::client, header);
    if (state == net::header_state::violation ||
        (state == net::header_state::complete && header.op != net::opcode::text)) {
        throw std::runtime_error{"The server said something else than a text."};
    }
    if (state == net::header_state::incomplete ||
        bytes.size() < header.header_bytes + header.payload_bytes) {
        return std::nullopt;
    }
    std::string text = bytes.substr(header.header_bytes, header.payload_bytes);
    bytes.erase(0, header.header_bytes + header.payload_bytes);
    return text;
}

}  // namespace onechat::bench
