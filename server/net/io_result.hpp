// What came of one attempt to move bytes on a non-blocking descriptor, in our own words, whether
// they travel plainly or through TLS. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace onechat::net {

enum class io_outcome : std::uint8_t {
    moved,        // `bytes` of them, at least one; a handshake: complete
    wants_read,   // nothing until the descriptor is readable, whichever way was asked for
    wants_write,  // nothing until it is writable
    ended,        // the other end has said all it had to say
    failed,       // reset, timed out, or any other error
};

// Small enough to be returned in registers.
struct io_result {
    io_outcome what;
    bool more = false;   // read: the descriptor may hold more than was taken from it
    bool again = false;  // read: ask once more, an end or a failure behind these bytes is known
    std::size_t bytes = 0;
};

}  // namespace onechat::net
