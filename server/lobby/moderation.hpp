// What moderation says of the words that one person means for another, in the lobby's terms. The
// lobby asks at once for each new text and nickname, and holds what is to be looked at from outside
// first. Not who judges and not by what (moderation_chain, platform), and no outside call: a
// `moderator` answers from what it knows. Loop thread.
#pragma once

#include "server/lobby/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace onechat::lobby {

// One look from outside at one text or nickname.
enum class review_id : std::uint64_t { none = 0 };

// Words that their author wants somebody to see.
struct utterance {
    enum class what : std::uint8_t { text, nickname };
    what is = what::text;
    session_id session = session_id::none;
    std::string_view words;
    bool first = false;          // the first text of its author in this chat
    bool known_outside = false;  // there is somebody outside who could look at it
};

struct ruling {
    enum class decision : std::uint8_t {
        pass,
        mask,    // as `shown`
        reject,  // `blocked_text`
        busy,    // nobody can judge it just now, and unjudged it may not pass: `platform_busy`
    };
    enum class look : std::uint8_t {
        none,
        before,  // from outside, and nobody sees it until then
        after,   // from outside, while people see it already
    };
    decision is = decision::pass;
    std::string shown;  // with `mask`
    look outside = look::none;
    bool flagged = false;  // a person should look at what is stored
};

class moderator {
public:
    virtual ~moderator() = default;

    [[nodiscard]] virtual ruling judge(const utterance& said, moment now) = 0;
};

// What a look from outside brought.
struct opinion {
    enum class decision : std::uint8_t {
        pass,
        reject,
        none,  // it failed, or took too long: lobby_options::unjudged_pass says what follows
    };
    decision is = decision::none;
    bool doubtful = false;    // a person should look at it
    std::uint32_t label = 0;  // what was seen, as whoever looked numbers it
};

}  // namespace onechat::lobby
