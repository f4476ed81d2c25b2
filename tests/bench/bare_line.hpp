// A client's WebSocket connection that costs next to nothing, so that a load program is not what is
// measured: asks for the upgrade, writes masked text frames, and reads the frames of a server that
// is known to behave. Bytes only, no sockets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace onechat::bench {

// What a client says first; `authority` is ADDRESS:PORT.
[[nodiscard]] std::string upgrade_request(std::string_view authority);

// A text as a masked frame; the mask is zero, which a server must unmask like any other.
[[nodiscard]] std::string text_frame(std::string_view text);

// Takes the answer to the upgrade, or one frame, from the front of `bytes`; none while it is not
// whole. Throws when the upgrade is refused or the server says what a bench doesn't expect.
[[nodiscard]] bool take_upgrade(std::string& bytes);
[[nodiscard]] std::optional<std::string> take_text(std::string& bytes);

}  // namespace onechat::bench
