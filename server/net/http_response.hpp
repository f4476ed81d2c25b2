// A whole HTTP/1.1 answer as a client takes it, pure: from the bytes that have come to status and
// body. Only answers that say where they end: over TLS, as we treat its end, one that ends with the
// connection could have been cut short by anybody. Beast does the grammar. Any thread.
#pragma once

#include "server/net/http_head.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace onechat::net {

struct http_response {
    enum class state : std::uint8_t {
        incomplete,
        complete,
        malformed,  // or beyond a limit: what follows can't be told apart any more
    };

    state what = state::incomplete;
    std::size_t bytes = 0;  // when complete: of all that was read
    unsigned status = 0;
    std::string body{};
    bool keep_alive = false;
};

// Interim answers (1xx) that are skipped, together: one or two are usual, a stream of them is not.
inline constexpr std::size_t interim_bytes_max = head_bytes_max;

// All that is read of an answer: its heads, its body, and as much again for how a body may be cut
// into chunks.
[[nodiscard]] constexpr std::size_t response_bytes_max(std::size_t body_bytes_max) {
    return interim_bytes_max + 2 * (head_bytes_max + body_bytes_max);
}

// The head may have http_head's limits. Interim answers (1xx) before it are skipped.
[[nodiscard]] http_response read_response(std::string_view received, std::size_t body_bytes_max);

}  // namespace onechat::net
