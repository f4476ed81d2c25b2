// What moderation says of a text, whoever said it: the local filter, a platform's check, a person.
// It is not a message and not an effect: what follows from a verdict is decided where texts are
// passed on. A plain value, any thread.
#pragma once

#include <cstdint>
#include <string>

namespace onechat::platform {

enum class decision : std::uint8_t {
    pass,    // as it was said
    mask,    // as `verdict::masked`
    reject,  // not at all: nack `blocked_text`
};

struct verdict {
    decision what = decision::pass;
    std::string masked;    // with `decision::mask`: the text as it may be stored and shown
    bool flagged = false;  // a person should look; with any decision

    bool operator==(const verdict&) const = default;
};

}  // namespace onechat::platform
