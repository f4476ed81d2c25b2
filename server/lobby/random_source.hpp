// Where the lobby's chance comes from: a seeded engine in the program, a script in tests.
// Not for secrets (server/keys makes those). Loop thread.
#pragma once

#include <cstdint>

namespace onechat::lobby {

class random_source {
public:
    // Uniform in [0, bound). Requires bound > 0.
    [[nodiscard]] virtual std::uint64_t below(std::uint64_t bound) = 0;

protected:
    ~random_source() = default;
};

}  // namespace onechat::lobby
