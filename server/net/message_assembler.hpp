// What arrived on one connection, from bytes: whole messages, control frames, the first violation.
// Holds what is unfinished between reads, and nothing when nothing is. No I/O, and time is an
// argument. Any thread, one at a time.
#pragma once

#include "server/net/frame.hpp"
#include "server/net/ws_options.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace onechat::net {

struct arrival {
    enum class what : std::uint8_t {
        nothing,    // all bytes are used up
        text,       // payload: the message
        binary,     // payload: the message
        ping,       // payload: what the pong must carry
        pong,       // payload
        close,      // code (1005 when it held none), payload: the reason
        violation,  // code to close with, payload: the reason to give; don't ask again
    };
    what kind = what::nothing;
    std::uint16_t code = 0;
    std::string_view payload;
};

class message_assembler {
public:
    using time_point = std::chrono::steady_clock::time_point;

    message_assembler();
    ~message_assembler();
    message_assembler(message_assembler&&) noexcept;
    message_assembler& operator=(message_assembler&&) noexcept;

    // The next arrival in `bytes`, which are shortened by what it took, and unmasked in place. The
    // payload is valid until the next call, while the bytes are. Call it until it says `nothing`.
    // Memory grows with what arrived, never with what a header declares.
    [[nodiscard]] arrival next(std::span<char>& bytes, role own, const message_limits& limits,
                               time_point now);

    // One more pong is an answer and does not count as a control frame.
    void expect_pong();

    // Whether a frame or message has begun and not ended (after `nothing`), and since when.
    [[nodiscard]] bool unfinished() const { return partial_ != nullptr; }
    [[nodiscard]] time_point unfinished_since() const;

private:
    struct partial;

    [[nodiscard]] partial& hold(time_point now);
    [[nodiscard]] arrival begin(const frame_header& header, const message_limits& limits,
                                time_point now);
    [[nodiscard]] arrival take_payload(std::span<char>& bytes);
    [[nodiscard]] arrival whole_frame(const frame_header& header, std::string_view payload);
    [[nodiscard]] bool over_control_rate(opcode op, const message_limits& limits, time_point now);

    std::unique_ptr<partial> partial_;
    std::unique_ptr<std::vector<time_point>> control_frames_;  // of the last window; none: null
    std::uint8_t pongs_expected_ = 0;
};

}  // namespace onechat::net
