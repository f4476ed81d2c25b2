#include "server/cli/terminal.hpp"

#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace onechat::cli {

namespace asio = boost::asio;

namespace {

// Asio makes standard input non-blocking, and on a terminal standard output with it, being the same
// open file; so a full one is waited for. When nobody reads it any more, nothing is printed.
void write_all(std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written >= 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno == EAGAIN) {
            pollfd room{STDOUT_FILENO, POLLOUT, 0};
            ::poll(&room, 1, -1);
        } else if (errno != EINTR) {
            return;
        }
    }
}

std::string_view colour_of(tone how) {
    switch (how) {
        case tone::said:
            return "\033[1m";
        case tone::past:
        case tone::notice:
            return "\033[2m";
        case tone::trouble:
            return "\033[31m";
    }
    return {};
}

int own_copy(int descriptor) {
    const int copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    if (copy < 0) {
        throw std::runtime_error{"standard input cannot be read."};
    }
    return copy;
}

}  // namespace

terminal::terminal(asio::io_context& io, bool colours, handler person)
    : person_{std::move(person)},
      colours_{colours},
      flags_before_{::fcntl(STDIN_FILENO, F_GETFL)},
      input_{io, own_copy(STDIN_FILENO)} {}

terminal::~terminal() {
    ::fcntl(STDIN_FILENO, F_SETFL, flags_before_);
}

void terminal::go_on() {
    if (handing_over_) {
        return;  // further out on the stack
    }
    handing_over_ = true;
    hand_over();
    handing_over_ = false;
    if (!at_end_ && !reading_ && person_.wants_lines()) {
        read();
    }
}

void terminal::hand_over() {
    while (person_.wants_lines()) {
        const auto end = buffer_.find('\n');
        if (end != std::string::npos) {
            const std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            person_.typed(line);
        } else if (!at_end_) {
            return;
        } else if (!buffer_.empty()) {
            person_.typed(std::exchange(buffer_, {}));
        } else {
            person_.ended();
            return;
        }
    }
}

void terminal::read() {
    reading_ = true;
    input_.async_read_some(asio::buffer(chunk_),
                           [this](const boost::system::error_code& error, std::size_t count) {
                               reading_ = false;
                               if (error == asio::error::operation_aborted) {
                                   return;
                               }
                               at_end_ = error.failed();
                               take({chunk_.data(), count});
                               go_on();
                           });
}

void terminal::take(std::string_view bytes) {
    for (const char byte : bytes) {
        if (byte == '\n') {
            line_bytes_ = 0;
            buffer_ += byte;
        } else if (line_bytes_ < line_bytes_max) {
            ++line_bytes_;
            buffer_ += byte;
        }
    }
}

void terminal::print(const show& what) {
    if (colours_) {
        write_all(std::string{colour_of(what.how)} + what.line + "\033[0m\n");
    } else {
        write_all(what.line + "\n");
    }
}

}  // namespace onechat::cli
