// Why an operator does something, as it stands in the audit for good: words that somebody can read
// later and that show as what they are. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace onechat::admin {

// From the header's value, percent-encoded UTF-8, without the blanks around it. Nothing when it
// isn't 3 to 500 code points, or holds what controls how a line is shown.
[[nodiscard]] std::optional<std::string> reason_of(std::string_view encoded);

}  // namespace onechat::admin
