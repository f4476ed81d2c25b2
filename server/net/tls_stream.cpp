#include "server/net/tls_stream.hpp"

#include "server/net/tls_rules.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <limits>
#include <new>
#include <sys/socket.h>

namespace onechat::net {
namespace {

// What OpenSSL may hold of a record that has not come whole: header, 16 KiB and what encryption
// adds (RFC 8446, section 5.2; RFC 5246, section 6.2.3 allows more).
constexpr std::size_t held_bytes_max = 5 + 16384 + 2048;
static_assert(tls_stream::read_bytes_min > held_bytes_max);

// New keys, tickets, wishes to negotiate anew: a few in the life of a connection that means well (a
// key lasts for millions of records, RFC 8446, section 5.5). They carry nothing for us, and each
// costs far more to take than to send.
constexpr std::uint8_t handshake_records_max = 64;

// What one call into OpenSSL may do with the descriptor, and what came of it.
struct exchange {
    int descriptor = -1;
    std::size_t budget = std::numeric_limits<std::size_t>::max();  // bytes it may still receive
    bool drained = false;  // a short read has told that nothing more is there: don't ask in vain
    bool ended = false;
    bool failed = false;
    std::uint8_t* handshake_records = nullptr;  // counted here, once the handshake is over
};

int receive(BIO* bio, char* into, int size) {
    auto& io = *static_cast<exchange*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const auto asked = std::min(static_cast<std::size_t>(size), io.budget);
    if (io.failed) {
        return -1;
    }
    while (asked != 0 && !io.drained) {
        const auto got = ::recv(io.descriptor, into, asked, 0);
        if (got > 0) {
            io.budget -= static_cast<std::size_t>(got);
            io.drained = static_cast<std::size_t>(got) < asked;
            return static_cast<int>(got);
        }
        if (got == 0) {
            io.ended = true;
            return 0;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            io.drained = true;
        } else if (errno != EINTR) {
            io.failed = true;
            return -1;
        }
    }
    BIO_set_retry_read(bio);
    return -1;
}

int send_off(BIO* bio, const char* bytes, int size) {
    auto& io = *static_cast<exchange*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    for (;;) {
        const auto put = ::send(io.descriptor, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
        if (put >= 0) {
            return static_cast<int>(put);
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            BIO_set_retry_write(bio);
            return -1;
        }
        if (errno != EINTR) {
            io.failed = true;
            return -1;
        }
    }
}

long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_EOF) {
        return static_cast<exchange*>(BIO_get_data(bio))->ended ? 1 : 0;
    }
    return command == BIO_CTRL_FLUSH ? 1 : 0;  // nothing is ever kept back
}

int create(BIO* bio) {
    BIO_set_init(bio, 1);
    return 1;
}

// Instead of OpenSSL's own socket BIO, which would die of SIGPIPE, and asks the kernel once more
// after each short read.
const BIO_METHOD& descriptor_bio() {
    static const BIO_METHOD* const method = [] {
        BIO_METHOD* const made =
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "descriptor");
        if (made == nullptr) {
            throw std::bad_alloc{};
        }
        BIO_meth_set_read(made, receive);
        BIO_meth_set_write(made, send_off);
        BIO_meth_set_ctrl(made, control);
        BIO_meth_set_create(made, create);
        return made;
    }();
    return *method;
}

// Is told of every record before it is looked into. In TLS 1.3 a record says outside that it is
// data, and inside what it is.
void hear_record(int is_ours, int, int told, const void* bytes, std::size_t size, SSL* ssl, void*) {
    const bool is_kind = told == SSL3_RT_HEADER || told == SSL3_RT_INNER_CONTENT_TYPE;
    if (is_ours != 0 || !is_kind || size == 0 ||
        *static_cast<const unsigned char*>(bytes) != SSL3_RT_HANDSHAKE) {
        return;
    }
    auto& io = *static_cast<exchange*>(BIO_get_data(SSL_get_rbio(ssl)));
    if (io.handshake_records == nullptr || ++*io.handshake_records <= handshake_records_max) {
        return;
    }
    *io.handshake_records = handshake_records_max;
    io.failed = true;
    // What was received already is not looked into either.
    SSL_set_shutdown(ssl, SSL_get_shutdown(ssl) | SSL_RECEIVED_SHUTDOWN);
}

// Before each call: what the queue of errors holds from elsewhere would be taken for its outcome.
void enter(SSL* ssl, exchange& io) {
    BIO_set_data(SSL_get_rbio(ssl), &io);
    if (ERR_peek_error() != 0) {  // clearing an empty one costs 60 ns
        ERR_clear_error();
    }
}

// What a call that came to nothing has met. A missing close_notify is an end like any other: a
// WebSocket says by itself where it ends.
io_outcome outcome_of(const SSL* ssl, const exchange& io) {
    if (io.ended) {
        return io_outcome::ended;
    }
    if (io.failed) {
        return io_outcome::failed;
    }
    switch (SSL_get_error(ssl, 0)) {
        case SSL_ERROR_WANT_READ:
            return io_outcome::wants_read;
        case SSL_ERROR_WANT_WRITE:
            return io_outcome::wants_write;
        case SSL_ERROR_ZERO_RETURN:
            return io_outcome::ended;
        default:
            return io_outcome::failed;
    }
}

}  // namespace

void tls_stream::free_ssl::operator()(ssl_st* ssl) const {
    SSL_free(ssl);
}

tls_stream::tls_stream(ssl_ctx_st& settings, side own) : ssl_(SSL_new(&settings)) {
    BIO* const bio = ssl_ ? BIO_new(&descriptor_bio()) : nullptr;
    if (bio == nullptr) {
        throw std::bad_alloc{};
    }
    SSL_set_bio(ssl_.get(), bio, bio);
    SSL_set_msg_callback(ssl_.get(), hear_record);
    if (own == side::server) {
        SSL_set_accept_state(ssl_.get());
    } else {
        SSL_set_connect_state(ssl_.get());
    }
}

io_result tls_stream::handshake(int descriptor) {
    exchange io{.descriptor = descriptor};
    enter(ssl_.get(), io);
    if (SSL_do_handshake(ssl_.get()) == 1) {
        return {.what = io_outcome::moved};
    }
    return {.what = outcome_of(ssl_.get(), io)};
}

std::string tls_stream::trouble() const {
    auto reason = take_tls_error();
    if (const long verdict = SSL_get_verify_result(ssl_.get());
        SSL_get_verify_mode(ssl_.get()) != SSL_VERIFY_NONE && verdict != X509_V_OK) {
        return std::string{"has a certificate that is not trusted: "} +
               X509_verify_cert_error_string(verdict);
    }
    return "could not agree on TLS: " + (reason.empty() ? "it went away" : reason);
}

io_result tls_stream::read(int descriptor, std::span<char> into) {
    assert(into.size() >= read_bytes_min);
    // So that all that was received is also decrypted before we return.
    exchange io{.descriptor = descriptor,
                .budget = into.size() - held_bytes_max,
                .handshake_records = &handshake_records_};
    enter(ssl_.get(), io);
    std::size_t have = 0;
    for (;;) {
        std::size_t got = 0;
        if (SSL_read_ex(ssl_.get(), into.data() + have, into.size() - have, &got) == 1) {
            have += got;
            if (have == into.size() || (io.drained && SSL_has_pending(ssl_.get()) == 0)) {
                return {.what = io_outcome::moved, .more = !io.drained, .bytes = have};
            }
            continue;
        }
        const auto met = outcome_of(ssl_.get(), io);
        const bool may_go_on = met == io_outcome::wants_read && !io.drained;
        if (have != 0) {
            return {.what = io_outcome::moved,
                    .more = may_go_on,
                    .again = met != io_outcome::wants_read,
                    .bytes = have};
        }
        return {.what = met, .more = may_go_on};
    }
}

io_result tls_stream::write(int descriptor, std::string_view bytes) {
    exchange io{.descriptor = descriptor};
    enter(ssl_.get(), io);
    std::size_t done = 0;
    while (done < bytes.size()) {  // one record at a time
        std::size_t put = 0;
        if (SSL_write_ex(ssl_.get(), bytes.data() + done, bytes.size() - done, &put) != 1) {
            if (done == 0) {
                return {.what = outcome_of(ssl_.get(), io)};
            }
            break;
        }
        done += put;
    }
    return {.what = io_outcome::moved, .bytes = done};
}

void tls_stream::end_writing(int descriptor) {
    // Not amid a handshake, nor after a failure, which OpenSSL takes back into one.
    if (SSL_is_init_finished(ssl_.get()) == 0 ||
        (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) != 0) {
        return;
    }
    exchange io{.descriptor = descriptor};
    enter(ssl_.get(), io);
    SSL_shutdown(ssl_.get());
}

}  // namespace onechat::net
