// What a talker wants done, as values in the order in which it is to be done: the program does it,
// a test looks at it. Also how the lines it shows are worded. No I/O. Main thread.
#pragma once

#include "protocol/client_messages.hpp"
#include "server/cli/transcript.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace onechat::cli {

// Begin one attempt to connect; it ends in talker::opened() or talker::connect_failed().
struct dial {};

struct transmit {
    protocol::client_message what;
    std::optional<std::int64_t> rid;
};

enum class tone { said, past, notice, trouble };

struct show {
    tone how;
    std::string line;
};

// The last one: close the connection, say the sentence if there is one, and return the status.
struct quit {
    int status;
    std::string sentence;
};

using action = std::variant<dial, transmit, show, quit>;
using actions = std::vector<action>;

inline void tell(actions& out, tone how, std::string line) {
    if (!line.empty()) {
        out.push_back(show{how, std::move(line)});
    }
}

// About the chat, not part of it.
inline void note(actions& out, std::string_view sentence) {
    tell(out, tone::notice, "— " + std::string{sentence} + " —");
}

inline void refuse(actions& out, std::string_view why) {
    tell(out, tone::trouble, "✗ " + std::string{why});
}

inline void not_sent(actions& out, std::string_view text, std::string_view why) {
    refuse(out, "not sent: " + visible(text) + " (" + std::string{why} + ")");
}

}  // namespace onechat::cli
