// What the lobby wants done, as values: the switchboard turns them into frames, rows and outside
// calls. The lobby itself does nothing to the world. Loop thread.
#pragma once

#include "protocol/server_messages.hpp"
#include "server/lobby/accepted_texts.hpp"
#include "server/lobby/alias.hpp"
#include "server/lobby/event.hpp"
#include "server/lobby/ids.hpp"
#include "server/lobby/moderation.hpp"

#include <array>
#include <optional>
#include <variant>
#include <vector>

namespace onechat::lobby {

// Send a message. A session that is gone by now is passed over.
struct tell {
    session_id to = session_id::none;
    protocol::server_message what;
    request_number rid;
};

// Store an event of a live chat; `stored` tells when that is done.
struct keep {
    pair_id pair{};
    event what;
    bool flagged = false;                // of a text: by our own filter
    bool doubted = false;                // of a text: by somebody outside
    review_id review = review_id::none;  // of a text: it is shown while this look is under way
    std::uint32_t label = 0;             // what they saw who doubt it, as they number it
};

// Have words looked at from outside; `judged` brings the opinion.
struct ask_review {
    review_id review{};
    utterance::what is{};
    caller by;
    user_id user{};
    std::string words;
    bool held = false;  // nobody sees them until then
};

// Store how far a side has seen; what is stored never moves back.
struct note_seen {
    pair_id pair{};
    side who = side::one;
    std::uint64_t seq = 0;
};

// Find or make the pair of two matched people and start their chat in the store; `chat_opened` or
// `chat_not_opened` answers. users[0] has the smaller id.
struct open_chat {
    match_id match{};
    std::array<user_id, 2> users{};
    std::array<appearance, 2> looks;
    std::optional<topic_id> topic;
};

// Undo an open_chat that nobody was told of.
struct void_chat {
    chat_id chat{};
};

// Store the end of a chat, and what may still be said again afterwards.
struct end_chat {
    pair_id pair{};
    chat_id chat{};
    event end;
    std::array<std::vector<accepted_texts::mark>, 2> marks;
};

// Tell somebody who isn't connected, by other means, that a text waits for them.
struct nudge {
    user_id user{};
};

using effect =
    std::variant<tell, keep, note_seen, open_chat, void_chat, end_chat, ask_review, nudge>;
using effects = std::vector<effect>;

}  // namespace onechat::lobby
