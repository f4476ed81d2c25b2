// What a proxy may say before a connection's own bytes, cut anywhere: the first answer is the same
// however it comes, ends where it says, and never takes a byte of what follows.
#include "server/net/proxy_header.hpp"

#include "tests/fuzz/target.hpp"

using namespace onechat::net;
using namespace onechat::fuzz;
using state = proxy_header::state;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view received = text_of(data, size);
    const auto whole = read_proxy_header(received);

    if (whole.what == state::incomplete) {
        must(received.size() < proxy_header_bytes_max, "what is awaited has a limit");
        must(!whole.source, "nobody is named before the end");
        return 0;
    }
    if (whole.what == state::complete) {
        must(whole.bytes <= received.size() && whole.bytes <= proxy_header_bytes_max,
             "a header ends in what was received");
        const auto head = received.substr(0, whole.bytes);
        const bool is_line = head.starts_with("PROXY ");
        must(!is_line || (head.find("\r\n") == head.size() - 2 && head.size() <= 107),
             "a line ends with the first end of a line");
        must(is_line || (head.size() >= 16 && (static_cast<unsigned char>(head[12]) >> 4) == 2),
             "a binary header has a signature and its version");
        if (whole.source && is_line) {
            const bool says_v4 = head.starts_with("PROXY TCP4 ");
            must(says_v4 || head.starts_with("PROXY TCP6 "), "who is named has a family");
            // An address of IPv4 may well be written as one of IPv6, the other way round not.
            const auto source = head.substr(11, head.find(' ', 11) - 11);
            must(says_v4 == (source.find(':') == source.npos), "a family is the one that was said");
            must(!says_v4 || whole.source->is_v4(), "what is written as IPv4 is IPv4");
        }
        const auto alone = read_proxy_header(head);
        must(alone.what == state::complete && alone.bytes == whole.bytes &&
                 alone.source == whole.source,
             "what follows changes nothing");
        must(read_proxy_header(head.substr(0, head.size() - 1)).what == state::incomplete,
             "a header is awaited to its end");
        return 0;
    }
    for (std::size_t bytes = 0; bytes < received.size(); ++bytes) {
        must(read_proxy_header(received.substr(0, bytes)).what != state::complete,
             "what is complete stays so");
    }
    return 0;
}
