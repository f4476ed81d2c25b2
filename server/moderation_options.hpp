// How words are moderated: what the operator can set of it, and the defaults. Plain values: any
// thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace onechat {

enum class moderation_mode : std::uint8_t {
    local,  // our own filter alone
    hold,   // words wait for a look from outside
    after,  // they are shown, and taken away when that look says so
};

struct moderation_options {
    moderation_mode mode = moderation_mode::local;
    bool unjudged_pass = true;               // what nobody could look at
    std::uint32_t looks_per_minute = 4000;   // WeChat's limit of an AppID
    std::size_t looks_under_way_max = 2000;  // as many as their lane has room for (look_lane)
};

}  // namespace onechat
