#include "server/platform/filter/word_tree.hpp"

#include <cassert>

namespace onechat::platform {
namespace {

// Where a text's letters are that don't separate.
using letter_places = boost::container::small_vector<std::uint32_t, 256>;

letter_places spoken_letters(const folded_text& text) {
    letter_places places(text.size(), boost::container::default_init);
    std::uint32_t* next = places.data();
    std::uint32_t at = 0;
    for (const letter& one : text) {
        *next = at++;
        next += separates(one.kind) ? 0 : 1;
    }
    places.resize(static_cast<std::size_t>(next - places.data()));
    return places;
}

bool bordered(letter_kind kind) {
    return kind == letter_kind::latin || kind == letter_kind::digit;
}

// Whether two neighbours belong to one Latin word or one number.
bool grown_together(const letter& one, const letter& other) {
    return one.kind == other.kind && bordered(one.kind);
}

// Whether a word may begin there.
bool begins(const letter* text, std::size_t at) {
    return at == 0 || !grown_together(text[at - 1], text[at]);
}

// REQUIRES: a word has begun there already.
class candidate {
public:
    candidate(const folded_text& text, const letter_places& places, std::size_t first,
              std::size_t last)
        : text_{text}, places_{places}, first_{first}, last_{last} {}

    [[nodiscard]] std::size_t begin() const { return places_[first_]; }
    [[nodiscard]] std::size_t end() const { return places_[last_] + 1; }

    [[nodiscard]] bool is_word(std::uint64_t own_gaps) const {
        return ends() && gaps_allowed(own_gaps);
    }

private:
    [[nodiscard]] bool ends() const {
        return end() == text_.size() || !grown_together(text_[end() - 1], text_[end()]);
    }

    // Nothing separates it from its neighbours.
    [[nodiscard]] bool stands_alone() const {
        return (begin() == 0 || separates(text_[begin() - 1].kind)) &&
               (end() == text_.size() || separates(text_[end()].kind));
    }

    [[nodiscard]] bool gaps_allowed(std::uint64_t own_gaps) const {
        bool paused = false;
        bool all_filled = true;
        for (std::size_t i = first_ + 1; i <= last_; ++i) {
            const std::size_t before = places_[i - 1];
            const std::size_t after = places_[i];
            if ((own_gaps >> (i - first_) & 1U) != 0) {
                continue;
            }
            if (after - before - 1 > word_gap_max) {
                return false;
            }
            all_filled = all_filled && after - before > 1;
            paused = paused || has_pause(before, after);
        }
        // 刷，单 and 裸 聊 视 频 are spelled out; 我在刷，单身真好 is not.
        return !paused || (all_filled && (last_ - first_ >= 2 || stands_alone()));
    }

    // Symbols count as well between letters of one Latin word: they stand there in good English.
    [[nodiscard]] bool has_pause(std::size_t before, std::size_t after) const {
        if (after - before > 1 && grown_together(text_[before], text_[after])) {
            return true;
        }
        for (std::size_t i = before + 1; i < after; ++i) {
            if (text_[i].kind == letter_kind::pause) {
                return true;
            }
        }
        return false;
    }

    const folded_text& text_;
    const letter_places& places_;
    std::size_t first_;
    std::size_t last_;
};

}  // namespace

void word_tree::add(const folded_text& word, std::uint32_t rule) {
    std::uint32_t node = 0;
    std::uint64_t gaps = 0;
    std::size_t count = 0;
    bool in_gap = false;
    for (const letter& one : word) {
        if (separates(one.kind)) {
            in_gap = true;
            continue;
        }
        assert(count < word_letters_max);
        gaps |= std::uint64_t{in_gap && count > 0 ? 1U : 0U} << count;
        in_gap = false;
        if (count == 0) {
            first_.set(one.code % first_bits);
        }
        ++count;
        const auto fresh = static_cast<std::uint32_t>(entry_of_.size());
        const auto [child, inserted] = children_.try_emplace(key(node, one.code), fresh);
        if (inserted) {
            entry_of_.push_back(0);
        }
        node = child->second;
    }
    assert(count > 0);
    entries_.push_back({gaps, rule, entry_of_[node]});
    entry_of_[node] = static_cast<std::uint32_t>(entries_.size() - 1);
}

void word_tree::find(const folded_text& text, std::vector<hit>& hits) const {
    const letter_places places = spoken_letters(text);
    const letter* const letters = text.data();
    std::size_t first = 0;
    for (const std::uint32_t begin : places) {
        const std::size_t from = first++;
        if (!first_.test(letters[begin].code % first_bits) || !begins(letters, begin)) {
            continue;
        }
        std::uint32_t node = 0;
        for (std::size_t last = from; last < places.size(); ++last) {
            const auto child = children_.find(key(node, letters[places[last]].code));
            if (child == children_.end()) {
                break;
            }
            node = child->second;
            for (auto e = entry_of_[node]; e != 0; e = entries_[e].next) {
                const candidate found{text, places, from, last};
                if (found.is_word(entries_[e].gaps)) {
                    hits.push_back({found.begin(), found.end(), entries_[e].rule});
                }
            }
        }
    }
}

}  // namespace onechat::platform
