// What a server shows over TLS: its certificate chain and key, read from PEM files, and read again
// while connections live on. Who is believed on the other end is tls_connector's. Loop thread only.
#pragma once

#include "server/net/tls_rules.hpp"
#include "server/net/tls_stream.hpp"

#include <chrono>
#include <string>

namespace onechat::net {

class tls_context {
public:
    struct files {
        std::string certificate;  // the server's own first, then those between it and the root
        std::string key;          // not encrypted, and not readable by everybody
    };

    // Throws std::runtime_error with a sentence that a person can act on.
    explicit tls_context(files from);

    // Reads the files again, for newcomers; those who are here keep what they have. Empty when
    // done, otherwise a sentence, and all stays as it was. Tickets of before are forgotten: their
    // keys are made anew each time, so reloading is also how they are changed.
    [[nodiscard]] std::string reload();

    // A sentence about what is wrong but allowed (the certificate has expired); else empty.
    [[nodiscard]] const std::string& warning() const { return now_.warning; }
    [[nodiscard]] std::chrono::system_clock::time_point expires() const { return now_.expires; }

    // For one accepted connection. Lives on when this changes or dies.
    [[nodiscard]] tls_stream accepted() const;

private:
    struct loaded {
        tls_settings settings;
        std::string warning;
        std::chrono::system_clock::time_point expires;
    };

    [[nodiscard]] static loaded load(const files& from);

    files from_;
    loaded now_;
};

}  // namespace onechat::net
