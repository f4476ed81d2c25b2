// Where a request goes, as text and taken apart, for the clients in this folder. Of a URL only what
// they can use: no user name and no fragment. Any thread.
#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace onechat::net {

struct bad_url {
    std::string sentence;  // that a person can act on
};

struct url {
    std::string host;  // without brackets
    std::uint16_t port = 80;
    std::string path = "/";  // with the query
    bool secure = false;     // over TLS; port 443 when none is named

    // What goes before the host, plainly and over TLS, and what a right one looks like.
    struct forms {
        std::string_view plain;
        std::string_view over_tls;
        std::string_view example;
    };

    [[nodiscard]] static boost::system::result<url, bad_url> parse(std::string_view text,
                                                                   const forms& expected);
    // "[::1]:8080".
    [[nodiscard]] std::string authority() const;
    // The same without the port that is the scheme's own, as a Host header says it.
    [[nodiscard]] std::string host_header() const;
};

}  // namespace onechat::net
