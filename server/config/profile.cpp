#include "server/config/profile.hpp"

#include <array>

namespace onechat {
namespace {

constexpr std::array names{no_profile, cn_miniprogram};

// What WeChat's reviewers and the law there ask of a service in which people talk.
const std::array for_cn_miniprogram{
    profile_value{"guests", "off", "people are known by their account of WeChat or QQ"},
    profile_value{"moderation", "hold", "WeChat and QQ look at a text before anybody sees it"},
    profile_value{"keep-access", "190d",
                  "who logged in when from where is kept for six months and a few days, since "
                  "network logs must be kept for six"},
    profile_value{"keep-texts", "180d", "no text is kept for longer, but as evidence of reports"},
    profile_value{"keep-reports", "180d", "nor is what was reported"},
};

}  // namespace

std::span<const std::string_view> profile_names() {
    return names;
}

std::span<const profile_value> values_of_profile(std::string_view name) {
    return name == cn_miniprogram ? std::span<const profile_value>{for_cn_miniprogram}
                                  : std::span<const profile_value>{};
}

}  // namespace onechat
