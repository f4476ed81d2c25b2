// Calls that need an access token: puts it where it belongs, in the URL, and when the platform no
// longer takes it asks once more with a new one. Loop thread; the loop must not run on when it has
// died.
#pragma once

#include "server/platform/access_tokens.hpp"
#include "server/platform/api_caller.hpp"

namespace onechat::platform {

class token_caller {
public:
    // Both outlive it; the tokens are those of the same platform.
    token_caller(api_caller& line, access_tokens& tokens) : line_(line), tokens_(tokens) {}

    // The target without a token. The outcome is `token` when the new one was not taken either, and
    // that of its fetching when there is none.
    [[nodiscard]] net::loop_task<api_caller::reply> ask(api_caller::question what);

private:
    api_caller& line_;
    access_tokens& tokens_;
};

}  // namespace onechat::platform
