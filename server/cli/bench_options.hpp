// What `onechat bench` is asked to do. Main thread.
#pragma once

#include "server/net/tls_connector.hpp"
#include "server/net/ws_client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace onechat::cli {

struct bench_options {
    net::ws_url url;
    net::tls_trust trust;
    std::size_t pairs = 100;
    std::size_t in_flight = 1;
    bool turns = false;      // only `in_flight` texts of each pair: whoever hears one says the next
    std::uint64_t rate = 0;  // texts per second in total; 0: as fast as acks come
    std::size_t idle = 0;
    std::size_t text_bytes = 100;
    std::chrono::milliseconds searching{0};  // people begin to search evenly over this time
    std::chrono::milliseconds warm_up{1000};
    std::chrono::milliseconds time{10'000};
    bool lifecycle = false;
    double time_scale = 1;
    std::uint64_t seed = 1;
    int pid = 0;  // of a server on this machine; 0: unknown
    bool json = false;
};

}  // namespace onechat::cli
