// What the operator can set: one table of flags, each also a key of the configuration file and an
// environment variable (`--match-round`, `match-round = "200ms"`, `ONECHAT_MATCH_ROUND`). Read once
// at the start; constant afterwards: any thread.
#pragma once

#include "server/topics.hpp"
#include "storage/sqlite_store.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace onechat {

struct endpoint {
    std::string address;
    std::uint16_t port = 0;
};

struct config {
    endpoint listen{"127.0.0.1", 8080};
    std::filesystem::path data = "data";
    std::chrono::milliseconds match_round{200};
    std::chrono::milliseconds rematch_after{8000};
    std::chrono::milliseconds away{120'000};
    storage::durability durability = storage::durability::full;
    bool rate_limits = true;
    bool guests = true;
    std::string log_level = "info";
    std::vector<topic> topics = onechat::topics::built_in();
};

// Adds the table to the `serve` command. The values are in `into` once the command line is parsed.
void describe_options(CLI::App& serve, config& into);

// "20ms", "2s", "5m", "3h", "180d". Throws std::runtime_error with a sentence.
[[nodiscard]] std::chrono::milliseconds parse_duration(std::string_view text);

// "127.0.0.1:8080", "[::1]:0". Throws std::runtime_error with a sentence.
[[nodiscard]] endpoint parse_endpoint(std::string_view text);

}  // namespace onechat
