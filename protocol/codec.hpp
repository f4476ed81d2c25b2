// Text to message and back, for both directions. What is refused is named by one row of the codes,
// with a sentence for a developer that never repeats what the client sent. Not the rules of the
// lobby: a message that parses may still be forbidden. Pure functions: any thread.
#pragma once

#include "protocol/client_messages.hpp"
#include "protocol/codes.hpp"
#include "protocol/read.hpp"
#include "protocol/server_messages.hpp"
#include "protocol/write.hpp"

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace onechat::protocol {

// Why a text is no message.
struct reject {
    refusal code = refusal::bad_json;
    std::string text{};
    std::optional<std::string> field{};
    std::optional<std::int64_t> rid{};
    // Of a `say`, if they are readable: with a cid it is refused by `nack`.
    std::optional<std::uint64_t> cid{};
    std::optional<std::string> pair{};
    bool say = false;
};

struct request {
    client_message message{};
    std::optional<std::int64_t> rid{};
};

struct answer {
    server_message message{};
    std::optional<std::int64_t> rid{};
};

// What a client said. It ignores fields that are not listed; among several faults it names the
// first one in the order of the table.
[[nodiscard]] boost::system::result<request, reject> parse(std::string_view text);

// What a server said, for clients.
[[nodiscard]] boost::system::result<answer, reject> parse_server(std::string_view text);

// How the server answers a text that is no message: `nack` for a `say` with a readable cid, `error`
// for everything else. It goes with `reject::rid`.
[[nodiscard]] server_message answer_to(const reject& why);

// Whether it counts towards the close as protocol_error.
[[nodiscard]] constexpr bool is_malformed(refusal code) {
    return code == refusal::bad_json || code == refusal::unknown_type || code == refusal::bad_field;
}

// Appends. A single message is written by the template of write.hpp, without a variant.
void write(std::string& out, const server_message& message, std::optional<std::int64_t> rid = {});
void write(std::string& out, const client_message& message, std::optional<std::int64_t> rid = {});

// Called by result::value() when there is none: only tests and tools ask without looking.
[[noreturn]] void throw_exception_from_error(const reject& why, const boost::source_location&);

namespace detail {

// This thread's document: what was looked at in it ends with the next parse.
[[nodiscard]] json::document& scratch();

[[nodiscard]] reject reject_of(misfit&& why);

}  // namespace detail

// Any described struct from a JSON object without `t`: what a platform or an operator says.
template <described T>
[[nodiscard]] boost::system::result<T, reject> parse_fields(
    std::string_view text, std::size_t depth_max = limits::depth_max) {
    json::document& document = detail::scratch();
    if (const auto complaint = document.parse(text, depth_max); !complaint.empty()) {
        return reject{.code = refusal::bad_json, .text = std::string{complaint}};
    }
    T out{};
    misfit why;
    if (!read_fields(document.root(), out, why)) {
        return detail::reject_of(std::move(why));
    }
    return out;
}

}  // namespace onechat::protocol
