// The closed sets of words that messages carry, with what each word means. The reasons to refuse
// are in codes.hpp. Constants only: any thread.
#pragma once

#include "protocol/field.hpp"

#include <array>

namespace onechat::protocol {

enum class provider { guest, wechat, qq };

constexpr auto words(provider) {
    using enum provider;
    return std::array{
        word{guest, "guest", "No platform: whoever holds the token is the user."},
        word{wechat, "wechat", "A WeChat mini program; `code` comes from `wx.login`."},
        word{qq, "qq", "A QQ mini program; `code` comes from `qq.login`."},
    };
}

enum class user_state { idle, waiting, paired };

constexpr auto words(user_state) {
    using enum user_state;
    return std::array{
        word{idle, "idle", "Neither waiting nor in a chat."},
        word{waiting, "waiting", "A ticket lies in the pool; `waiting` follows."},
        word{paired, "paired", "In a chat, which `pair` describes."},
    };
}

enum class sender { me, partner, system };

constexpr auto words(sender) {
    using enum sender;
    return std::array{
        word{me, "me", "The user who reads this."},
        word{partner, "partner", "The other one."},
        word{system, "system", "The server."},
    };
}

enum class event_kind { text, recall, start, end };

constexpr auto words(event_kind) {
    using enum event_kind;
    return std::array{
        word{text, "text", "Something was said: `text`, or `gone` when it is no more."},
        word{recall, "recall", "The sender took back the text whose seq is `ref`."},
        word{start, "start", "A chat of this pair began."},
        word{end, "end", "That chat ended; `reason` says how."},
    };
}

enum class end_reason { left, timeout };

constexpr auto words(end_reason) {
    using enum end_reason;
    return std::array{
        word{left, "left", "Somebody left; a block, a ban or an erasure looks the same."},
        word{timeout, "timeout", "Somebody was away for too long."},
    };
}

enum class gone_reason { recall, erase, removed };

constexpr auto words(gone_reason) {
    using enum gone_reason;
    return std::array{
        word{recall, "recall", "Its sender recalled it."},
        word{erase, "erase", "Its sender erased the account."},
        word{removed, "removed", "An operator removed it."},
    };
}

enum class partner_state { here, away, left };

constexpr auto words(partner_state) {
    using enum partner_state;
    return std::array{
        word{here, "here", "Connected, with the app in front."},
        word{away, "away", "Not connected or in the background; what is said arrives on return."},
        word{left, "left", "The chat is over and the reader is idle."},
    };
}

enum class report_reason { spam, abuse, sexual, fraud, minor, other };

constexpr auto words(report_reason) {
    using enum report_reason;
    return std::array{
        word{spam, "spam", "Advertising."},
        word{abuse, "abuse", "Insults, threats, hatred."},
        word{sexual, "sexual", "Sexual content or harassment."},
        word{fraud, "fraud", "An attempt to cheat somebody."},
        word{minor, "minor", "A child is in danger, or a child should not be here."},
        word{other, "other", "Something else; `note` says what."},
    };
}

// How many people wait, too roughly to single anybody out.
enum class pool_size { none, few, some, many };

constexpr auto words(pool_size) {
    using enum pool_size;
    return std::array{
        word{none, "0", "Nobody else."},
        word{few, "1-4", "One to four people."},
        word{some, "5-19", "Five to nineteen people."},
        word{many, "20+", "Twenty people or more."},
    };
}

enum class durability { full, normal };

constexpr auto words(durability) {
    using enum durability;
    return std::array{
        word{full, "full", "An `ack` survives a power cut."},
        word{normal, "normal", "An `ack` survives a crash of the server, perhaps not a power cut."},
    };
}

enum class record_kind { account, text, ban };

constexpr auto words(record_kind) {
    using enum record_kind;
    return std::array{
        word{account, "account", "The account itself: `at` it was made, by which `provider`."},
        word{text, "text", "A text that the user said: `pair`, `at`, `text`."},
        word{ban, "ban", "A ban of the user: from `at` to `until`."},
    };
}

}  // namespace onechat::protocol
