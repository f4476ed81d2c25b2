// People whom the server has known for long: numbered from 0, with rows, records and tokens that
// any program of the bench can make again from their numbers. Not for a data folder that somebody
// else uses.
#pragma once

#include "server/keys.hpp"
#include "storage/store.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace onechat::bench {

// Each has met so many others; so many pairs come on each person.
inline constexpr std::size_t meetings_each = 10;
inline constexpr std::size_t people_min = 2 * meetings_each + 1;  // or two would meet twice

struct known_pair {
    std::size_t one = 0;  // person numbers
    std::size_t two = 0;
    std::string name;
};

// The pairs of `people` are numbered from 0 to people * meetings_each.
[[nodiscard]] known_pair pair_of(std::size_t number, std::size_t people);

[[nodiscard]] std::string token_of(const keys& by, std::size_t person);

// Gives a store the people and lets all pairs meet; afterwards each has its `start`, seq 1.
[[nodiscard]] std::vector<storage::live_pair> meet(storage::store& in, const keys& by,
                                                   std::size_t people, storage::unix_ms at,
                                                   std::int64_t epoch);

[[nodiscard]] storage::append text_of(storage::pair_id pair, std::uint64_t seq, storage::side from,
                                      storage::unix_ms at = 1, std::int64_t epoch = 1);

// How many texts each pair has said when the folder is filled with `texts`.
[[nodiscard]] std::uint64_t texts_each(std::size_t people, std::uint64_t texts);

// Fills a data folder with people and what they have said, a thousand chats at a time and in turns,
// as a busy server writes it: the texts of a page lie far apart. What is filled already stays.
void fill(const std::filesystem::path& data, std::size_t people, std::uint64_t texts);

}  // namespace onechat::bench
