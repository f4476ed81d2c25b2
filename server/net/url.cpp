#include "server/net/url.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace onechat::net {
namespace {

constexpr std::uint16_t standard_port(bool secure) {
    return secure ? 443 : 80;
}

std::string bracketed(const std::string& host) {
    const bool is_v6 = host.find(':') != std::string::npos;
    return is_v6 ? "[" + host + "]" : host;
}

}  // namespace

boost::system::result<url, bad_url> url::parse(std::string_view text, const forms& expected) {
    const std::string quoted = "\"" + std::string{text} + "\": ";
    url made;
    made.secure = text.starts_with(expected.over_tls);
    if (!made.secure && !text.starts_with(expected.plain)) {
        return bad_url{quoted + "a URL like " + std::string{expected.example} + " is expected"};
    }
    if (!std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; })) {
        return bad_url{quoted + "only visible ASCII characters are allowed"};
    }
    if (text.find('#') != std::string_view::npos) {
        return bad_url{quoted + "a fragment (#) is not allowed"};
    }
    text.remove_prefix(made.secure ? expected.over_tls.size() : expected.plain.size());
    auto authority = text.substr(0, text.find_first_of("/?"));
    text.remove_prefix(authority.size());
    if (authority.find('@') != std::string_view::npos) {
        return bad_url{quoted + "a user name is not allowed"};
    }

    made.port = standard_port(made.secure);
    if (authority.starts_with('[')) {
        const auto bracket = authority.find(']');
        if (bracket == std::string_view::npos) {
            return bad_url{quoted + "the closing bracket of the address is missing"};
        }
        made.host = std::string{authority.substr(1, bracket - 1)};
        authority.remove_prefix(bracket + 1);
    } else {
        made.host = std::string{authority.substr(0, authority.find(':'))};
        authority.remove_prefix(made.host.size());
    }
    if (made.host.empty()) {
        return bad_url{quoted + "the host is missing"};
    }
    if (!authority.empty()) {
        const char* const end = authority.data() + authority.size();
        const auto [stop, error] = std::from_chars(authority.data() + 1, end, made.port);
        if (authority.front() != ':' || error != std::errc{} || stop != end || made.port == 0) {
            return bad_url{quoted + "the port must be a number from 1 to 65535"};
        }
    }
    made.path = text.empty() ? "/" : (text.front() == '?' ? "/" : "") + std::string{text};
    return made;
}

std::string url::authority() const {
    return bracketed(host) + ":" + std::to_string(port);
}

std::string url::host_header() const {
    return port == standard_port(secure) ? bracketed(host) : authority();
}

}  // namespace onechat::net
