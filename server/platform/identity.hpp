// Who stands behind a login code. An interface for the switchboard and its tests; filled by
// code_identity. Loop thread.
#pragma once

#include "server/platform/account.hpp"

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace onechat::platform {

struct login_refusal {
    enum class kind : std::uint8_t {
        used,    // the code was good once; a fresh one may be
        risky,   // the platform takes this person for a risk and doesn't say who it is
        failed,  // no good code, or an old one
        busy,    // the platform, or we; nothing is wrong with the code
    };

    kind why = kind::busy;
    std::chrono::milliseconds retry{};  // when busy: after so long it may be worth to come again
};

class identity {
public:
    using answer = boost::system::result<account, login_refusal>;
    using done = std::function<void(answer)>;

    virtual ~identity() = default;

    // Calls `finished` once, never during this call; not at all when the identity dies before.
    virtual void identify(std::string code, done finished) = 0;
};

}  // namespace onechat::platform
