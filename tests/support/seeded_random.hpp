// Chance that comes again with its seed, for properties and simulations.
#pragma once

#include "server/lobby/random_source.hpp"

#include <random>

namespace onechat::test {

class seeded_random final : public lobby::random_source {
public:
    explicit seeded_random(std::uint64_t seed) : engine_{seed} {}

    [[nodiscard]] std::uint64_t below(std::uint64_t bound) override {
        return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(engine_);
    }
    [[nodiscard]] bool one_in(std::uint64_t count) { return below(count) == 0; }

private:
    std::mt19937_64 engine_;
};

}  // namespace onechat::test
