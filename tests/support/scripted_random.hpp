// Chance that does what the test says: the numbers of a script one after the other, then zeros.
#pragma once

#include "server/lobby/random_source.hpp"

#include <deque>
#include <initializer_list>

namespace onechat::test {

class scripted_random final : public lobby::random_source {
public:
    scripted_random() = default;
    scripted_random(std::initializer_list<std::uint64_t> script) : script_{script} {}

    void then(std::uint64_t value) { script_.push_back(value); }

    [[nodiscard]] std::uint64_t below(std::uint64_t bound) override {
        if (script_.empty()) {
            return 0;
        }
        const std::uint64_t value = script_.front() % bound;
        script_.pop_front();
        return value;
    }

private:
    std::deque<std::uint64_t> script_;
};

}  // namespace onechat::test
