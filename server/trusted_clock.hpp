// The wall clock as far as it can be trusted with expiry: while it agrees with the monotonic one.
// After a jump of more than an hour time goes on as if there had been none, for whatever would end
// or be deleted by it, until the next start. Not for what people are shown. Loop thread.
#pragma once

#include "server/lobby/ids.hpp"

#include <chrono>
#include <cstdint>
#include <cstdlib>

namespace onechat {

class trusted_clock {
public:
    static constexpr std::int64_t jump_max_ms = 3'600'000;
    // Nobody said anything for so long before a start: likelier is a clock that is wrong.
    static constexpr std::int64_t silence_max_ms = std::int64_t{30} * 24 * 3'600'000;

    // `newest_at`: the newest time that was stored, Unix ms; 0 without any.
    explicit trusted_clock(const lobby::moment& start, std::int64_t newest_at = 0)
        : offset_ms_{offset(start)},
          jumped_{newest_at > 0 && start.unix_ms - newest_at > silence_max_ms} {}

    // Call with every moment that counts. Unix ms.
    [[nodiscard]] std::int64_t at(const lobby::moment& now) {
        const std::int64_t found = offset(now);
        if (!jumped_ && std::llabs(found - offset_ms_) <= jump_max_ms) {
            offset_ms_ = found;  // a clock that is adjusted little by little is followed
            return now.unix_ms;
        }
        jumped_ = true;
        return now.unix_ms - found + offset_ms_;
    }

    // What is to be deleted for good waits for a person.
    [[nodiscard]] bool jumped() const { return jumped_; }

private:
    [[nodiscard]] static std::int64_t offset(const lobby::moment& now) {
        return now.unix_ms -
               std::chrono::duration_cast<std::chrono::milliseconds>(now.steady.time_since_epoch())
                   .count();
    }

    std::int64_t offset_ms_;
    bool jumped_;
};

}  // namespace onechat
