// How long bans last, and when reports mute: the defaults of the configuration. Plain values: any
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace onechat {

struct ban_policy {
    using duration = std::chrono::milliseconds;
    // Of somebody's first, second, ... ban; the last one for all beyond. 0: for ever.
    std::vector<duration> terms{std::chrono::hours{24}, std::chrono::hours{7 * 24},
                                std::chrono::hours{30 * 24}, duration{0}};
    // An earlier ban counts for so long after its end, and is then forgotten.
    duration memory = std::chrono::hours{365 * 24};
    // So many people who report somebody within the window mute them; 0: nobody is muted.
    std::uint32_t mute_after = 0;
    duration mute_window = std::chrono::hours{24};
};

}  // namespace onechat
