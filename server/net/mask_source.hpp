// Masking keys for frames that a client sends: unpredictable, as RFC 6455, section 10.3 wants it,
// at one system call per 64 of them. Loop thread only.
#pragma once

#include <array>

namespace onechat::net {

[[nodiscard]] std::array<char, 4> next_mask();

}  // namespace onechat::net
