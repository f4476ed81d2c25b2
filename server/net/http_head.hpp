// The head of an HTTP/1.1 message, pure: from bytes to a request that is safe to act on or to the
// status that refuses it, and from an answer to bytes. Beast does the grammar; what Beast accepts
// and we don't is refused here. No I/O. Any thread.
#pragma once

#include "server/net/http.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace onechat::net {

// quality.md, "Input and the exact answer".
inline constexpr std::size_t head_bytes_max = std::size_t{8} * 1024;
inline constexpr std::size_t headers_max = 64;
inline constexpr std::size_t target_bytes_max = std::size_t{2} * 1024;

struct request_head {
    enum class state : std::uint8_t { incomplete, complete, refused };

    state what = state::incomplete;
    std::size_t head_bytes = 0;  // when complete: where the body begins
    std::uint64_t body_bytes = 0;
    bool http_1_1 = true;
    bool keep_alive = true;
    http_request request;  // without body and remote
    http_answer refusal;   // closes the connection: what follows can't be told apart any more
};

[[nodiscard]] request_head read_request_head(std::string_view received);

// A client's view of an answer to its upgrade request.
struct response_head {
    enum class state : std::uint8_t { incomplete, complete, malformed };

    state what = state::incomplete;
    std::size_t head_bytes = 0;
    unsigned status = 0;
    http_request fields;  // only its headers
};

[[nodiscard]] response_head read_response_head(std::string_view received);

// The whole answer; the body is left out for HEAD, its length is not.
[[nodiscard]] std::string write_answer(const http_answer& answer, bool head_only, bool keep_alive);

}  // namespace onechat::net
