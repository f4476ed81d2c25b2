// What a client says. A struct per message, named as its `t`; a member per field, in the order in
// which they are written. `?` fields of the contract are optional members. Not who may say what
// when: that is the lobby's. Plain values: any thread. Every member has an initializer, so that
// designated ones may leave it out without a warning.
#pragma once

#include "protocol/field.hpp"
#include "protocol/limits.hpp"
#include "protocol/vocabulary.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

namespace onechat::protocol::client {

// The limits that several messages share.
inline constexpr at_least a_seq{1};
inline constexpr bytes an_id{0, limits::id_bytes_max};
inline constexpr between a_page{1, limits::page_max};
inline constexpr items some_topics{limits::topics_max, {1, limits::id_bytes_max}};
inline constexpr code_points a_nickname{0, limits::nickname_code_points_max};
inline constexpr one_of an_avatar{avatars};

struct login_request {
    static constexpr std::string_view name = "login_request";
    static constexpr std::string_view doc = "How a user without a token logs in.";

    protocol::provider provider = protocol::provider::guest;
    std::optional<std::string> code{};

    static constexpr auto fields = std::tuple{
        field{"provider", &login_request::provider, "Who vouches for the user."},
        field{"code", &login_request::code,
              "The platform's login code, fresh for each `hello`. Needed for all but `guest`.",
              bytes{1, limits::login_code_bytes_max}},
    };
    bool operator==(const login_request&) const = default;
};

struct held_position {
    static constexpr std::string_view name = "held_position";
    static constexpr std::string_view doc = "How much of a pair the client still has.";

    std::string pair{};
    std::uint64_t seq = 0;
    std::int64_t epoch = 0;

    static constexpr auto fields = std::tuple{
        field{"pair", &held_position::pair, "The pair, even when its chat is over.", an_id},
        field{"seq", &held_position::seq,
              "The highest seq up to which the client has every event, without a gap."},
        field{"epoch", &held_position::epoch, "The `epoch` of the last `welcome`."},
    };
    bool operator==(const held_position&) const = default;
};

struct hello {
    static constexpr std::string_view type = "hello";
    static constexpr std::string_view doc =
        "The first message, within 10 s: who the user is, by `token` or, without one, by `login`. "
        "When "
        "both are given the token counts. A failed login leaves the connection open for another "
        "`hello`; a bad token is `bye` 4501.";
    static constexpr std::string_view answer = "`welcome`, then what was missed; or `error`";

    std::uint32_t v = version;
    std::optional<login_request> login{};
    std::optional<std::string> token{};
    std::optional<held_position> held{};

    static constexpr auto fields = std::tuple{
        field{"v", &hello::v, "The version of this protocol.", exactly{version}},
        field{"login", &hello::login, "For a user without a token."},
        field{"token", &hello::token,
              "The `token` of an earlier `welcome`. Never put it into a URL.",
              bytes{0, limits::token_bytes_max}},
        field{"held", &hello::held, "What the client still has, so that it gets what it missed."},
    };
    static constexpr std::array<std::string_view, 2> needs_one_of = {"login", "token"};
    bool operator==(const hello&) const = default;
};

struct find {
    static constexpr std::string_view type = "find";
    static constexpr std::string_view doc =
        "Look for a stranger. Said again while waiting it changes what it names and keeps the "
        "place.";
    static constexpr std::string_view answer = "`waiting`, later `matched`";

    std::optional<std::vector<std::string>> topics{};
    std::optional<std::string> nickname{};
    std::optional<std::string> avatar{};

    static constexpr auto fields = std::tuple{
        field{"topics", &find::topics,
              "Ids from `welcome.topics`; somebody who shares one is preferred. None: any topic.",
              some_topics},
        field{"nickname", &find::nickname,
              "What the partner sees in this chat beside the alias. Never stored.", a_nickname},
        field{"avatar", &find::avatar,
              "An id of the built-in avatars, shown to the partner in this chat. Never a URL.",
              an_avatar},
    };
    bool operator==(const find&) const = default;
};

struct cancel {
    static constexpr std::string_view type = "cancel";
    static constexpr std::string_view doc = "Stop waiting. In a chat it does what `leave` does.";
    static constexpr std::string_view answer = "`idle`";

    static constexpr auto fields = std::tuple{};
    bool operator==(const cancel&) const = default;
};

struct say {
    static constexpr std::string_view type = "say";
    static constexpr std::string_view doc =
        "Say something to the partner. Without an answer, say it again with the same `cid`: it is "
        "stored and shown once.";
    static constexpr std::string_view answer = "`ack` when it is on disk, or `nack`";

    std::uint64_t cid = 0;
    std::string text{};
    std::optional<std::string> pair{};

    static constexpr auto fields = std::tuple{
        field{"cid", &say::cid,
              "The client's number for this text, strictly increasing in the pair.", at_least{1}},
        field{"text", &say::text, "What to say.", code_points{1, limits::text_code_points_max}},
        field{"pair", &say::pair,
              "The chat it is meant for; name it, so that no text goes to the wrong stranger.",
              an_id},
    };
    bool operator==(const say&) const = default;
};

struct typing {
    static constexpr std::string_view type = "typing";
    static constexpr std::string_view doc = "The user began or ceased to type. It may get lost.";
    static constexpr std::string_view answer = "none";

    bool on = false;
    std::optional<std::string> pair{};

    static constexpr auto fields = std::tuple{
        field{"on", &typing::on, "Whether the user is typing now."},
        field{"pair", &typing::pair,
              "The chat it is about; ignored when that is not the current one.", an_id},
    };
    bool operator==(const typing&) const = default;
};

struct seen {
    static constexpr std::string_view type = "seen";
    static constexpr std::string_view doc = "The user has seen the chat up to an event.";
    static constexpr std::string_view answer = "none";

    std::uint64_t seq = 0;
    std::optional<std::string> pair{};

    static constexpr auto fields = std::tuple{
        field{"seq", &seen::seq, "The newest event seen. Beyond the last it is taken as the last."},
        field{"pair", &seen::pair,
              "The chat it is about; ignored when that is not the current one.", an_id},
    };
    bool operator==(const seen&) const = default;
};

struct recall {
    static constexpr std::string_view type = "recall";
    static constexpr std::string_view doc =
        "Take back a text of one's own that is at most 2 minutes old.";
    static constexpr std::string_view answer = "`event` of kind `recall`, to both";

    std::uint64_t seq = 0;
    std::optional<std::string> pair{};

    static constexpr auto fields = std::tuple{
        field{"seq", &recall::seq, "The text.", a_seq},
        field{"pair", &recall::pair, "The chat it was said in.", an_id},
    };
    bool operator==(const recall&) const = default;
};

struct leave {
    static constexpr std::string_view type = "leave";
    static constexpr std::string_view doc = "End the chat.";
    static constexpr std::string_view answer = "`idle`";

    std::optional<std::string> pair{};

    static constexpr auto fields = std::tuple{
        field{"pair", &leave::pair, "The chat to leave.", an_id},
    };
    bool operator==(const leave&) const = default;
};

struct next {
    static constexpr std::string_view type = "next";
    static constexpr std::string_view doc =
        "Leave the chat and look for another stranger at once. Without a chat it is `find`.";
    static constexpr std::string_view answer = "`waiting`, later `matched`";

    std::optional<std::vector<std::string>> topics{};
    std::optional<std::string> nickname{};
    std::optional<std::string> avatar{};
    std::optional<std::string> pair{};

    static constexpr auto fields = std::tuple{
        field{"topics", &next::topics, "As in `find`.", some_topics},
        field{"nickname", &next::nickname, "As in `find`.", a_nickname},
        field{"avatar", &next::avatar, "As in `find`.", an_avatar},
        field{"pair", &next::pair,
              "The chat to leave; name it, so that a double tap does not skip a stranger.", an_id},
    };
    bool operator==(const next&) const = default;
};

struct away {
    static constexpr std::string_view type = "away";
    static constexpr std::string_view doc =
        "The app goes to the background. The next message but `ping` says that it is back.";
    static constexpr std::string_view answer = "none";

    static constexpr auto fields = std::tuple{};
    bool operator==(const away&) const = default;
};

struct history {
    static constexpr std::string_view type = "history";
    static constexpr std::string_view doc = "Read a page of what was said in a pair.";
    static constexpr std::string_view answer = "`history`";

    std::string pair{};
    std::optional<std::uint64_t> before{};
    std::optional<std::uint32_t> limit{};

    static constexpr auto fields = std::tuple{
        field{"pair", &history::pair, "Which pair.", an_id},
        field{"before", &history::before, "Only events with a smaller seq. Absent: the newest."},
        field{"limit", &history::limit, "How many at most; 20 when absent.", a_page},
    };
    bool operator==(const history&) const = default;
};

struct pairs {
    static constexpr std::string_view type = "pairs";
    static constexpr std::string_view doc = "List the people one has met, newest first.";
    static constexpr std::string_view answer = "`pairs`";

    std::optional<std::string> before{};
    std::optional<std::uint32_t> limit{};

    static constexpr auto fields = std::tuple{
        field{"before", &pairs::before, "The `cursor` of the page before. Absent: the first page.",
              bytes{0, limits::cursor_bytes_max}},
        field{"limit", &pairs::limit, "How many at most; 20 when absent.", a_page},
    };
    bool operator==(const pairs&) const = default;
};

struct clear {
    static constexpr std::string_view type = "clear";
    static constexpr std::string_view doc =
        "Delete the record of a pair for oneself; the partner's copy stays. The current chat is "
        "left "
        "first.";
    static constexpr std::string_view answer = "`cleared`";

    std::string pair{};

    static constexpr auto fields = std::tuple{
        field{"pair", &clear::pair, "Which pair.", an_id},
    };
    bool operator==(const clear&) const = default;
};

struct block {
    static constexpr std::string_view type = "block";
    static constexpr std::string_view doc =
        "Never meet this person again. The current chat with them is left first.";
    static constexpr std::string_view answer = "`blocked`";

    std::string pair{};

    static constexpr auto fields = std::tuple{
        field{"pair", &block::pair, "The pair in which one met them.", an_id},
    };
    bool operator==(const block&) const = default;
};

struct unblock {
    static constexpr std::string_view type = "unblock";
    static constexpr std::string_view doc = "Take a block back.";
    static constexpr std::string_view answer = "`blocked`";

    std::string pair{};

    static constexpr auto fields = std::tuple{
        field{"pair", &unblock::pair, "The pair in which one met them.", an_id},
    };
    bool operator==(const unblock&) const = default;
};

struct report {
    static constexpr std::string_view type = "report";
    static constexpr std::string_view doc =
        "Tell the operator what a partner did. The record of the pair goes with it.";
    static constexpr std::string_view answer = "`reported`";

    std::string pair{};
    report_reason reason = report_reason::other;
    std::optional<std::string> note{};

    static constexpr auto fields = std::tuple{
        field{"pair", &report::pair, "Which pair.", an_id},
        field{"reason", &report::reason, "What it is about."},
        field{"note", &report::note, "In the user's words.",
              code_points{0, limits::note_code_points_max}},
    };
    bool operator==(const report&) const = default;
};

struct notify {
    static constexpr std::string_view type = "notify";
    static constexpr std::string_view doc =
        "The user just accepted subscribe messages: the platform lets the server send each of them "
        "once.";
    static constexpr std::string_view answer = "`noted`";

    std::vector<std::string> templates{};

    static constexpr auto fields = std::tuple{
        field{"templates", &notify::templates, "The ids of the accepted templates.",
              items{limits::templates_max, {1, limits::id_bytes_max}}},
    };
    bool operator==(const notify&) const = default;
};

// `export` is a keyword of C++.
struct export_records {
    static constexpr std::string_view type = "export";
    static constexpr std::string_view doc = "Ask for everything that the user said and is.";
    static constexpr std::string_view answer = "`exported`, one or more";

    static constexpr auto fields = std::tuple{};
    bool operator==(const export_records&) const = default;
};

struct erase {
    static constexpr std::string_view type = "erase";
    static constexpr std::string_view doc = "Delete the account and every text of its owner.";
    static constexpr std::string_view answer = "`erased`, then close 4504";

    bool confirm = false;

    static constexpr auto fields = std::tuple{
        field{"confirm", &erase::confirm, "True: the user was asked.", must_be_true{}},
    };
    bool operator==(const erase&) const = default;
};

struct logout {
    static constexpr std::string_view type = "logout";
    static constexpr std::string_view doc = "Leave and revoke the token.";
    static constexpr std::string_view answer = "`idle`, then close 4501";

    static constexpr auto fields = std::tuple{};
    bool operator==(const logout&) const = default;
};

struct ping {
    static constexpr std::string_view type = "ping";
    static constexpr std::string_view doc =
        "A sign of life, for platforms that cannot send WebSocket pings.";
    static constexpr std::string_view answer = "`pong`";

    static constexpr auto fields = std::tuple{};
    bool operator==(const ping&) const = default;
};

}  // namespace onechat::protocol::client

namespace onechat::protocol {

using client_message =
    std::variant<client::hello, client::find, client::cancel, client::say, client::typing,
                 client::seen, client::recall, client::leave, client::next, client::away,
                 client::history, client::pairs, client::clear, client::block, client::unblock,
                 client::report, client::notify, client::export_records, client::erase,
                 client::logout, client::ping>;

}  // namespace onechat::protocol
