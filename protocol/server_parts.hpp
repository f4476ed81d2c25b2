// The parts of what the server says: structs that stand in messages and are none themselves. The
// two messages that are also parts, `event` and `matched`, are in server_messages.hpp. Plain
// values: any thread. Every member has an initializer, so that designated ones may leave it out
// without a warning.
#pragma once

#include "protocol/field.hpp"
#include "protocol/vocabulary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace onechat::protocol::server {

struct topic_info {
    static constexpr std::string_view name = "topic_info";
    static constexpr std::string_view doc = "A topic that can be asked for.";

    std::string id{};
    std::string title{};
    std::string hint{};
    pool_size waiting = pool_size::none;

    static constexpr auto fields = std::tuple{
        field{"id", &topic_info::id, "What `find` names."},
        field{"title", &topic_info::title, "What the user reads."},
        field{"hint", &topic_info::hint, "A line under the title; may be empty."},
        field{"waiting", &topic_info::waiting, "How many people wait with it."},
    };
    bool operator==(const topic_info&) const = default;
};

struct limits_info {
    static constexpr std::string_view name = "limits_info";
    static constexpr std::string_view doc = "The limits of this server.";

    std::uint32_t text = 0;
    std::uint32_t frame = 0;
    std::uint32_t in_flight = 0;
    protocol::durability durability = protocol::durability::full;

    static constexpr auto fields = std::tuple{
        field{"text", &limits_info::text, "Code points in a text."},
        field{"frame", &limits_info::frame, "Bytes in a message from the client."},
        field{"in_flight", &limits_info::in_flight, "Texts without an `ack`."},
        field{"durability", &limits_info::durability, "What an `ack` promises."},
    };
    bool operator==(const limits_info&) const = default;
};

struct held_answer {
    static constexpr std::string_view name = "held_answer";
    static constexpr std::string_view doc = "What holds of that which the client still has.";

    std::string pair{};
    std::uint64_t keep = 0;
    std::optional<bool> gap{};

    static constexpr auto fields = std::tuple{
        field{"pair", &held_answer::pair, "As in `hello.held`."},
        field{"keep", &held_answer::keep,
              "Drop every event above this seq; the replay starts behind it. 0 for an unknown or "
              "cleared pair."},
        field{"gap", &held_answer::gap,
              "More was missed than is replayed; `history` has what lies between.", when_true{}},
    };
    bool operator==(const held_answer&) const = default;
};

struct partner_info {
    static constexpr std::string_view name = "partner_info";
    static constexpr std::string_view doc = "The other one, as far as one may know.";

    std::string alias{};
    std::string avatar{};
    std::optional<std::string> nickname{};

    static constexpr auto fields = std::tuple{
        field{"alias", &partner_info::alias,
              "A name drawn for this pair; another pair, another alias."},
        field{"avatar", &partner_info::avatar, "An id of the built-in avatars."},
        field{"nickname", &partner_info::nickname, "What the partner calls themself in this chat."},
    };
    bool operator==(const partner_info&) const = default;
};

struct last_event {
    static constexpr std::string_view name = "last_event";
    static constexpr std::string_view doc = "The newest event of a pair, in short.";

    std::uint64_t seq = 0;
    std::int64_t at = 0;
    std::optional<std::string> text{};

    static constexpr auto fields = std::tuple{
        field{"seq", &last_event::seq, "Its number in the pair."},
        field{"at", &last_event::at, "When, in Unix milliseconds."},
        field{"text", &last_event::text, "What was said, if it was a text that still exists."},
    };
    bool operator==(const last_event&) const = default;
};

struct pair_entry {
    static constexpr std::string_view name = "pair_entry";
    static constexpr std::string_view doc = "Somebody one has met.";

    std::string pair{};
    partner_info partner{};
    std::uint32_t met = 0;
    last_event last{};
    std::uint32_t unseen = 0;
    bool blocked = false;

    static constexpr auto fields = std::tuple{
        field{"pair", &pair_entry::pair, "Which pair."},
        field{"partner", &pair_entry::partner, "Whom; without a nickname, which is never stored."},
        field{"met", &pair_entry::met, "How many chats there were."},
        field{"last", &pair_entry::last, "The newest event."},
        field{"unseen", &pair_entry::unseen, "How many of the partner's texts one has not seen."},
        field{"blocked", &pair_entry::blocked, "Whether one has blocked them."},
    };
    bool operator==(const pair_entry&) const = default;
};

struct export_record {
    static constexpr std::string_view name = "export_record";
    static constexpr std::string_view doc = "One thing that the server knows of the user.";

    record_kind kind = record_kind::text;
    std::int64_t at = 0;
    std::optional<std::string> pair{};
    std::optional<std::string> text{};
    std::optional<protocol::provider> provider{};
    std::optional<std::int64_t> until{};

    static constexpr auto fields = std::tuple{
        field{"kind", &export_record::kind, "What it is."},
        field{"at", &export_record::at, "When it was made or said, in Unix milliseconds."},
        field{"pair", &export_record::pair, "Where the text was said."},
        field{"text", &export_record::text, "What the user said."},
        field{"provider", &export_record::provider, "Who vouched for the account."},
        field{"until", &export_record::until, "When the ban ends, in Unix milliseconds."},
    };
    bool operator==(const export_record&) const = default;
};

struct kept_item {
    static constexpr std::string_view name = "kept_item";
    static constexpr std::string_view doc = "Something that outlives an erasure for a while.";

    std::string what{};
    std::int64_t until = 0;

    static constexpr auto fields = std::tuple{
        field{"what", &kept_item::what, "What is kept, and by that why."},
        field{"until", &kept_item::until, "When it goes, too, in Unix milliseconds."},
    };
    bool operator==(const kept_item&) const = default;
};

struct receipt {
    static constexpr std::string_view name = "receipt";
    static constexpr std::string_view doc = "What was erased, and what is kept until when.";

    std::string id{};
    std::int64_t at = 0;
    std::uint32_t texts = 0;
    std::vector<kept_item> kept{};

    static constexpr auto fields = std::tuple{
        field{"id", &receipt::id, "For questions to the operator. Says nothing by itself."},
        field{"at", &receipt::at, "When, in Unix milliseconds."},
        field{"texts", &receipt::texts, "How many texts were erased."},
        field{"kept", &receipt::kept, "What stays for a while."},
    };
    bool operator==(const receipt&) const = default;
};

}  // namespace onechat::protocol::server
