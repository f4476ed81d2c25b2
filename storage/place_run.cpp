#include "storage/place_run.hpp"

#include <array>
#include <charconv>
#include <limits>

namespace onechat::storage {

std::string pack_run(std::span<const std::int64_t> messages) {
    std::array<char, std::numeric_limits<std::int64_t>::digits10 + 2> digits{};
    std::string packed;
    std::int64_t before = 0;
    for (const std::int64_t message : messages) {
        if (!packed.empty()) {
            packed += ' ';
        }
        const auto written =
            std::to_chars(digits.data(), digits.data() + digits.size(), message - before);
        packed.append(digits.data(), static_cast<std::size_t>(written.ptr - digits.data()));
        before = message;
    }
    return packed;
}

std::optional<std::vector<std::int64_t>> unpack_run(std::string_view packed) {
    std::vector<std::int64_t> messages;
    const char* at = packed.data();
    const char* const end = at + packed.size();
    std::int64_t last = 0;
    for (;;) {
        std::int64_t step = 0;
        const auto read = std::from_chars(at, end, step);
        const bool fits = step > 0 && step <= std::numeric_limits<std::int64_t>::max() - last;
        if (read.ec != std::errc{} || !fits || messages.size() == run_places_max) {
            return std::nullopt;
        }
        last += step;
        messages.push_back(last);
        if (read.ptr == end) {
            return messages;
        }
        if (*read.ptr != ' ') {
            return std::nullopt;
        }
        at = read.ptr + 1;
    }
}

}  // namespace onechat::storage
