#include "server/moderation_chain.hpp"

namespace onechat {

using lobby::ruling;
using lobby::utterance;

ruling moderation_chain::judge(const utterance& said, lobby::moment now) {
    ruling is;
    if (filter_) {
        platform::verdict found = filter_->judge(said.words, said.is == utterance::what::text
                                                                 ? platform::subject::text
                                                                 : platform::subject::nickname);
        is.flagged = found.flagged;
        counts_.flagged += found.flagged ? 1 : 0;
        if (found.what == platform::decision::reject) {
            ++counts_.rejected;
            is.is = ruling::decision::reject;
            return is;
        }
        if (found.what == platform::decision::mask) {
            ++counts_.masked;
            is.is = ruling::decision::mask;
            is.shown = std::move(found.masked);
        } else {
            ++counts_.passed;
        }
    }
    if (options_.mode != moderation_mode::local && said.known_outside) {
        ask_outside(said, now, is);
    }
    return is;
}

void moderation_chain::ask_outside(const utterance& said, lobby::moment now, ruling& is) {
    using need = review_budget::need;
    const bool suspicious = is.flagged || is.is == ruling::decision::mask;
    const bool first = said.first || said.is == utterance::what::nickname;
    const need why = suspicious ? need::suspicious : first ? need::first : need::other;
    // A nickname that people have seen can't be taken away from them any more.
    const bool waits =
        options_.mode == moderation_mode::hold || said.is == utterance::what::nickname;
    if (affords(why, now)) {
        is.outside = waits ? ruling::look::before : ruling::look::after;
    } else if (!options_.unjudged_pass && waits) {
        is.is = ruling::decision::busy;
    }
}

bool moderation_chain::affords(review_budget::need why, lobby::moment now) {
    if (under_way_ < options_.looks_under_way_max && budget_.take(why, now.steady)) {
        return true;
    }
    ++counts_.unaffordable;
    return false;
}

bool moderation_chain::may_look_at_note(lobby::moment now) {
    return options_.mode != moderation_mode::local && affords(review_budget::need::other, now);
}

bool moderation_chain::may_look_again(lobby::moment now) {
    return budget_.take(review_budget::need::other, now.steady);
}

bool moderation_chain::flags_note(std::string_view note) const {
    return filter_ && filter_->judge(note, platform::subject::note).flagged;
}

}  // namespace onechat
