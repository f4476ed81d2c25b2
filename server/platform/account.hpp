// Whom a platform knows a person as: its own id of them (an OpenID), to be handed back to that
// platform and to nobody else. On purpose it has no text form and describes no fields: nothing that
// writes frames, logs or pages takes one. A plain value, any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace onechat::platform {

enum class platform_name : std::uint8_t { wechat, qq };

inline constexpr std::array<platform_name, 2> platform_names = {platform_name::wechat,
                                                                platform_name::qq};

// As settings, metrics and logs call it.
[[nodiscard]] constexpr std::string_view word_of(platform_name name) {
    return name == platform_name::wechat ? "wechat" : "qq";
}

class account {
public:
    account(platform_name from, std::string openid) : from_(from), openid_(std::move(openid)) {}

    [[nodiscard]] platform_name from() const { return from_; }
    // For a call to that platform, and for the store.
    [[nodiscard]] const std::string& openid() const { return openid_; }

    bool operator==(const account&) const = default;

private:
    platform_name from_;
    std::string openid_;
};

}  // namespace onechat::platform
