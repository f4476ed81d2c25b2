// The words of the rules, found in a folded text: as they stand, spread by symbols, or spelled out
// with blanks and punctuation; Latin words and numbers only between their borders. Why this is no
// library's work: docs/decisions/0015. Immutable once filled: any thread.
#pragma once

#include "server/platform/filter/folding.hpp"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace onechat::platform {

// In letters of the folded word; so far does a text's every letter have to be followed at most.
inline constexpr std::size_t word_letters_max = 64;
// Symbols within a word beyond which it is none.
inline constexpr std::size_t word_gap_max = 8;

// Of the folded text's letters, those from `begin` to before `end`; `rule` is whatever was added.
struct hit {
    std::size_t begin;
    std::size_t end;
    std::uint32_t rule;
};

class word_tree {
public:
    // The same word may be added again: then both its rules are found. REQUIRES: 1 to
    // word_letters_max letters that don't separate.
    void add(const folded_text& word, std::uint32_t rule);

    // Every place of every word, overlapping ones too: at most word_letters_max for each letter of
    // the text and rule of a word.
    void find(const folded_text& text, std::vector<hit>& hits) const;

private:
    // One row for each time that a word was added, linked from its last letter's node.
    struct entry {
        std::uint64_t gaps;  // bit i: the word itself has a gap before its letter i
        std::uint32_t rule;
        std::uint32_t next;
    };

    [[nodiscard]] static std::uint64_t key(std::uint32_t node, char32_t code) {
        return std::uint64_t{node} << 32U | code;
    }

    // Of the letters that words begin with, by their last bits: most letters begin none.
    static constexpr std::size_t first_bits = std::size_t{1} << 14U;

    std::bitset<first_bits> first_;
    std::unordered_map<std::uint64_t, std::uint32_t> children_;  // node and letter -> node
    std::vector<std::uint32_t> entry_of_{0};                     // by node; 0: none
    std::vector<entry> entries_{{0, 0, 0}};                      // the first one stands for none
};

}  // namespace onechat::platform
