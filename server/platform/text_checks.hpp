// What WeChat (wxa/msg_sec_check, second version) or QQ (security/MsgSecCheck) says of words. They
// are sent with their author's OpenID to the platform that gave it, and to nobody else. WeChat
// knows only people who used the program in the last two hours; of others there is no opinion. Loop
// thread; the loop must not run on when it has died.
#pragma once

#include "server/platform/moderator.hpp"
#include "server/platform/token_caller.hpp"

#include <string>

namespace onechat::platform {

class text_checks final : public moderator {
public:
    // Both outlive it.
    text_checks(api_caller& line, access_tokens& tokens, std::string appid)
        : line_{line}, calls_{line, tokens}, appid_{std::move(appid)} {}

    void judge(words_to_judge what, done finished) override;

private:
    [[nodiscard]] net::loop_task<void> ask(words_to_judge what, done finished);
    [[nodiscard]] api_caller::question question_for(words_to_judge&& what) const;
    [[nodiscard]] outside_opinion judged(const api_caller::reply& got) const;

    api_caller& line_;
    token_caller calls_;
    std::string appid_;
};

}  // namespace onechat::platform
