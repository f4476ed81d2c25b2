// A message to a person who isn't here, through the platform that knows them. It says that
// something waits and holds no word of anybody. An interface and its values; loop thread.
#pragma once

#include "server/platform/account.hpp"

#include <cstdint>
#include <functional>

namespace onechat::platform {

enum class notice_outcome : std::uint8_t {
    sent,
    no_consent,  // they know of none: nothing more is to be sent by it
    refused,     // the template, its fields or the person: the operator's to mend
    failed,      // nobody knows what became of it
    not_sent,    // for certain: nobody reached, a quota, an AppID or secret that is wrong
};

class notifier {
public:
    using done = std::function<void(notice_outcome)>;

    virtual ~notifier() = default;

    // `finished` is called once, never during this call. What `failed` is not tried again: it may
    // have been sent.
    virtual void notify(account whom, done finished) = 0;
};

}  // namespace onechat::platform
