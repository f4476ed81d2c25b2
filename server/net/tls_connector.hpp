// The client's side of TLS: whom to believe to be the server, and connections that hold it to that.
// Loop thread only.
#pragma once

#include "server/net/tls_rules.hpp"
#include "server/net/tls_stream.hpp"

#include <boost/system/result.hpp>

#include <string>

namespace onechat::net {

// Whose word counts for the server's certificate; by default that of the system's roots.
struct tls_trust {
    std::string ca_file{};    // of these (PEM) instead; may also be the server's own certificate
    std::string more_file{};  // of these (PEM) besides
    bool anybody = false;     // for tests and trials on one's own machine: nothing is verified
};

struct tls_refusal {
    std::string sentence;
};

class tls_connector {
public:
    explicit tls_connector(tls_trust trust) : trust_(std::move(trust)) {}

    // Reads the roots unless they have been; empty when done, else the rest of a sentence.
    [[nodiscard]] std::string prepare();

    // For a connection to that host, a name or an address, which the certificate must name too.
    // Refused when the roots can't be read.
    [[nodiscard]] boost::system::result<tls_stream, tls_refusal> towards(const std::string& host);

private:
    tls_trust trust_;
    tls_settings settings_;
};

}  // namespace onechat::net
