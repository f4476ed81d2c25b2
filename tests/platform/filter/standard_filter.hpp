// The built-in set as it is without any file, and what a test asks of it again and again.
#pragma once

#include "server/platform/filter/filter.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace onechat::platform::test {

inline const filter& standard() {
    static const filter made;
    return made;
}

struct masked_case {
    std::string said;
    std::string shown;
};

inline void check_masks(const std::vector<masked_case>& cases) {
    for (const auto& [said, shown] : cases) {
        CAPTURE(said);
        const verdict found = standard().judge(said);
        CHECK(found.what == decision::mask);
        CHECK(found.masked == shown);
    }
}

}  // namespace onechat::platform::test
