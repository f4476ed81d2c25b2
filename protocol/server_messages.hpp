// What the server says. A struct per message, named as its `t`; a member per field, in the order in
// which they are written. A message may be part of another one, then without its `t`. There is no
// type for an OpenID, a user id or an address here: they cannot leak. Plain values: any thread.
// Every member has an initializer, so that designated ones may leave it out without a warning.
#pragma once

#include "protocol/codes.hpp"
#include "protocol/field.hpp"
#include "protocol/server_parts.hpp"
#include "protocol/vocabulary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

namespace onechat::protocol::server {

// ---- messages that are also parts of others ----

struct event {
    static constexpr std::string_view type = "event";
    static constexpr std::string_view doc =
        "Something happened in a pair. Events are dense and ordered by `seq`; drop those you have.";

    std::string pair{};
    std::uint64_t seq = 0;
    std::int64_t at = 0;
    sender from = sender::system;
    event_kind kind = event_kind::text;
    std::optional<std::string> text{};
    std::optional<std::uint64_t> cid{};
    std::optional<std::uint64_t> ref{};
    std::optional<end_reason> reason{};
    std::optional<gone_reason> gone{};

    static constexpr auto fields = std::tuple{
        field{"pair", &event::pair, "Where."},
        field{"seq", &event::seq, "Its number in the pair, from 1."},
        field{"at", &event::at, "When, in Unix milliseconds; never less than the event before."},
        field{
            "from", &event::from,
            "Who did it. `start` is from `system`, `end` from whoever left, `system` on timeout."},
        field{"kind", &event::kind, "What it is."},
        field{"text", &event::text, "What was said."},
        field{"cid", &event::cid, "The sender's number for the text, when `from` is `me`."},
        field{"ref", &event::ref, "For `recall`: the seq of the text taken back."},
        field{"reason", &event::reason, "For `end`: how it came."},
        field{"gone", &event::gone, "Instead of `text`: why the text is no more."},
    };
    bool operator==(const event&) const = default;
};

struct matched {
    static constexpr std::string_view type = "matched";
    static constexpr std::string_view doc =
        "A chat began. A pair that met before goes on in its record.";

    std::string pair{};
    partner_info partner{};
    std::optional<std::string> topic{};
    std::uint32_t met = 0;
    std::optional<std::vector<event>> recent{};
    std::uint64_t last_seq = 0;
    std::uint64_t last_cid = 0;
    std::uint64_t partner_seen = 0;
    std::optional<bool> resumed{};

    static constexpr auto fields = std::tuple{
        field{"pair", &matched::pair, "The pair, opaque. Name it in what you say."},
        field{"partner", &matched::partner, "Whom one met."},
        field{"topic", &matched::topic, "The id of a topic that both had named."},
        field{"met", &matched::met, "Earlier chats of this pair."},
        field{"recent", &matched::recent,
              "Up to 20 newest events, oldest first, this chat's `start` included. Absent when "
              "`hello.held` named this pair."},
        field{"last_seq", &matched::last_seq, "The seq of the newest event."},
        field{"last_cid", &matched::last_cid,
              "The highest `cid` of one's own that was accepted; go on above it."},
        field{"partner_seen", &matched::partner_seen,
              "Up to which seq the partner has seen the pair."},
        field{"resumed", &matched::resumed, "In `welcome`: this chat was going on already.",
              when_true{}},
    };
    bool operator==(const matched&) const = default;
};

// ---- messages ----

struct welcome {
    static constexpr std::string_view type = "welcome";
    static constexpr std::string_view doc =
        "The user is logged in, and this is where they stand. With `held` the missed events "
        "follow.";

    std::uint32_t v = version;
    std::string token{};
    std::int64_t expires = 0;
    std::int64_t epoch = 0;
    user_state state = user_state::idle;
    std::vector<topic_info> topics{};
    limits_info limits{};
    std::int64_t now = 0;
    std::int64_t heartbeat_ms = 0;
    std::int64_t away_ms = 0;
    std::optional<held_answer> held{};
    std::optional<matched> pair{};

    static constexpr auto fields = std::tuple{
        field{"v", &welcome::v, "The version of this protocol."},
        field{"token", &welcome::token,
              "For the next `hello`. A secret: keep it in local storage."},
        field{"expires", &welcome::expires, "When the token ends, in Unix milliseconds."},
        field{"epoch", &welcome::epoch, "Which start of the server this is; keep it for `held`."},
        field{"state", &welcome::state, "Where the user stands."},
        field{"topics", &welcome::topics, "The topics on offer."},
        field{"limits", &welcome::limits, "The limits of this server."},
        field{"now", &welcome::now, "The server's clock, in Unix milliseconds."},
        field{"heartbeat_ms", &welcome::heartbeat_ms,
              "Say `ping` after so long a silence, if WebSocket pings are not seen."},
        field{"away_ms", &welcome::away_ms, "How long a seat is kept for somebody who is away."},
        field{"held", &welcome::held, "The answer to `hello.held`, whenever that was given."},
        field{"pair", &welcome::pair, "The current chat, when `state` is `paired`."},
    };
    bool operator==(const welcome&) const = default;
};

struct waiting {
    static constexpr std::string_view type = "waiting";
    static constexpr std::string_view doc =
        "The user waits for a stranger. Comes again when it changes, at most every 2 s.";

    std::int64_t since = 0;
    std::int64_t waited_ms = 0;
    std::uint32_t tier = 0;
    pool_size pool = pool_size::none;

    static constexpr auto fields = std::tuple{
        field{"since", &waiting::since, "Since when, in Unix milliseconds."},
        field{"waited_ms", &waiting::waited_ms, "For how long, by the server's clock."},
        field{"tier", &waiting::tier,
              "0: a shared topic only. 1: any topic. 2: people met lately, too.", between{0, 2}},
        field{"pool", &waiting::pool, "How many people wait."},
    };
    bool operator==(const waiting&) const = default;
};

struct idle {
    static constexpr std::string_view type = "idle";
    static constexpr std::string_view doc = "The user neither waits nor chats.";

    static constexpr auto fields = std::tuple{};
    bool operator==(const idle&) const = default;
};

struct ack {
    static constexpr std::string_view type = "ack";
    static constexpr std::string_view doc =
        "The text is stored for good. It is the sender's event: a text is not echoed.";

    std::string pair{};
    std::uint64_t cid = 0;
    std::uint64_t seq = 0;
    std::int64_t at = 0;
    std::optional<bool> dup{};

    static constexpr auto fields = std::tuple{
        field{"pair", &ack::pair, "Where."},
        field{"cid", &ack::cid, "Which text."},
        field{"seq", &ack::seq, "Its number in the pair."},
        field{"at", &ack::at, "When it was said, in Unix milliseconds."},
        field{"dup", &ack::dup, "It was stored already; this repeats its `ack`.", when_true{}},
    };
    bool operator==(const ack&) const = default;
};

struct nack {
    static constexpr std::string_view type = "nack";
    static constexpr std::string_view doc = "The text was not accepted and is not stored.";

    std::optional<std::string> pair{};
    std::uint64_t cid = 0;
    refusal code = refusal::bad_field;
    std::optional<std::int64_t> retry_ms{};

    static constexpr auto fields = std::tuple{
        field{"pair", &nack::pair, "Where, if that is known."},
        field{"cid", &nack::cid, "Which text."},
        field{"code", &nack::code, "Why."},
        field{"retry_ms", &nack::retry_ms,
              "Say it again after so long, and what followed it, in order, with new `cid`s."},
    };
    bool operator==(const nack&) const = default;
};

struct partner {
    static constexpr std::string_view type = "partner";
    static constexpr std::string_view doc = "The partner came, went away or left.";

    std::string pair{};
    partner_state state = partner_state::here;
    std::optional<end_reason> reason{};

    static constexpr auto fields = std::tuple{
        field{"pair", &partner::pair, "Which chat."},
        field{"state", &partner::state, "What the partner is now. After `left` one is idle."},
        field{"reason", &partner::reason, "With `left`: how the chat ended."},
    };
    bool operator==(const partner&) const = default;
};

struct typing {
    static constexpr std::string_view type = "typing";
    static constexpr std::string_view doc =
        "The partner began or ceased to type. Forget it after some seconds: it may get lost.";

    std::string pair{};
    bool on = false;

    static constexpr auto fields = std::tuple{
        field{"pair", &typing::pair, "Which chat."},
        field{"on", &typing::on, "Whether the partner is typing now."},
    };
    bool operator==(const typing&) const = default;
};

struct seen {
    static constexpr std::string_view type = "seen";
    static constexpr std::string_view doc = "The partner has seen the chat up to an event.";

    std::string pair{};
    std::uint64_t seq = 0;

    static constexpr auto fields = std::tuple{
        field{"pair", &seen::pair, "Which chat."},
        field{"seq", &seen::seq, "The newest event that the partner has seen."},
    };
    bool operator==(const seen&) const = default;
};

struct history {
    static constexpr std::string_view type = "history";
    static constexpr std::string_view doc = "A page of a pair's events.";

    std::string pair{};
    std::vector<event> events{};
    bool more = false;

    static constexpr auto fields = std::tuple{
        field{"pair", &history::pair, "Which pair."},
        field{"events", &history::events, "Oldest first. May be fewer than asked for."},
        field{"more", &history::more,
              "There are older ones; ask with `before` the first seq here."},
    };
    bool operator==(const history&) const = default;
};

struct pairs {
    static constexpr std::string_view type = "pairs";
    static constexpr std::string_view doc = "A page of the people one has met.";

    // Before the member of the same name, which hides the type.
    bool operator==(const pairs&) const = default;

    std::vector<pair_entry> pairs{};
    bool more = false;
    std::optional<std::string> cursor{};

    static constexpr auto fields = std::tuple{
        field{"pairs", &pairs::pairs, "Newest first. May be fewer than asked for."},
        field{"more", &pairs::more, "There are older ones."},
        field{"cursor", &pairs::cursor, "With `more`: what to give as `before`."},
    };
};

struct cleared {
    static constexpr std::string_view type = "cleared";
    static constexpr std::string_view doc = "The record is deleted for the user.";

    static constexpr auto fields = std::tuple{};
    bool operator==(const cleared&) const = default;
};

struct blocked {
    static constexpr std::string_view type = "blocked";
    static constexpr std::string_view doc = "The block is set or taken back.";

    std::string pair{};
    bool on = false;

    static constexpr auto fields = std::tuple{
        field{"pair", &blocked::pair, "Which pair."},
        field{"on", &blocked::on, "Whether the person is blocked now."},
    };
    bool operator==(const blocked&) const = default;
};

struct reported {
    static constexpr std::string_view type = "reported";
    static constexpr std::string_view doc = "The report is stored.";

    static constexpr auto fields = std::tuple{};
    bool operator==(const reported&) const = default;
};

struct noted {
    static constexpr std::string_view type = "noted";
    static constexpr std::string_view doc = "The accepted subscribe messages are noted.";

    static constexpr auto fields = std::tuple{};
    bool operator==(const noted&) const = default;
};

struct exported {
    static constexpr std::string_view type = "exported";
    static constexpr std::string_view doc =
        "What the server knows of the user: never a partner's texts, never an OpenID.";

    std::vector<export_record> records{};
    bool more = false;

    static constexpr auto fields = std::tuple{
        field{"records", &exported::records, "A part of it, oldest first."},
        field{"more", &exported::more, "Another `exported` follows."},
    };
    bool operator==(const exported&) const = default;
};

struct erased {
    static constexpr std::string_view type = "erased";
    static constexpr std::string_view doc = "The account is gone. `bye` 4504 follows.";

    server::receipt receipt{};

    static constexpr auto fields = std::tuple{
        field{"receipt", &erased::receipt, "To be shown to the user."},
    };
    bool operator==(const erased&) const = default;
};

struct pong {
    static constexpr std::string_view type = "pong";
    static constexpr std::string_view doc = "The answer to `ping`.";

    std::int64_t now = 0;

    static constexpr auto fields = std::tuple{
        field{"now", &pong::now, "The server's clock, in Unix milliseconds."},
    };
    bool operator==(const pong&) const = default;
};

struct error {
    static constexpr std::string_view type = "error";
    static constexpr std::string_view doc = "A request was refused. The connection stays open.";

    refusal code = refusal::bad_json;
    std::string text{};
    std::optional<std::string> field{};
    std::optional<std::int64_t> retry_ms{};

    // In here `field` is the member, so the table names the template in full.
    static constexpr auto fields = std::tuple{
        protocol::field{"code", &error::code, "Why."},
        protocol::field{"text", &error::text, "A sentence for a developer; not for the user."},
        protocol::field{"field", &error::field, "With `bad_field` and `too_long`: which field."},
        protocol::field{"retry_ms", &error::retry_ms, "Ask again after so long."},
    };
    bool operator==(const error&) const = default;
};

struct bye {
    static constexpr std::string_view type = "bye";
    static constexpr std::string_view doc =
        "The last message before every close with a code from 4000, as mini programs do not "
        "reliably "
        "see that code.";

    std::uint32_t code = 0;
    std::string reason{};
    std::optional<std::int64_t> retry_ms{};
    std::optional<std::int64_t> until{};

    static constexpr auto fields = std::tuple{
        field{"code", &bye::code, "The close code. Below 4500 connect again, from 4500 on don't."},
        field{"reason", &bye::reason, "Its name."},
        field{"retry_ms", &bye::retry_ms, "Connect again after so long."},
        field{"until", &bye::until, "With 4502: when the ban ends, in Unix milliseconds."},
    };
    bool operator==(const bye&) const = default;
};

}  // namespace onechat::protocol::server

namespace onechat::protocol {

using server_message =
    std::variant<server::welcome, server::waiting, server::matched, server::idle, server::event,
                 server::ack, server::nack, server::partner, server::typing, server::seen,
                 server::history, server::pairs, server::erased, server::exported, server::cleared,
                 server::blocked, server::reported, server::noted, server::pong, server::error,
                 server::bye>;

}  // namespace onechat::protocol
