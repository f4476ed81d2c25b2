// What the groups `fraud`, `drugs` and `solicitation` of the built-in set refuse: offers, each in
// the ways that one makes them, as a sentence of its own. Not the words themselves, which what has
// happened to people has as well. Pure: any thread.
#pragma once

#include <string>

namespace onechat::platform {

[[nodiscard]] std::string fraud_offers();
[[nodiscard]] std::string drug_offers();
[[nodiscard]] std::string sexual_offers();

// Words of who tells of something, or asks what to do about it: such a text is never refused.
[[nodiscard]] std::string telling_words();

}  // namespace onechat::platform
