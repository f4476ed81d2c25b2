// A folded text as patterns read it: one line of UTF-8 in which numbers that are spelled in words,
// circles or mixed writings stand as digits, and the way back from its bytes to the letters. Words
// don't read this: 五一 is a holiday there. Pure: any thread.
#pragma once

#include "server/platform/filter/folding.hpp"

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <cstdint>
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

    [[nodiscard]] std::string_view text() const { return {text_.data(), text_.size()}; }

    // The letter that the byte belongs to. REQUIRES: a byte of text().
    [[nodiscard]] std::size_t letter_at(std::size_t byte);

private:
    const folded_text& letters_;
    // Most texts need no memory of their own.
    boost::container::small_vector<char, 1024> text_;
    std::vector<std::uint32_t> letter_of_;  // made when it is first asked for: hardly ever
};

}  // namespace onechat::platform
