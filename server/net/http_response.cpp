#include "server/net/http_response.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace onechat::net {
namespace http = boost::beast::http;

namespace {

http_response read_one(std::string_view received, std::size_t body_bytes_max) {
    http::response_parser<http::string_body> parser;
    parser.eager(true);
    parser.header_limit(static_cast<std::uint32_t>(head_bytes_max));
    parser.body_limit(body_bytes_max);
    http_response read;
    boost::system::error_code error;
    read.bytes = parser.put(boost::asio::buffer(received.data(), received.size()), error);
    if (error == http::error::need_more) {
        // Without a head yet it may still be too big for one.
        if (!parser.is_header_done() && received.size() > head_bytes_max) {
            read.what = http_response::state::malformed;
        }
        error = {};
    }
    if (error || (parser.is_header_done() && parser.need_eof())) {
        read.what = http_response::state::malformed;
    }
    if (read.what == http_response::state::malformed || !parser.is_done()) {
        return read;
    }
    read.what = http_response::state::complete;
    read.keep_alive = parser.keep_alive();
    read.status = parser.get().result_int();
    read.body = std::move(parser.get().body());
    return read;
}

}  // namespace

http_response read_response(std::string_view received, std::size_t body_bytes_max) {
    std::size_t skipped = 0;
    http_response read;
    do {
        read = read_one(received.substr(skipped), body_bytes_max);
        skipped += read.bytes;
        if (read.what == http_response::state::incomplete &&
            received.size() > response_bytes_max(body_bytes_max)) {
            read.what = http_response::state::malformed;
        }
    } while (read.what == http_response::state::complete && read.status < 200 &&
             skipped <= interim_bytes_max);
    read.bytes = skipped;
    if (read.what == http_response::state::complete && read.status < 200) {
        read.what = http_response::state::malformed;
    }
    return read;
}

}  // namespace onechat::net
