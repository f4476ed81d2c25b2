#include "server/net/proxy_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace onechat::net {
namespace {

using state = proxy_header::state;

constexpr std::string_view signature_1 = "PROXY ";
constexpr std::string_view signature_2{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t line_bytes_max = 107;
constexpr std::size_t fixed_bytes = 16;  // of version 2

proxy_header malformed() {
    return {.what = state::malformed, .bytes = 0, .source = {}};
}

std::optional<std::uint16_t> port_of(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, trouble] = std::from_chars(text.data(), text.data() + text.size(), port);
    const bool whole = trouble == std::errc{} && end == text.data() + text.size();
    return whole && (text == "0" || text.front() != '0') ? std::optional{port} : std::nullopt;
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    for (;;) {
        const auto word = line.substr(0, line.find(' '));
        words.push_back(word);
        if (word.size() == line.size()) {
            return words;
        }
        line.remove_prefix(word.size() + 1);
    }
}

// The family is told by how the address is written; ::ffff:192.0.2.1 is of IPv6.
std::optional<remote_address> address_in(std::string_view text, bool v6) {
    const bool written_as_v6 = text.find(':') != std::string_view::npos;
    return written_as_v6 == v6 ? remote_address::parse(text) : std::nullopt;
}

// "PROXY TCP4 192.0.2.1 198.51.100.1 4711 443", without the line's end.
proxy_header read_line(std::string_view line) {
    proxy_header read{.what = state::complete, .bytes = line.size() + 2, .source = {}};
    const auto words = words_of(line);
    if (words[1] == "UNKNOWN") {
        return read;  // what follows it means nothing
    }
    if (words.size() != 6 || (words[1] != "TCP4" && words[1] != "TCP6")) {
        return malformed();
    }
    const bool v6 = words[1] == "TCP6";
    const auto source = address_in(words[2], v6);
    const auto target = address_in(words[3], v6);
    const auto port = port_of(words[4]);
    if (!source || !target || !port || !port_of(words[5])) {
        return malformed();
    }
    read.source = source;
    read.source->port = *port;
    return read;
}

proxy_header read_version_1(std::string_view received) {
    const auto end = received.find("\r\n");
    if (end == std::string_view::npos) {
        return received.size() < line_bytes_max ? proxy_header{} : malformed();
    }
    return end + 2 <= line_bytes_max ? read_line(received.substr(0, end)) : malformed();
}

// Where in `received` the source's address stands, and how long it is.
remote_address address_at(std::string_view received, std::size_t begin, std::size_t bytes) {
    remote_address address;
    if (bytes == 4) {
        address.bytes[10] = address.bytes[11] = 0xFF;
    }
    std::copy_n(received.begin() + static_cast<std::ptrdiff_t>(begin), bytes,
                address.bytes.end() - static_cast<std::ptrdiff_t>(bytes));
    return address;
}

proxy_header read_version_2(std::string_view received) {
    const auto at = [received](std::size_t i) { return static_cast<std::uint8_t>(received[i]); };
    constexpr std::uint8_t local = 0x20;
    constexpr std::uint8_t forwarded = 0x21;
    if (received.size() > 12 && at(12) != local && at(12) != forwarded) {
        return malformed();
    }
    if (received.size() < fixed_bytes) {
        return {};
    }
    const std::size_t length = static_cast<std::size_t>(at(14)) << 8 | at(15);
    const std::size_t whole = fixed_bytes + length;
    if (whole > proxy_header_bytes_max) {
        return malformed();
    }
    if (received.size() < whole) {
        return {};
    }
    proxy_header read{.what = state::complete, .bytes = whole, .source = {}};
    // What is neither TCP, nor a socket of that machine, nor left open is no connection of ours.
    constexpr std::uint8_t tcp_4 = 0x11;
    constexpr std::uint8_t tcp_6 = 0x21;
    constexpr std::uint8_t unix_stream = 0x31;
    const std::uint8_t family = at(13);
    if (at(12) == local || family == 0 || family == unix_stream) {
        return read;
    }
    const std::size_t bytes = family == tcp_4 ? 4 : 16;
    if ((family != tcp_4 && family != tcp_6) || length < 2 * bytes + 4) {
        return malformed();
    }
    const std::size_t port = fixed_bytes + 2 * bytes;
    read.source = address_at(received, fixed_bytes, bytes);
    read.source->port = static_cast<std::uint16_t>(at(port) << 8 | at(port + 1));
    return read;
}

}  // namespace

proxy_header read_proxy_header(std::string_view received) {
    const auto begins_as = [received](std::string_view signature) {
        return received.substr(0, signature.size()) == signature.substr(0, received.size());
    };
    if (begins_as(signature_1)) {
        return received.size() < signature_1.size() ? proxy_header{} : read_version_1(received);
    }
    if (begins_as(signature_2)) {
        return received.size() < signature_2.size() ? proxy_header{} : read_version_2(received);
    }
    return malformed();
}

}  // namespace onechat::net
