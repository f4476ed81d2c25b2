// Sets of defaults for where a service runs, by a name: what an operator there would set one by
// one. A setting that is said anywhere counts more. Constant: any thread.
#pragma once

#include "server/config/config.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onechat {

struct profile_value {
    std::string_view setting;
    std::string value;
    std::string_view why;
};

inline constexpr std::string_view no_profile = "none";
inline constexpr std::string_view cn_miniprogram = "cn-miniprogram";

// All names, `none` included.
[[nodiscard]] std::span<const std::string_view> profile_names();

// Empty for `none` and for what is no profile.
[[nodiscard]] std::span<const profile_value> values_of_profile(std::string_view name);

}  // namespace onechat
