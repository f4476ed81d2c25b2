// What the protocol asks of text: valid UTF-8, counted in code points. Not normalisation, width or
// case: those belong to moderation. Pure functions: any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace onechat::protocol {

// No overlong forms, no surrogates, nothing beyond U+10FFFF, nothing cut off.
[[nodiscard]] bool valid_utf8(std::string_view text);

// REQUIRES: valid UTF-8. (Of anything else it counts the bytes that don't continue a sequence.)
[[nodiscard]] std::size_t code_points_in(std::string_view text);

}  // namespace onechat::protocol
