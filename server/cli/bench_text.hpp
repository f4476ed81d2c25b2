// What bench users say: each text names its sender, its place among the sender's texts of the pair
// and the moment it was due, so that whoever reads it can check and measure without remembering.
// The same text comes again from the same three numbers. Pure functions: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace onechat::cli {

struct bench_text {
    std::uint64_t user = 0;
    std::uint64_t number = 0;
    std::int64_t due = 0;  // nanoseconds of the steady clock

    // Replaces `out`; padded to `bytes`, longer when that does not hold the numbers.
    void write(std::string& out, std::size_t bytes) const;
    [[nodiscard]] static std::optional<bench_text> read(std::string_view text);
};

}  // namespace onechat::cli
