#include "server/platform/token_caller.hpp"

#include <utility>

namespace onechat::platform {

net::loop_task<api_caller::reply> token_caller::ask(api_caller::question what) {
    const bool has_query = what.target.find('?') != std::string::npos;
    for (bool again = false;; again = true) {
        auto token = co_await tokens_.fetch();
        if (token.has_error()) {
            co_return api_caller::reply{.what = token.error().why, .retry = token.error().retry};
        }
        auto with_token = what;
        with_token.target +=
            (has_query ? "&access_token=" : "?access_token=") + net::percent_encoded(*token);
        with_token.repeats = again;
        auto ended = co_await line_.ask(std::move(with_token));
        if (ended.what == call_outcome::done || ended.what == call_outcome::refused) {
            tokens_.taken(*token);
        }
        if (ended.what != call_outcome::token) {
            co_return ended;
        }
        tokens_.refused(*token);
        if (again) {
            co_return ended;
        }
    }
}

}  // namespace onechat::platform
