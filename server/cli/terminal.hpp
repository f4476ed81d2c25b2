// The person's terminal, or the pipe in its place: lines from standard input, lines to standard
// output. No line editing; what the lines mean is the talker's. Main thread.
#pragma once

#include "server/cli/action.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace onechat::cli {

class terminal {
public:
    struct handler {
        std::function<bool()> wants_lines;
        std::function<void(std::string_view line)> typed;
        std::function<void()> ended;  // once, when no line is left
    };

    terminal(boost::asio::io_context& io, bool colours, handler person);
    // Standard input blocks again, as it did before.
    ~terminal();

    terminal(const terminal&) = delete;
    terminal& operator=(const terminal&) = delete;

    // Hands over lines while they are wanted, then reads on; to be called when they are again.
    void go_on();
    void print(const show& what);

private:
    // Longer than any text that can be said. Of a longer line only so much is handed over.
    static constexpr std::size_t line_bytes_max = std::size_t{16} * 1024;

    void hand_over();
    void read();
    void take(std::string_view bytes);

    handler person_;
    bool colours_;
    int flags_before_;
    boost::asio::posix::stream_descriptor input_;
    std::array<char, 4096> chunk_{};
    std::string buffer_;
    std::size_t line_bytes_ = 0;  // of the last line in the buffer
    bool reading_ = false;
    bool at_end_ = false;
    bool handing_over_ = false;
};

}  // namespace onechat::cli
