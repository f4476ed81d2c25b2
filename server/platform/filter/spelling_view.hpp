// A folded text as patterns read it: one line of UTF-8 in which numbers that are spelled in words,
// circles or mixed writings stand as digits, and the way back from its bytes to the letters. Words
// don't read this: 五一 is a holiday there. Pure: any thread.
#pragma once

#include "server/platform/filter/folding.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace onechat::platform {

// From so many digits on a row of digit words is a number that somebody might dial: the shortest QQ
// id has five. 三五 and 一二三 are none.
inline constexpr std::size_t spelled_digits_min = 5;
// What may stand between two of its digits.
inline constexpr std::size_t spelled_gap_max = 3;

class spelling_view {
public:
    // The letters must outlive it.
    explicit spelling_view(const folded_text& letters);

    [[nodiscard]] std::string_view text() const { return {text_.get(), size_}; }

    // The letter that the byte belongs to. REQUIRES: a byte of text().
    [[nodiscard]] std::size_t letter_at(std::size_t byte);

private:
    const folded_text& letters_;
    // With room for the longest spelling of each letter, so that none is asked for byte by byte.
    std::unique_ptr<char[]> text_;
    std::size_t size_ = 0;
    std::vector<std::uint32_t> letter_of_;  // made when it is first asked for: hardly ever
};

}  // namespace onechat::platform
