// WeChat and QQ as a queue of the codes that they were asked about: they answer when the test says
// so.
#pragma once

#include "server/switchboard.hpp"

#include <cstdint>
#include <deque>
#include <set>
#include <string>

namespace onechat::test {

struct fake_platforms {
    struct question {
        platform::platform_name of = platform::platform_name::wechat;
        std::string code;
        std::uint64_t ticket = 0;
    };

    login_port port() {
        return {[this](platform::platform_name of) { return offered.contains(of); },
                [this](platform::platform_name of, std::string code, std::uint64_t ticket) {
                    asked.push_back({of, std::move(code), ticket});
                }};
    }

    std::set<platform::platform_name> offered{platform::platform_name::wechat};
    std::deque<question> asked;
};

}  // namespace onechat::test
