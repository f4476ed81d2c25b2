// What a server shows over TLS: its certificate chain and key, read from PEM files, and read again
// while connections live on. Who is believed on the other end is tls_connector's. Loop thread only.
#pragma once

#include "server/net/tls_rules.hpp"
#include "server/net/tls_stream.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace onechat::net {

class tls_context {
public:
    struct files {
        std::string certificate;  // the server's own first, then those between it and the root
        std::string key;          // not encrypted, and not readable by everybody
    };

    using clock = std::function<std::chrono::steady_clock::time_point()>;

    // Throws std::runtime_error with a sentence that a person can act on. `read_clock` is for
    // tests.
    explicit tls_context(files from, clock read_clock = std::chrono::steady_clock::now);

    // Reads the files again, for newcomers; those who are here keep what they have. Empty when
    // done, otherwise a sentence, and all stays as it was. Tickets of before are forgotten, since
    // their keys are made anew each time.
    [[nodiscard]] std::string reload();

    // A sentence about what is wrong but allowed (the certificate has expired); else empty.
    [[nodiscard]] const std::string& warning() const { return now_.warning; }
    [[nodiscard]] std::chrono::system_clock::time_point expires() const { return now_.expires; }

    // For one accepted connection. Lives on when this changes or dies. The keys of tickets are made
    // anew once they are a day old: who learns one could read what was said over TLS 1.2 until
    // then.
    [[nodiscard]] tls_stream accepted();

private:
    struct loaded {
        tls_settings settings;
        std::string warning;
        std::chrono::system_clock::time_point expires;
        std::chrono::steady_clock::time_point ticket_keys_made;
    };

    [[nodiscard]] loaded load() const;

    files from_;
    clock clock_;
    loaded now_;
};

}  // namespace onechat::net
