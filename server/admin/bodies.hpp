// What the operator's API is asked and answers, as structs that describe themselves: JSON and the
// OpenAPI document are made from their tables. Ids are strings, since they outgrow what JavaScript
// counts exactly; times are Unix milliseconds. Plain values: any thread.
#pragma once

#include "protocol/collector.hpp"
#include "protocol/field.hpp"
#include "protocol/server_parts.hpp"
#include "protocol/vocabulary.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace onechat::admin {

using protocol::field;

// ---- words ----

// In the order of storage::admin_role.
enum class role : std::uint8_t { viewer, moderator, owner };

constexpr auto words(role) {
    using protocol::word;
    return std::array{
        word{role::viewer, "viewer",
             "Figures and lists; nobody's words, and not who is who: no account, no report's "
             "people."},
        word{role::moderator, "moderator",
             "Records and reports, each with a reason; bans, removals, closing sessions."},
        word{role::owner, "owner",
             "Everything: accounts of platforms, erasures, tokens, audit, backups."},
    };
}

// In the order of storage::user_state.
enum class standing : std::uint8_t { active, banned, muted, erased };

constexpr auto words(standing) {
    using protocol::word;
    return std::array{
        word{standing::active, "active", "None of the others."},
        word{standing::banned, "banned", "Hears `bye 4502` until the ban is over."},
        word{standing::muted, "muted", "Not matched until a report is resolved."},
        word{standing::erased, "erased", "The account is gone; what is left is a number."},
    };
}

enum class report_state : std::uint8_t { open, resolved };

constexpr auto words(report_state) {
    using protocol::word;
    return std::array{
        word{report_state::open, "open", "Nobody has looked yet."},
        word{report_state::resolved, "resolved", "Somebody has looked."},
    };
}

enum class flag_origin : std::uint8_t { filter, platform };

constexpr auto words(flag_origin) {
    using protocol::word;
    return std::array{
        word{flag_origin::filter, "filter", "This server's own words and patterns."},
        word{flag_origin::platform, "platform", "The check of WeChat or QQ."},
    };
}

enum class backup_state : std::uint8_t { made, under_way, failed };

constexpr auto words(backup_state) {
    using protocol::word;
    return std::array{
        word{backup_state::made, "made", "It is there, whole."},
        word{backup_state::under_way, "under_way", "It is being made."},
        word{backup_state::failed, "failed",
             "It was asked for since the start, and is not there; `trouble` says why."},
    };
}

// ---- parts ----

struct problem {
    static constexpr std::string_view name = "problem";
    static constexpr std::string_view doc =
        "Why a request was refused. Nothing was changed, except that after `took_too_long` nobody "
        "knows.";

    std::string code{};
    std::string text{};
    std::optional<std::string> field{};

    static constexpr auto fields = std::tuple{
        onechat::protocol::field{"code", &problem::code, "A word for programs."},
        onechat::protocol::field{"text", &problem::text, "A sentence for people."},
        onechat::protocol::field{"field", &problem::field, "What the refusal is about."},
    };
};

struct ack_class {
    static constexpr std::string_view name = "ack_class";
    static constexpr std::string_view doc = "How many texts were acked within some time.";

    std::optional<std::uint64_t> to_us{};
    std::uint64_t count = 0;

    static constexpr auto fields = std::tuple{
        field{"to_us", &ack_class::to_us, "Within so many microseconds; absent: within any time."},
        field{"count", &ack_class::count, "So many texts, those of shorter times included."},
    };
};

struct stats {
    static constexpr std::string_view name = "stats";
    static constexpr std::string_view doc = "What the server does just now, and since its start.";

    std::string version{};
    std::int64_t started = 0;
    std::uint64_t sessions = 0;
    std::uint64_t people = 0;
    std::uint64_t waiting = 0;
    std::uint64_t chats = 0;
    std::uint64_t matches = 0;
    std::uint64_t texts = 0;
    std::uint64_t reports = 0;
    std::uint64_t erasures = 0;
    std::uint64_t open_reports = 0;
    std::uint64_t banned = 0;
    std::uint64_t muted = 0;
    std::vector<ack_class> acks{};

    static constexpr auto fields = std::tuple{
        field{"version", &stats::version, "Of the program."},
        field{"started", &stats::started, "When."},
        field{"sessions", &stats::sessions, "WebSocket connections."},
        field{"people", &stats::people, "Users connected, waiting or with a seat in a chat."},
        field{"waiting", &stats::waiting, "Tickets that can be matched."},
        field{"chats", &stats::chats, "Chats that live."},
        field{"matches", &stats::matches, "Chats opened since the start."},
        field{"texts", &stats::texts, "Texts accepted since the start."},
        field{"reports", &stats::reports, "Reports stored since the start."},
        field{"erasures", &stats::erasures, "Accounts erased since the start."},
        field{"open_reports", &stats::open_reports, "Reports that nobody has looked at."},
        field{"banned", &stats::banned, "People with a running ban."},
        field{"muted", &stats::muted, "People muted by reports."},
        field{"acks", &stats::acks,
              "How long acks took since the start, from accepting a text to having it on disk. "
              "The longest time comes last."},
    };
};

struct ban {
    static constexpr std::string_view name = "ban";
    static constexpr std::string_view doc = "One ban of a user.";

    std::optional<std::string> reason{};
    std::optional<std::string> by{};
    std::int64_t since = 0;
    std::int64_t until = 0;
    std::uint32_t level = 0;
    bool lifted = false;

    static constexpr auto fields = std::tuple{
        field{"reason", &ban::reason, "Why; not for viewers."},
        field{"by", &ban::by, "Whose decision it was: the name of a token; not for viewers."},
        field{"since", &ban::since, "From when."},
        field{"until", &ban::until, "Until when; the largest integer is for ever."},
        field{"level", &ban::level, "Which ban of the person this is."},
        field{"lifted", &ban::lifted, "Whether it was taken back."},
    };
};

struct user {
    static constexpr std::string_view name = "user";
    static constexpr std::string_view doc = "A user.";

    std::string id{};
    protocol::provider provider = protocol::provider::guest;
    std::optional<std::string> account{};
    standing state = standing::active;
    std::int64_t created = 0;
    std::int64_t seen = 0;
    std::optional<std::int64_t> banned_until{};
    bool muted = false;
    std::vector<std::string> sessions{};
    std::optional<std::string> receipt{};
    std::optional<std::vector<ban>> bans{};

    static constexpr auto fields = std::tuple{
        field{"id", &user::id, "Of the user, here."},
        field{"provider", &user::provider, "Who vouches for the user."},
        field{"account", &user::account,
              "The end of the platform's id of the person (OpenID); not for viewers. Guests and "
              "erased users have none."},
        field{"state", &user::state, "The gravest that holds: erased, banned, muted, active."},
        field{"created", &user::created, "When the user first came."},
        field{"seen", &user::seen, "When the user was last stored as seen."},
        field{"banned_until", &user::banned_until, "Of a running ban."},
        field{"muted", &user::muted, "Whether reports keep this person from being matched."},
        field{"sessions", &user::sessions, "Connections that are open just now."},
        field{"receipt", &user::receipt, "Of the erasure."},
        field{"bans", &user::bans, "The newest 20, newest first; for a single user only."},
    };
};

struct platform_account {
    static constexpr std::string_view name = "platform_account";
    static constexpr std::string_view doc = "Who a user is for the platform that vouches for them.";

    std::string id{};
    protocol::provider provider = protocol::provider::guest;
    std::optional<std::string> account{};

    static constexpr auto fields = std::tuple{
        field{"id", &platform_account::id, "Of the user, here."},
        field{"provider", &platform_account::provider, "Who vouches for the user."},
        field{
            "account", &platform_account::account,
            "The platform's id of the person (OpenID), whole. Guests and erased users have none."},
    };
};

struct export_page {
    static constexpr std::string_view name = "export_page";
    static constexpr std::string_view doc =
        "What the server knows of a user, as `exported` tells the user: the account, the bans, and "
        "the user's own texts.";

    std::vector<protocol::server::export_record> records{};
    std::optional<std::string> next{};

    static constexpr auto fields = std::tuple{
        field{"records", &export_page::records, "May be none although there are more."},
        field{"next", &export_page::next, "When there are more: their `after`."},
    };
};

struct user_page {
    static constexpr std::string_view name = "user_page";
    static constexpr std::string_view doc = "Users, newest first.";

    std::vector<user> users{};
    std::optional<std::string> next{};

    static constexpr auto fields = std::tuple{
        field{"users", &user_page::users, "May be few or none although there are more."},
        field{"next", &user_page::next, "When there are more: their `before`."},
    };
};

struct seat {
    static constexpr std::string_view name = "seat";
    static constexpr std::string_view doc = "One side of a pair.";

    std::string user{};
    std::string alias{};
    std::string avatar{};
    bool cleared = false;

    static constexpr auto fields = std::tuple{
        field{"user", &seat::user, "Who."},
        field{"alias", &seat::alias, "What the partner sees this user as."},
        field{"avatar", &seat::avatar, "Its picture."},
        field{"cleared", &seat::cleared, "Whether this user has cleared the record."},
    };
};

struct pair {
    static constexpr std::string_view name = "pair";
    static constexpr std::string_view doc = "Two users who have met.";

    std::string id{};
    std::vector<seat> seats{};
    std::uint64_t first_seq = 1;
    std::uint64_t last_seq = 0;
    std::int64_t last_at = 0;
    std::uint32_t met = 0;

    static constexpr auto fields = std::tuple{
        field{"id", &pair::id, "Of the pair, here; not its name on the wire."},
        field{"seats", &pair::seats, "Both sides."},
        field{"first_seq", &pair::first_seq, "Of the oldest event that is kept."},
        field{"last_seq", &pair::last_seq, "Of the newest event, 0 without any."},
        field{"last_at", &pair::last_at, "When it happened."},
        field{"met", &pair::met, "Chats that have ended."},
    };
};

struct pair_page {
    static constexpr std::string_view name = "pair_page";
    static constexpr std::string_view doc = "Pairs, newest first.";

    std::vector<pair> pairs{};
    std::optional<std::string> next{};

    static constexpr auto fields = std::tuple{
        field{"pairs", &pair_page::pairs, "At most as many as asked for."},
        field{"next", &pair_page::next, "When there are more: their `before`."},
    };
};

struct event {
    static constexpr std::string_view name = "event";
    static constexpr std::string_view doc = "One thing that happened in a pair.";

    std::optional<std::string> pair{};
    std::uint64_t seq = 0;
    std::int64_t at = 0;
    std::optional<std::string> user{};
    protocol::event_kind kind = protocol::event_kind::text;
    std::optional<std::string> text{};
    std::optional<protocol::gone_reason> gone{};
    std::optional<std::uint64_t> ref{};

    static constexpr auto fields = std::tuple{
        field{"pair", &event::pair, "Where, in evidence, which may be of several pairs."},
        field{"seq", &event::seq, "Its number within the pair."},
        field{"at", &event::at, "When."},
        field{"user", &event::user, "Who; absent when it was nobody."},
        field{"kind", &event::kind, "What."},
        field{"text", &event::text,
              "What was said. A text that is gone has none, except as evidence."},
        field{"gone", &event::gone, "Why the text is no more."},
        field{"ref", &event::ref, "Of a recall: the seq of the text."},
    };
};

struct record {
    static constexpr std::string_view name = "record";
    static constexpr std::string_view doc = "A page of what happened in a pair, oldest first.";

    admin::pair pair{};
    bool live = false;
    std::vector<event> events{};
    std::optional<std::string> next{};

    static constexpr auto fields = std::tuple{
        field{"pair", &record::pair, "Whose."},
        field{"live", &record::live, "Whether the two are in a chat now."},
        field{"events", &record::events, "The newest before `before`."},
        field{"next", &record::next, "When there are older ones: their `before`."},
    };
};

struct report {
    static constexpr std::string_view name = "report";
    static constexpr std::string_view doc = "What one user reported of another.";

    std::string id{};
    report_state state = report_state::open;
    std::optional<std::string> reporter{};
    std::optional<std::string> target{};
    std::optional<std::string> pair{};
    protocol::report_reason reason = protocol::report_reason::other;
    std::int64_t at = 0;
    std::int64_t kept_until = 0;
    std::optional<std::int64_t> resolved{};
    bool mutes = false;
    bool flagged = false;
    std::optional<std::string> note{};
    std::optional<std::string> nickname{};
    std::optional<std::vector<event>> evidence{};

    static constexpr auto fields = std::tuple{
        field{"id", &report::id, "Of the report."},
        field{"state", &report::state, "Whether somebody has looked."},
        field{"reporter", &report::reporter, "The user who reported; not for viewers."},
        field{"target", &report::target,
              "The user who was reported; when a person was reported again, as another user, "
              "the last one. Not for viewers."},
        field{"pair", &report::pair, "Where; likewise, and not for viewers."},
        field{"reason", &report::reason, "As the reporter chose it."},
        field{"at", &report::at, "When it was first said."},
        field{"kept_until", &report::kept_until, "When it is deleted with its evidence."},
        field{"resolved", &report::resolved, "When somebody looked."},
        field{"mutes", &report::mutes, "Whether it keeps the reported person from being matched."},
        field{"flagged", &report::flagged, "Whether moderation wants the note looked at."},
        field{"note", &report::note, "The reporter's words; for a single report only."},
        field{"nickname", &report::nickname,
              "What the reported user called themself; for a single report only."},
        field{"evidence", &report::evidence,
              "The newest 500 events as they were said, pair by pair; for a single report only."},
    };
};

struct report_page {
    static constexpr std::string_view name = "report_page";
    static constexpr std::string_view doc = "Reports, newest first.";

    std::vector<report> reports{};
    std::optional<std::string> next{};

    static constexpr auto fields = std::tuple{
        field{"reports", &report_page::reports, "At most as many as asked for."},
        field{"next", &report_page::next, "When there are more: their `before`."},
    };
};

struct flag {
    static constexpr std::string_view name = "flag";
    static constexpr std::string_view doc = "A text that moderation wants a person to look at.";

    std::string id{};
    std::string pair{};
    std::uint64_t seq = 0;
    flag_origin source = flag_origin::filter;
    std::optional<std::uint32_t> label{};
    std::int64_t at = 0;
    std::int64_t kept_until = 0;

    static constexpr auto fields = std::tuple{
        field{"id", &flag::id, "Of the flag."},
        field{"pair", &flag::pair, "Where."},
        field{"seq", &flag::seq, "The text, which is read with the pair's events."},
        field{"source", &flag::source, "Who saw something in it."},
        field{"label", &flag::label, "The platform's number for what it saw."},
        field{"at", &flag::at, "When."},
        field{"kept_until", &flag::kept_until, "When the flag is deleted."},
    };
};

struct flag_page {
    static constexpr std::string_view name = "flag_page";
    static constexpr std::string_view doc = "Flags, newest first.";

    std::vector<flag> flags{};
    std::optional<std::string> next{};

    static constexpr auto fields = std::tuple{
        field{"flags", &flag_page::flags, "At most as many as asked for."},
        field{"next", &flag_page::next, "When there are more: their `before`."},
    };
};

struct backup {
    static constexpr std::string_view name = "backup";
    static constexpr std::string_view doc = "A copy of all that is remembered.";

    std::string called{};
    backup_state state = backup_state::made;
    std::int64_t made = 0;
    std::optional<std::uint64_t> bytes{};
    std::optional<std::string> trouble{};

    static constexpr auto fields = std::tuple{
        field{"name", &backup::called, "Of its folder under DATA/backups: its time in UTC."},
        field{"state", &backup::state, "Whether it is there."},
        field{"made", &backup::made, "The time whose state it holds."},
        field{"bytes", &backup::bytes, "How large it is; of one that is there."},
        field{"trouble", &backup::trouble, "Why it failed."},
    };
};

struct backup_list {
    static constexpr std::string_view name = "backup_list";
    static constexpr std::string_view doc = "Backups, newest first.";

    std::vector<backup> backups{};

    static constexpr auto fields = std::tuple{
        field{"backups", &backup_list::backups,
              "The newest 100 that are there, with one that is under way, or failed last."},
    };
};

struct audit_entry {
    static constexpr std::string_view name = "audit_entry";
    static constexpr std::string_view doc = "What an operator did or read.";

    std::string id{};
    std::int64_t at = 0;
    std::string who{};
    std::string act{};
    std::string target{};
    std::string why{};

    static constexpr auto fields = std::tuple{
        field{"id", &audit_entry::id, "Ascending; a gap would be a row that was taken out."},
        field{"at", &audit_entry::at, "When."},
        field{"who", &audit_entry::who, "The name of the token."},
        field{"act", &audit_entry::act, "What."},
        field{"target", &audit_entry::target, "To whom or what."},
        field{"why", &audit_entry::why, "The reason that was given."},
    };
};

struct access_entry {
    static constexpr std::string_view name = "access_entry";
    static constexpr std::string_view doc = "A user's coming or going.";

    std::string id{};
    std::int64_t at = 0;
    std::string action{};
    std::string address{};
    std::uint32_t port = 0;

    static constexpr auto fields = std::tuple{
        field{"id", &access_entry::id, "Ascending."},
        field{"at", &access_entry::at, "When."},
        field{"action", &access_entry::action,
              "`login`; `logout` and `erase`, as the user asked for; `close`, when the connection "
              "ended."},
        field{"address", &access_entry::address, "From where, without the port."},
        field{"port", &access_entry::port, "The port there; 0 when a proxy doesn't tell it."},
    };
};

struct access_page {
    static constexpr std::string_view name = "access_page";
    static constexpr std::string_view doc = "A user's access, newest first.";

    std::vector<access_entry> entries{};
    std::optional<std::string> next{};

    static constexpr auto fields = std::tuple{
        field{"entries", &access_page::entries, "At most as many as asked for."},
        field{"next", &access_page::next, "When there are more: their `before`."},
    };
};

struct audit_page {
    static constexpr std::string_view name = "audit_page";
    static constexpr std::string_view doc = "The audit, newest first.";

    std::vector<audit_entry> entries{};
    std::optional<std::string> next{};

    static constexpr auto fields = std::tuple{
        field{"entries", &audit_page::entries, "At most as many as asked for."},
        field{"next", &audit_page::next, "When there are more: their `before`."},
    };
};

struct erasure {
    static constexpr std::string_view name = "erasure";
    static constexpr std::string_view doc = "How far the erasure of an account has come.";

    std::string receipt{};
    std::string user{};
    std::int64_t at = 0;
    std::int64_t sealed_until = 0;
    std::optional<std::int64_t> done_at{};

    static constexpr auto fields = std::tuple{
        field{"receipt", &erasure::receipt, "As the user was told."},
        field{"user", &erasure::user, "The number that is left of the user."},
        field{"at", &erasure::at, "From when on nobody reads the texts."},
        field{"sealed_until", &erasure::sealed_until, "From when on they are overwritten."},
        field{"done_at", &erasure::done_at, "When the last one was."},
    };
};

struct token {
    static constexpr std::string_view name = "token";
    static constexpr std::string_view doc = "A key to this API; the key itself is not kept.";

    std::string called{};
    admin::role role = admin::role::viewer;
    std::int64_t created = 0;
    std::optional<std::int64_t> used{};

    static constexpr auto fields = std::tuple{
        field{"name", &token::called, "Whose it is, as the audit says."},
        field{"role", &token::role, "What it may."},
        field{"created", &token::created, "When."},
        field{"used", &token::used, "When it was last used, to the minute; absent: never."},
    };
};

struct token_list {
    static constexpr std::string_view name = "token_list";
    static constexpr std::string_view doc = "All tokens, by name.";

    std::vector<token> tokens{};

    static constexpr auto fields = std::tuple{
        field{"tokens", &token_list::tokens, "At most 100."},
    };
};

// ---- what is asked ----

struct search_order {
    static constexpr std::string_view name = "search_order";
    static constexpr std::string_view doc =
        "A search whose words stand in no URL, where a proxy might keep them.";

    std::string query{};
    std::optional<standing> state{};
    std::optional<std::string> before{};
    std::optional<std::uint32_t> limit{};

    static constexpr auto fields = std::tuple{
        field{"query", &search_order::query,
              "A user's id, alias or OpenID, whole; viewers find nobody by an OpenID.",
              protocol::bytes{1, 128}},
        field{"state", &search_order::state, "Only users in this state."},
        field{"before", &search_order::before, "The `next` of the page before.",
              protocol::bytes{1, 19}},
        field{"limit", &search_order::limit, "How many; 20 when absent.",
              protocol::between{1, 100}},
    };
};

struct backup_order {
    static constexpr std::string_view name = "backup_order";
    static constexpr std::string_view doc = "A backup to be made.";

    std::optional<std::uint32_t> keep{};

    static constexpr auto fields = std::tuple{
        field{"keep", &backup_order::keep,
              "How many are kept: the oldest beyond are removed; 1000 when absent.",
              protocol::between{1, 1000}},
    };
};

struct ban_order {
    static constexpr std::string_view name = "ban_order";
    static constexpr std::string_view doc = "How long; the reason stands in the header.";

    std::optional<std::uint32_t> days{};
    std::optional<bool> for_ever{};

    static constexpr auto fields = std::tuple{
        field{"days", &ban_order::days,
              "Absent: what the server's terms say of a first, second, ... ban.",
              protocol::between{1, 36500}},
        field{"for_ever", &ban_order::for_ever, "True: without an end.", protocol::when_true{}},
    };
};

struct resolve_order {
    static constexpr std::string_view name = "resolve_order";
    static constexpr std::string_view doc = "Which reports have been looked at.";

    std::optional<bool> person{};

    static constexpr auto fields = std::tuple{
        field{"person", &resolve_order::person,
              "True: all open ones about the same person, not this one alone.",
              protocol::when_true{}},
    };
};

struct token_order {
    static constexpr std::string_view name = "token_order";
    static constexpr std::string_view doc = "A token to be made.";

    std::string called{};
    admin::role role = admin::role::viewer;

    static constexpr auto fields = std::tuple{
        field{"name", &token_order::called,
              "Small letters, digits, `.`, `_` and `-`; the first is a letter or digit.",
              protocol::bytes{1, 32}},
        field{"role", &token_order::role, "What it may."},
    };
};

// ---- what was done ----

struct banned {
    static constexpr std::string_view name = "banned";
    static constexpr std::string_view doc = "The ban that was given.";

    std::int64_t until = 0;
    std::uint32_t level = 0;

    static constexpr auto fields = std::tuple{
        field{"until", &banned::until, "Until when the person is banned."},
        field{"level", &banned::level, "Which ban of the person this is."},
    };
};

struct lifted {
    static constexpr std::string_view name = "lifted";
    static constexpr std::string_view doc = "The bans that were taken back.";

    std::uint32_t bans = 0;

    static constexpr auto fields = std::tuple{
        field{"bans", &lifted::bans, "How many."},
    };
};

struct removed {
    static constexpr std::string_view name = "removed";
    static constexpr std::string_view doc = "The texts that were taken away.";

    std::uint32_t texts = 0;
    bool more = false;

    static constexpr auto fields = std::tuple{
        field{"texts", &removed::texts, "How many, at most 500 at once."},
        field{"more", &removed::more, "Whether some are left: ask again."},
    };
};

struct resolved {
    static constexpr std::string_view name = "resolved";
    static constexpr std::string_view doc = "The reports that were closed.";

    std::uint32_t reports = 0;

    static constexpr auto fields = std::tuple{
        field{"reports", &resolved::reports, "How many."},
    };
};

struct new_token {
    static constexpr std::string_view name = "new_token";
    static constexpr std::string_view doc = "A token that was made. It is shown this once.";

    std::string called{};
    admin::role role = admin::role::viewer;
    std::string token{};

    static constexpr auto fields = std::tuple{
        field{"name", &new_token::called, "Whose it is."},
        field{"role", &new_token::role, "What it may."},
        field{"token", &new_token::token, "The key."},
    };
};

struct done {
    static constexpr std::string_view name = "done";
    static constexpr std::string_view doc = "It is done.";

    std::string target{};

    static constexpr auto fields = std::tuple{
        field{"target", &done::target, "What it was done to."},
    };
};

}  // namespace onechat::admin

namespace onechat::protocol::model {

template <>
inline constexpr std::string_view words_name<admin::role> = "role";
template <>
inline constexpr std::string_view words_name<admin::standing> = "standing";
template <>
inline constexpr std::string_view words_name<admin::report_state> = "report_state";
template <>
inline constexpr std::string_view words_name<admin::flag_origin> = "flag_origin";
template <>
inline constexpr std::string_view words_name<admin::backup_state> = "backup_state";

}  // namespace onechat::protocol::model
