// What the switchboard has counted since the start: for metrics. Plain numbers, of no user. Loop
// thread.
#pragma once

#include "protocol/codes.hpp"
#include "server/histogram.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>

namespace onechat {

struct counts {
    // Refusals for coming too fast or with too much at once, by the limit that was reached. Texts
    // and searches are the lobby's.
    struct limited {
        std::uint64_t messages = 0;
        std::uint64_t store_requests = 0;
        std::uint64_t reports = 0;
        std::uint64_t guest_logins = 0;
        std::uint64_t guest_logins_total = 0;
        std::uint64_t hellos = 0;
        std::uint64_t hellos_total = 0;
        std::uint64_t logins = 0;            // with a code, by rate or by how many are under way
        std::uint64_t logins_under_way = 0;  // of all addresses together
        std::uint64_t blocks = 0;
        std::uint64_t operator_requests = 0;
    };

    limited limits;
    std::map<protocol::refusal, std::uint64_t> refusals;  // `error` and `nack`, by code
    std::map<protocol::close_code, std::uint64_t> byes;
    std::uint64_t logins = 0;   // new guests
    std::uint64_t returns = 0;  // with a token
    std::uint64_t codes = 0;    // with a platform's code that was good
    std::uint64_t matches = 0;
    std::uint64_t texts = 0;  // accepted
    std::uint64_t acks = 0;
    histogram ack_times;  // of texts, from when they were accepted until they were stored
    std::uint64_t reports = 0;
    std::uint64_t erasures = 0;
    std::uint64_t bans = 0;
    std::uint64_t lifted_bans = 0;
    std::uint64_t mutes = 0;
    std::uint64_t purged_rows = 0;
    std::array<std::uint64_t, 4> looks{};   // by platform::outside_opinion::kind
    std::array<std::uint64_t, 5> nudges{};  // by platform::notice_outcome
    std::uint64_t removals = 0;             // texts taken away after people had seen them
    std::uint64_t lost_access = 0;          // rows of access that found no room
    std::uint64_t cut_rows = 0;             // by retention
};

}  // namespace onechat
