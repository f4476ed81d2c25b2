// The chain of moderators, as far as it answers at once: our own filter decides, and for what it
// lets pass the mode and the budget say whether somebody outside looks, before others see it or
// after. Asks nobody itself (the switchboard does) and knows no account. Loop thread.
#pragma once

#include "server/lobby/moderation.hpp"
#include "server/moderation_options.hpp"
#include "server/platform/filter/filter.hpp"
#include "server/review_budget.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace onechat {

// What our own filter said, and what the budget did not allow. Since the start.
struct moderation_counts {
    std::uint64_t passed = 0;
    std::uint64_t masked = 0;
    std::uint64_t rejected = 0;
    std::uint64_t flagged = 0;
    std::uint64_t unaffordable = 0;
};

class moderation_chain final : public lobby::moderator {
public:
    explicit moderation_chain(const moderation_options& options)
        : options_{options}, budget_{options.looks_per_minute} {}

    // From the next word on; none: everything passes.
    void use(std::shared_ptr<const platform::filter> filter) { filter_ = std::move(filter); }

    [[nodiscard]] lobby::ruling judge(const lobby::utterance& said, lobby::moment now) override;

    // Whether our own filter has something to say of a report's note.
    [[nodiscard]] bool flags_note(std::string_view note) const;

    // Whether somebody outside may look at such a note; counts as a look. Nobody waits for it and
    // it takes nothing away, so it gets none of the last ones.
    [[nodiscard]] bool may_look_at_note(lobby::moment now);

    // Whether the platform may be asked once more about words that it has been asked about; counts
    // as a look, since the platform counts calls.
    [[nodiscard]] bool may_look_again(lobby::moment now);

    void look_began() { ++under_way_; }
    void look_ended() { --under_way_; }

    [[nodiscard]] const moderation_counts& counted() const { return counts_; }
    [[nodiscard]] std::size_t under_way() const { return under_way_; }
    [[nodiscard]] const moderation_options& options() const { return options_; }

private:
    [[nodiscard]] bool affords(review_budget::need why, lobby::moment now);
    void ask_outside(const lobby::utterance& said, lobby::moment now, lobby::ruling& is);

    moderation_options options_;
    review_budget budget_;
    std::shared_ptr<const platform::filter> filter_;
    std::size_t under_way_ = 0;
    moderation_counts counts_;
};

}  // namespace onechat
