// Asks WeChat or QQ whom a login code belongs to (sns/jscode2session, the same at both). Of the
// answer only the OpenID is read: the session_key, with which one could decrypt and sign in the
// person's name, is never taken out of it. Loop thread; the loop must not run on when it has died.
#pragma once

#include "server/platform/api_caller.hpp"
#include "server/platform/credentials.hpp"
#include "server/platform/identity.hpp"

namespace onechat::platform {

class code_identity final : public identity {
public:
    // `line` outlives it.
    code_identity(api_caller& line, credentials who);

    void identify(std::string code, done finished) override;

private:
    [[nodiscard]] net::loop_task<void> ask(std::string code, done finished);
    [[nodiscard]] answer judged(const api_caller::reply& got) const;

    api_caller& line_;
    credentials who_;
};

}  // namespace onechat::platform
