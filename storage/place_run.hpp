// Where some events of a pair lie that follow each other, as one row of `place_runs` holds them:
// the numbers of their messages as text, the first as it is and each further one as the distance
// from the one before, "1048576 3 7". So a place costs a few bytes, and a person with a shell can
// read it. Pure: any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::storage {

// Of one run: so that who looks for one event does not read many others' places.
inline constexpr std::size_t run_places_max = 64;

// For the log, when a row holds none.
inline constexpr const char* damaged_run = "the places of a pair's events are damaged";

// REQUIRES: not empty, rising, and none below 1.
[[nodiscard]] std::string pack_run(std::span<const std::int64_t> messages);

// Nothing when that is no run.
[[nodiscard]] std::optional<std::vector<std::int64_t>> unpack_run(std::string_view packed);

}  // namespace onechat::storage
