// Reads the two messages that make up a load, `ack` and a partner's text, without a document: the
// load generator must not be slower than the server. Everything else, and whatever is written in
// another order than ours, is for protocol::parse_server. Pure functions: any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace onechat::cli {

// Views into the scanned message.
struct scanned_ack {
    std::string_view pair;
    std::uint64_t cid = 0;
    std::uint64_t seq = 0;
};
struct scanned_text {
    std::string_view pair;
    std::uint64_t seq = 0;
    std::string_view text;  // without any escape
};

[[nodiscard]] std::optional<scanned_ack> scan_ack(std::string_view message);
[[nodiscard]] std::optional<scanned_text> scan_partner_text(std::string_view message);

}  // namespace onechat::cli
