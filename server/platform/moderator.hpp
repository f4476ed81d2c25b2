// A look from outside at the words of a person whom a platform knows. An interface and its values:
// no network here, and no decision of ours. Loop thread.
#pragma once

#include "server/platform/account.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace onechat::platform {

struct words_to_judge {
    enum class kind : std::uint8_t { text, nickname };
    account author;
    kind is = kind::text;
    std::string words;
};

struct outside_opinion {
    enum class kind : std::uint8_t {
        pass,
        doubtful,  // shown all the same, and a person should look
        risky,
        failed,  // no opinion: nobody reached, a quota, a person they don't know any more
    };
    kind is = kind::failed;
    std::uint32_t label = 0;  // the platform's number for what it saw, or 0
};

class moderator {
public:
    using done = std::function<void(outside_opinion)>;

    virtual ~moderator() = default;

    // `finished` is called once, never during this call.
    virtual void judge(words_to_judge what, done finished) = 0;
};

}  // namespace onechat::platform
