// The rules that hold when the operator says nothing: contacts, adverts, fraud, drugs,
// solicitation, threats, names that only the operator may bear; and the words of who tells of such
// things. Each group can be switched off by its name. Constants: any thread.
//
// They are made for people under stress. What somebody says of their own pain (想死, 自杀) is in no
// group, so it reaches the partner as it was said. What has happened to somebody (被刷单骗了, 裸聊
// 敲诈) has the same words as the offers do: such words are flagged for a person to look at, and
// only what offers them is refused, as a sentence of its own in a text that tells of nobody else.
#pragma once

#include <span>
#include <string_view>

namespace onechat::platform {

struct rule_group {
    std::string_view name;
    std::string_view rules;  // as in the operator's file
};

[[nodiscard]] std::span<const rule_group> built_in_groups();

}  // namespace onechat::platform
