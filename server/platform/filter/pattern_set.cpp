#include "server/platform/filter/pattern_set.hpp"

#include "server/platform/filter/spelling_view.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <numeric>

namespace onechat::platform {
namespace {

RE2::Options options_for(std::size_t bytes_max) {
    RE2::Options options;
    options.set_max_mem(static_cast<std::int64_t>(bytes_max));
    options.set_case_sensitive(false);  // the text is in lower case, the pattern may not be
    options.set_log_errors(false);
    return options;
}

struct compiled_pattern {
    compiled_pattern(const std::string& pattern, std::uint32_t of)
        : expression{pattern, options_for(pattern_bytes_max)}, rule{of} {}

    RE2 expression;
    std::uint32_t rule;
};

// Where the pattern is from `from` on; an empty piece at the end of the text: nowhere.
re2::StringPiece next_place(const RE2& pattern, re2::StringPiece text, std::size_t from) {
    std::array<re2::StringPiece, 2> groups;
    const int wanted = pattern.NumberOfCapturingGroups() > 0 ? 2 : 1;
    while (from < text.size() &&
           pattern.Match(text, from, text.size(), RE2::UNANCHORED, groups.data(), wanted)) {
        const re2::StringPiece place = groups[1].empty() ? groups[0] : groups[1];
        if (!place.empty()) {
            return place;
        }
        from = static_cast<std::size_t>(groups[0].data() + groups[0].size() - text.data()) + 1;
    }
    return {text.data() + text.size(), 0};
}

void find_one(const compiled_pattern& one, spelling_view& view, std::vector<hit>& hits) {
    const re2::StringPiece text{view.text()};
    std::size_t from = 0;
    for (std::size_t places = 0;; ++places) {
        const re2::StringPiece place = next_place(one.expression, text, from);
        if (place.empty()) {
            return;
        }
        const auto begin = static_cast<std::size_t>(place.data() - text.data());
        from = places == pattern_places_max ? text.size() : begin + place.size();
        hits.push_back({view.letter_at(begin), view.letter_at(from - 1) + 1, one.rule});
    }
}

}  // namespace

struct pattern_set::parts {
    explicit parts(std::size_t bytes_max) : all{options_for(bytes_max), RE2::UNANCHORED} {}

    RE2::Set all;
    std::vector<std::unique_ptr<compiled_pattern>> each;  // in the order of the set
};

pattern_set::pattern_set(std::size_t bytes_max) : parts_{std::make_unique<parts>(bytes_max)} {}
pattern_set::pattern_set(pattern_set&&) noexcept = default;
pattern_set& pattern_set::operator=(pattern_set&&) noexcept = default;
pattern_set::~pattern_set() = default;

std::string pattern_set::trouble_with(const std::string& pattern) {
    const RE2 tried{pattern, options_for(pattern_bytes_max)};
    if (!tried.ok()) {
        return "This is no pattern: " + tried.error() + ".";
    }
    if (RE2::PartialMatch("", tried)) {
        return "This pattern is found in every text, even in none.";
    }
    return {};
}

void pattern_set::add(const std::string& pattern, std::uint32_t rule) {
    std::string error;
    const int place = parts_->all.Add(pattern, &error);
    assert(place == static_cast<int>(parts_->each.size()));
    static_cast<void>(place);
    parts_->each.push_back(std::make_unique<compiled_pattern>(pattern, rule));
}

bool pattern_set::compile() {
    return parts_->each.empty() || parts_->all.Compile();
}

void pattern_set::find(const folded_text& text, std::vector<hit>& hits) const {
    if (parts_->each.empty()) {
        return;
    }
    spelling_view view{text};
    RE2::Set::ErrorInfo why{};
    // Whether there is any is cheaper to ask than which: the answer is nearly always no.
    const bool any = parts_->all.Match(view.text(), nullptr, &why);
    if (!any && why.kind == RE2::Set::kNoError) {
        return;
    }
    std::vector<int> found;
    if (!any || !parts_->all.Match(view.text(), &found, &why)) {
        // Without memory for the walk each is looked for by itself, which needs none.
        found.resize(parts_->each.size());
        std::iota(found.begin(), found.end(), 0);
    }
    for (const int one : found) {
        find_one(*parts_->each[static_cast<std::size_t>(one)], view, hits);
    }
}

}  // namespace onechat::platform
