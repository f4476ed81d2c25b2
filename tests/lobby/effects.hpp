// Looks into what the lobby wants done.
#pragma once

#include "server/lobby/effect.hpp"
#include "tests/support/spoken.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace onechat::test {

using words = std::vector<std::string>;

// What a session was told since it was last asked, in order; it is then taken out.
inline words hear(lobby::effects& out, lobby::session_id who) {
    words heard;
    std::erase_if(out, [&](const lobby::effect& one) {
        const auto* told = std::get_if<lobby::tell>(&one);
        if (told == nullptr || told->to != who) {
            return false;
        }
        heard.push_back(spoken(told->what));
        return true;
    });
    return heard;
}

// The effects of one kind, taken out.
template <class Effect>
std::vector<Effect> take(lobby::effects& out) {
    std::vector<Effect> found;
    std::erase_if(out, [&](lobby::effect& one) {
        if (auto* effect = std::get_if<Effect>(&one)) {
            found.push_back(std::move(*effect));
            return true;
        }
        return false;
    });
    return found;
}

// The messages of one kind that a session was told; they stay.
template <class Message>
std::vector<Message> messages(const lobby::effects& out, lobby::session_id who) {
    std::vector<Message> found;
    for (const lobby::effect& one : out) {
        const auto* told = std::get_if<lobby::tell>(&one);
        if (told != nullptr && told->to == who) {
            if (const auto* message = std::get_if<Message>(&told->what)) {
                found.push_back(*message);
            }
        }
    }
    return found;
}

}  // namespace onechat::test
