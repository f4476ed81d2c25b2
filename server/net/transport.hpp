// Reads and writes on one connected, non-blocking stream socket, and says in its own words what
// came of it; TLS fits behind the same calls. Not its owner: who holds the descriptor closes it
// (Asio's socket during HTTP, ws_session after the upgrade). Loop thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace onechat::net {

class transport {
public:
    enum class outcome : std::uint8_t {
        moved,        // `bytes` of them, at least one
        wants_read,   // nothing until the descriptor is readable
        wants_write,  // nothing until it is writable
        ended,        // the other end has said all it had to say
        failed,       // reset, timed out, or any other error
    };
    struct result {
        outcome what;
        std::size_t bytes = 0;
    };

    transport() = default;
    explicit transport(int descriptor) : descriptor_(descriptor) {}

    [[nodiscard]] int descriptor() const { return descriptor_; }

    [[nodiscard]] result read(std::span<char> into) const;
    // May move less than given.
    [[nodiscard]] result write(std::string_view bytes) const;

    // We have said all we had to say; reading goes on.
    void end_writing() const;
    void close();

private:
    int descriptor_ = -1;
};

// TCP_NODELAY: what one turn of the loop gathered must not wait for an acknowledgement.
void send_without_delay(int descriptor);

}  // namespace onechat::net
