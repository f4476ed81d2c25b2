// How long a ban lasts that is somebody's second, third, ...: a pure function of the terms that the
// operator set. Any thread.
#pragma once

#include "storage/rows.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace onechat::storage {

// The largest integer that every client can read (2^53 - 1): a ban until then is one for ever.
inline constexpr unix_ms for_ever = 9'007'199'254'740'991;

// The first ban lasts the first term, and so on; all beyond the last one last as long as that. A
// term of 0, or no terms, is for ever. REQUIRES: level >= 1.
[[nodiscard]] constexpr unix_ms ban_end(unix_ms since, std::uint32_t level,
                                        std::span<const unix_ms> terms) {
    if (terms.empty()) {
        return for_ever;
    }
    const unix_ms term = terms[std::min<std::size_t>(level, terms.size()) - 1];
    return term <= 0 || term > for_ever - since ? for_ever : since + term;
}

}  // namespace onechat::storage
