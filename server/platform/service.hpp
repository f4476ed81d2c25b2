// One platform as a whole: who we are there, its logins, its access token, and a way to ask for
// more. Loop thread; the loop must not run on when it has died.
#pragma once

#include "server/platform/access_tokens.hpp"
#include "server/platform/api_caller.hpp"
#include "server/platform/code_identity.hpp"
#include "server/platform/credentials.hpp"

#include <deque>
#include <string>

namespace onechat::platform {

class service {
public:
    // `base` as for api_caller.
    service(const surroundings& shared, platform_name name, net::url base, credentials who,
            const api_caller::rules& by)
        : shared_(shared),
          name_(name),
          base_(std::move(base)),
          who_(who),
          logins_(add("login", by), who),
          tokens_(add("token", by), std::move(who)) {}

    service(const service&) = delete;
    service& operator=(const service&) = delete;

    [[nodiscard]] platform_name name() const { return name_; }
    [[nodiscard]] const credentials& ours() const { return who_; }
    [[nodiscard]] identity& logins() { return logins_; }
    [[nodiscard]] access_tokens& tokens() { return tokens_; }

    // For one more purpose, with figures and a breaker of its own; lives as long as this.
    [[nodiscard]] api_caller& add(std::string purpose, const api_caller::rules& by) {
        return callers_.emplace_back(shared_, name_, std::move(purpose), base_, by);
    }
    // For metrics.
    [[nodiscard]] const std::deque<api_caller>& callers() const { return callers_; }

private:
    surroundings shared_;
    platform_name name_;
    net::url base_;
    credentials who_;
    std::deque<api_caller> callers_;  // others hold on to them
    code_identity logins_;
    access_tokens tokens_;
};

}  // namespace onechat::platform
