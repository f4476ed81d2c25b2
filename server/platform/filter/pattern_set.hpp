// The patterns of the rules, found in a folded text. One walk over the text tells which of them
// occur at all; only those are then looked for. Immutable once compiled: any thread.
#pragma once

#include "server/platform/filter/folding.hpp"
#include "server/platform/filter/word_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace onechat::platform {

// Of one pattern: what it becomes when it is compiled, so that no short one eats the machine.
inline constexpr std::size_t pattern_bytes_max = std::size_t{1} << 20U;
// Of all of them, with the states that the walk keeps.
inline constexpr std::size_t patterns_bytes_max = std::size_t{32} << 20U;
// Beyond so many places of one pattern all that follows counts as one more: a text is bounded work.
inline constexpr std::size_t pattern_places_max = 32;

class pattern_set {
public:
    explicit pattern_set(std::size_t bytes_max = patterns_bytes_max);
    pattern_set(pattern_set&&) noexcept;
    pattern_set& operator=(pattern_set&&) noexcept;
    ~pattern_set();

    // What is wrong with a pattern, as a sentence; empty: nothing.
    [[nodiscard]] static std::string trouble_with(const std::string& pattern);

    // REQUIRES: there is no trouble with it.
    void add(const std::string& pattern, std::uint32_t rule);

    // Once, after the last one was added. False: together they need more than bytes_max.
    [[nodiscard]] bool compile();

    // Every place of every pattern; where a pattern has groups, of what its first one took.
    void find(const folded_text& text, std::vector<hit>& hits) const;

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace onechat::platform
