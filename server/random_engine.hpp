// Chance for the lobby in the running program: a generator seeded by the system. Not for secrets.
// Loop thread.
#pragma once

#include "server/keys.hpp"
#include "server/lobby/random_source.hpp"

#include <random>

namespace onechat {

class random_engine final : public lobby::random_source {
public:
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) override {
        return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(engine_);
    }

private:
    std::mt19937_64 engine_{random_seed()};
};

}  // namespace onechat
