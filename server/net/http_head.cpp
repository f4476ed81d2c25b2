#include "server/net/http_head.hpp"

#include "server/net/ascii.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace onechat::net {
namespace http = boost::beast::http;

namespace {

constexpr std::string_view line_end = "\r\n";

request_head refused(unsigned status, std::string_view why) {
    request_head head;
    head.what = request_head::state::refused;
    head.refusal = http_answer::refusal(status, why);
    head.refusal.close = true;
    return head;
}

// Where the head ends, its last empty line included; npos when it has not come yet.
std::size_t end_of_head(std::string_view received) {
    const auto at = received.find("\r\n\r\n");
    return at == std::string_view::npos ? at : at + 4;
}

// What a line-by-line look can tell, on as much of a head as is here: nothing when it is fine.
// Bare line ends and folded lines are refused, since proxies differ in what they make of them
// (RFC 9112, sections 2.2 and 5.2).
std::string_view line_trouble(std::string_view head) {
    for (std::size_t i = 0; i < head.size(); ++i) {
        const char c = head[i];
        if (c == '\0') {
            return "nul_in_head";
        }
        if (c == '\n') {
            if (i == 0 || head[i - 1] != '\r') {
                return "bare_line_feed";
            }
            if (i + 1 < head.size() && (head[i + 1] == ' ' || head[i + 1] == '\t')) {
                return "folded_header";
            }
        }
        if (c == '\r' && i + 1 < head.size() && head[i + 1] != '\n') {
            return "bare_carriage_return";
        }
    }
    return {};
}

// "GET " and " HTTP/1.1" around the target.
bool target_too_long(std::string_view head) {
    const auto line = head.substr(0, head.find(line_end));
    const auto begin = line.find(' ');
    if (begin == std::string_view::npos) {
        return false;
    }
    const auto target = line.substr(begin + 1);
    return target.substr(0, target.find(' ')).size() > target_bytes_max;
}

bool is_visible_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

// The path and query of the two forms that a resource can be asked for in (RFC 9112, sections 3.2.1
// and 3.2.2); empty for the others, of a proxy and of OPTIONS. `authority` is left alone by the
// first form.
std::string origin_form(std::string_view target, std::string_view& authority) {
    if (target.starts_with('/')) {
        return std::string{target};
    }
    const auto colon = target.find("://");
    const auto scheme = target.substr(0, colon);
    if (colon == std::string_view::npos ||
        !(same_word(scheme, "http") || same_word(scheme, "https"))) {
        return {};
    }
    target.remove_prefix(colon + 3);
    authority = target.substr(0, target.find_first_of("/?#"));
    // A user name before the host is an error (RFC 9110, section 4.2.4).
    if (authority.empty() || authority.find('@') != std::string_view::npos) {
        return {};
    }
    target.remove_prefix(authority.size());
    return (target.starts_with('/') ? "" : "/") + std::string{target};
}

template <class Fields>
void copy_headers(const Fields& fields, std::vector<http_header>& headers) {
    for (const auto& field : fields) {
        headers.push_back({std::string{field.name_string()}, std::string{field.value()}});
    }
}

bool has_token(std::string_view query) {
    return query.starts_with("token=") || query.find("&token=") != std::string_view::npos;
}

// "MUST ignore the received Host header field (if any) and instead replace it" (RFC 9112, 3.2.2).
void replace_host(http_request& request, std::string_view authority) {
    for (auto& header : request.headers) {
        if (same_word(header.name, "Host")) {
            header.value = authority;
        }
    }
}

// The grammar is fine; is the request?
request_head judged(request_head head) {
    const auto& request = head.request;
    if (request.headers.size() > headers_max) {
        return refused(431, "too_many_headers");
    }
    const bool has_length = request.count("Content-Length") != 0;
    if (request.count("Transfer-Encoding") != 0) {
        return has_length ? refused(400, "length_and_encoding")
                          : refused(501, "transfer_encoding_not_supported");
    }
    // Also as a list, "5, 5", of which Beast takes one.
    if (request.count("Content-Length") > 1 ||
        request.header("Content-Length").find(',') != std::string_view::npos) {
        return refused(400, "two_lengths");
    }
    if (request.count("Host") != 1 || request.header("Host").empty()) {
        return refused(400, "one_host_required");
    }
    // A query is read as browsers write it, but a token has no business in a URL in any spelling.
    if (has_token(request.query) || request.query_value("token")) {
        return refused(400, "token_in_url");
    }
    return head;
}

}  // namespace

request_head read_request_head(std::string_view received) {
    // "SHOULD ignore at least one empty line received prior to the request-line" (RFC 9112, 2.2).
    const std::size_t skipped = received.starts_with(line_end) ? line_end.size() : 0;
    auto bytes = received.substr(skipped);

    const auto end = end_of_head(bytes);
    const bool complete = end != std::string_view::npos;
    bytes = bytes.substr(0, complete ? end : bytes.size());
    if (target_too_long(bytes)) {
        return refused(414, "target_too_long");
    }
    if (bytes.size() > head_bytes_max) {
        return refused(431, "head_too_big");
    }
    if (const auto trouble = line_trouble(bytes); !trouble.empty()) {
        return refused(400, trouble);
    }
    if (!complete) {
        return {};
    }

    http::request_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(head_bytes_max));
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());  // judged by the caller
    boost::system::error_code error;
    parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    // Of both, Beast stops at the second one.
    if (error == http::error::bad_transfer_encoding) {
        return parser.get().count(http::field::content_length) != 0
                   ? refused(400, "length_and_encoding")
                   : refused(501, "transfer_encoding_not_supported");
    }
    if (error == http::error::bad_content_length &&
        parser.get().count(http::field::transfer_encoding) != 0) {
        return refused(400, "length_and_encoding");
    }
    if (error || !parser.is_header_done()) {
        return refused(400, "bad_request");
    }

    const auto& message = parser.get();
    const std::string_view target{message.target().data(), message.target().size()};
    if (!is_visible_ascii(target)) {
        return refused(400, "bad_target");
    }
    std::string_view authority;
    const auto resource = origin_form(target, authority);
    if (resource.empty()) {
        return refused(400, "bad_target");
    }
    request_head head;
    head.what = request_head::state::complete;
    head.head_bytes = skipped + bytes.size();
    head.body_bytes = parser.content_length().value_or(0);
    head.http_1_1 = message.version() == 11;
    head.keep_alive = head.http_1_1 && message.keep_alive();
    head.request.method = std::string{message.method_string()};
    const auto mark = resource.find('?');
    head.request.path = resource.substr(0, mark);
    head.request.query = mark == std::string::npos ? std::string{} : resource.substr(mark + 1);
    copy_headers(message, head.request.headers);
    head = judged(std::move(head));
    if (!authority.empty()) {
        replace_host(head.request, authority);
    }
    return head;
}

response_head read_response_head(std::string_view received) {
    response_head head;
    const auto end = end_of_head(received);
    if (end == std::string_view::npos) {
        if (received.size() > head_bytes_max) {
            head.what = response_head::state::malformed;
        }
        return head;
    }
    http::response_parser<http::empty_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(head_bytes_max));
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    boost::system::error_code error;
    parser.put(boost::asio::buffer(received.data(), end), error);
    if (error || !parser.is_header_done()) {
        head.what = response_head::state::malformed;
        return head;
    }
    head.what = response_head::state::complete;
    head.head_bytes = end;
    head.status = parser.get().result_int();
    copy_headers(parser.get(), head.fields.headers);
    return head;
}

std::string write_answer(const http_answer& answer, bool head_only, bool keep_alive) {
    std::string text;
    text.reserve(256 + answer.body.size());
    const auto line = [&text](std::string_view name, std::string_view value) {
        text.append(name).append(": ").append(value).append(line_end);
    };
    const auto reason = http::obsolete_reason(http::int_to_status(answer.status));
    text.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ");
    text.append(reason.data(), reason.size()).append(line_end);
    for (const auto& header : answer.headers) {
        line(header.name, header.value);
    }
    if (answer.status >= 200) {
        line("X-Content-Type-Options", "nosniff");
        if (answer.status != 204 && answer.status != 304) {
            if (!answer.body.empty()) {
                line("Content-Type", answer.content_type);
            }
            line("Content-Length", std::to_string(answer.body.size()));
        }
        if (!keep_alive) {
            // An upgrade refused with 426 names its own connection options.
            const auto own = std::ranges::any_of(answer.headers, [](const http_header& header) {
                return same_word(header.name, "Connection");
            });
            if (!own) {
                line("Connection", "close");
            }
        }
    }
    text.append(line_end);
    if (!head_only) {
        text.append(answer.body);
    }
    return text;
}

}  // namespace onechat::net
