// What a client will make of the certificate that a server shows: whether this machine's
// authorities lead to it. A check for people, made once; the server itself shows what it is given
// (tls_context). Any thread.
#pragma once

#include <string>
#include <vector>

namespace onechat::net {

struct tls_chain {
    std::vector<std::string> names;  // whom the certificate speaks for
    std::string trouble;             // a sentence without its end; empty: believed here
};

// Throws std::runtime_error with a sentence when the file can't be read.
[[nodiscard]] tls_chain look_at_chain(const std::string& file);

}  // namespace onechat::net
