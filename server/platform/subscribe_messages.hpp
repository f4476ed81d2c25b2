// Sends a subscribe message through WeChat (message/subscribe/send) or QQ
// (SendSubscriptionMessage). Its words are the operator's and the same for everybody: nothing that
// anybody has said and no name goes into it. Loop thread; the loop must not run on when it has
// died.
#pragma once

#include "server/platform/notifier.hpp"
#include "server/platform/token_caller.hpp"

#include <string>
#include <utility>
#include <vector>

namespace onechat::platform {

struct message_template {
    std::string id;
    std::string page;                                         // what it opens; empty: nothing
    std::vector<std::pair<std::string, std::string>> values;  // by the template's fields
};

class subscribe_messages final : public notifier {
public:
    // Both outlive it.
    subscribe_messages(api_caller& line, access_tokens& tokens, message_template what)
        : line_{line}, calls_{line, tokens}, template_{std::move(what)} {}

    void notify(account whom, done finished) override;

private:
    [[nodiscard]] net::loop_task<void> send(account whom, done finished);
    [[nodiscard]] api_caller::question question_for(const account& whom) const;
    [[nodiscard]] static notice_outcome judged(const api_caller::reply& got);

    api_caller& line_;
    token_caller calls_;
    message_template template_;
};

}  // namespace onechat::platform
