#include "server/net/mask_source.hpp"

#include <algorithm>
#include <cstdlib>
#include <sys/random.h>

namespace onechat::net {

std::array<char, 4> next_mask() {
    static thread_local std::array<char, 256> drawn;
    static thread_local std::size_t used = drawn.size();
    if (used == drawn.size()) {
        // Up to 256 bytes getrandom() neither fails nor comes back short (its manual page).
        if (::getrandom(drawn.data(), drawn.size(), 0) != static_cast<ssize_t>(drawn.size())) {
            std::abort();
        }
        used = 0;
    }
    std::array<char, 4> mask{};
    std::copy_n(drawn.begin() + static_cast<std::ptrdiff_t>(used), mask.size(), mask.begin());
    used += mask.size();
    return mask;
}

}  // namespace onechat::net
