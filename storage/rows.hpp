// What is remembered, as plain values: the rows of the tables in the words of the dictionary. No
// SQL, no messages, no behaviour. Values travel between the event loop and the storage threads by
// move.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace onechat::storage {

enum class user_id : std::int64_t {};
enum class pair_id : std::int64_t {};
enum class chat_id : std::int64_t {};

using unix_ms = std::int64_t;  // Unix time in milliseconds, UTC

// A user's public-key-like handle: 16 random bytes that name the user in tokens, never a person.
using subject = std::array<std::uint8_t, 16>;

// A person as a keyed hash of provider and account: what blocks and bans outlive an account with.
using person_key = std::array<std::uint8_t, 16>;

// Who an event is from: the pair's first user (the one with the smaller id), its second, or nobody.
enum class side : std::uint8_t { one = 0, two = 1, system = 2 };

enum class provider : std::uint8_t { guest = 0, wechat = 1, qq = 2 };
enum class event_kind : std::uint8_t { text = 0, recall = 1, start = 2, end = 3 };
enum class end_reason : std::uint8_t { none = 0, left = 1, timeout = 2 };
enum class gone_reason : std::uint8_t { none = 0, recall = 1, erase = 2, removed = 3 };

struct user_row {
    user_id id{};
    subject name{};
    provider from = provider::guest;
    // The provider's id of the person (an OpenID); the subject in hex for guests; empty once
    // erased.
    std::string account;
    person_key person{};
    unix_ms created = 0;
    unix_ms seen = 0;
    unix_ms banned_until = 0;  // of the person, see ban_row; 0 = never banned. Not stored here
    bool muted = false;        // the person is, see add_report. Not stored here
    unix_ms tokens_from = 0;   // tokens issued before are revoked
    bool operator==(const user_row&) const = default;
};

// Where a user came from and what they did to their account: what the operator may have to tell an
// authority. Kept for its own term, also of those who are erased.
enum class access_action : std::uint8_t { login = 1, logout = 2, close = 3, erase = 4 };

struct access_row {
    std::int64_t id = 0;  // given by the store
    user_id user{};
    std::array<std::uint8_t, 16> address{};  // IPv6; IPv4 as ::ffff:a.b.c.d
    std::uint16_t port = 0;
    unix_ms at = 0;
    access_action action = access_action::login;
    bool operator==(const access_row&) const = default;
};

// A ban of a person. It outlives the account: whoever comes again with it is banned as well.
struct ban_row {
    user_id user{};      // who was banned, as a user
    std::string reason;  // the operator's words
    std::string by;      // whose decision it was
    unix_ms since = 0;
    unix_ms until = 0;  // a lifted one ends when it was lifted
    std::uint32_t level = 1;
    bool lifted = false;  // taken back: it doesn't count for the length of a later one
    bool operator==(const ban_row&) const = default;
};

// One event of a pair. `body` is the text, empty for the other kinds and for texts that are gone.
struct message_row {
    pair_id pair{};
    std::uint64_t seq = 0;  // dense within the pair, from 1
    std::int64_t epoch = 0;
    side from = side::system;
    event_kind kind = event_kind::text;
    std::uint64_t cid = 0;  // the sender's number of a text, else 0
    std::uint64_t ref = 0;  // the seq a recall takes back, else 0
    end_reason reason = end_reason::none;
    gone_reason gone = gone_reason::none;
    unix_ms at = 0;
    std::string body;
    // With a body that moderation has masked: the digest (the lobby's) of what was said, as long as
    // somebody may say it again. Only where `live_pair::unmarked` brings it back.
    std::uint64_t said = 0;
    bool operator==(const message_row&) const = default;
};

// Why moderation wants a person to look at a text.
enum class flag_source : std::uint8_t {
    filter = 1,    // our own words and patterns
    platform = 2,  // WeChat's or QQ's check
};

// An accepted text's number, where it went, and a digest of what it said (the lobby's; 0 when
// retention has cut the text).
struct cid_mark {
    std::uint64_t cid = 0;
    std::uint64_t seq = 0;
    std::uint64_t digest = 0;
    unix_ms at = 0;
    bool operator==(const cid_mark&) const = default;
};

// One side of a pair: how the partner sees this person, and what this person has done with the
// record.
struct seat_row {
    user_id user{};
    std::string alias;
    std::string avatar;
    std::uint64_t seen = 0;  // highest seq this side said it has seen
    bool cleared = false;    // this side has cleared the record; the pair is then closed
    std::vector<cid_mark>
        marks;  // the newest 64 accepted texts, ascending by cid, as of the last chat's end
    bool operator==(const seat_row&) const = default;
};

struct pair_row {
    pair_id id{};
    std::string name;               // the opaque id on the wire
    std::array<seat_row, 2> seats;  // [0] is side::one
    std::uint64_t first_seq = 1;    // events before were cut by retention
    std::int64_t cut_epoch = 0;     // of the newest of those, 0 before the first cut
    std::uint64_t last_seq = 0;     // 0 = nothing yet
    unix_ms last_at = 0;
    std::uint32_t met = 0;  // chats that have ended
    bool operator==(const pair_row&) const = default;
};

// A pair whose chat is or was live, with what the lobby needs to carry on.
struct live_pair {
    pair_row pair;
    chat_id chat{};
    unix_ms started = 0;
    std::optional<std::string> topic;
    // Texts stored after the marks were last saved (a crash came before the chat's end), ascending,
    // at most the newest 10,000 events of the pair.
    std::vector<message_row> unmarked;
    bool closed = false;  // a side has cleared the pair or is erased: the chat must end
};

// A pair as one of its two people finds it in the list of those they have met.
struct listed_pair {
    pair_row pair;  // without marks
    side who = side::one;
    unix_ms listed_at = 0;  // when its newest chat began or ended: what the list is ordered by
    // The newest event; the body of a text that is gone is empty. When it is no text, the body is
    // nevertheless that of the newest text among the pair's last 20 events that is not gone: so the
    // list can show what was said last in a chat that is over.
    message_row last;
    // Texts of the partner behind `seen` that are not gone, counted up to unseen_max and among the
    // pair's last 1000 events.
    std::uint32_t unseen = 0;
    bool blocked = false;  // whether `who` has blocked the other person
};

// Counting stops here: nobody reads a larger number, and a scan has an end.
inline constexpr std::uint32_t unseen_max = 100;

// One of a user's own texts, for an export.
struct own_text {
    pair_id pair{};
    std::uint64_t seq = 0;
    std::string name;  // of the pair
    unix_ms at = 0;
    std::string body;
};

// Two people who parted recently: they are not paired again for a while, over a restart as well.
struct parting {
    user_id one{};
    user_id two{};
    unix_ms at = 0;
};

// A report as an operator finds it; its evidence is apart.
struct report_entry {
    std::int64_t id = 0;
    user_id reporter{};
    user_id target{};
    pair_id pair{};
    std::uint8_t reason = 0;  // the protocol's report_reason
    std::string note{};
    std::string nickname{};
    unix_ms at = 0;
    unix_ms kept_until = 0;
    unix_ms resolved = 0;  // 0: open
    bool mutes = false;
    bool flagged = false;  // moderation wants a person to look at the note
    bool operator==(const report_entry&) const = default;
};

// What moderation wants a person to look at, as an operator finds it; no copy of the text.
struct flag_entry {
    std::int64_t id = 0;
    pair_id pair{};
    std::uint64_t seq = 0;
    flag_source source = flag_source::filter;
    std::uint32_t label = 0;  // the platform's number for what it saw, or 0
    unix_ms at = 0;
    unix_ms kept_until = 0;
    bool operator==(const flag_entry&) const = default;
};

// How far the overwriting of an erased account's texts has come.
struct erasure_entry {
    std::string receipt{};
    user_id user{};
    unix_ms at = 0;
    unix_ms sealed_until = 0;
    unix_ms done_at = 0;  // 0: not yet
    bool operator==(const erasure_entry&) const = default;
};

// What an operator did or read. Rows are only added. `why` is the operator's own words.
struct audit_row {
    std::int64_t id = 0;  // given by the store, ascending
    unix_ms at = 0;
    std::string who{};     // the name of a token
    std::string act{};     // "ban user"
    std::string target{};  // "user 12"
    std::string why{};
    bool operator==(const audit_row&) const = default;
};

// What the holder of a token may do; each may what the ones before it may.
enum class admin_role : std::uint8_t { viewer = 0, moderator = 1, owner = 2 };

using token_digest = std::array<std::uint8_t, 32>;

// A key to the operator's API. Only its digest is kept: whoever reads the database can't use it.
struct admin_token_row {
    std::string name{};
    admin_role role = admin_role::viewer;
    token_digest digest{};
    unix_ms created = 0;
    unix_ms used = 0;  // 0: never
    bool operator==(const admin_token_row&) const = default;
};

}  // namespace onechat::storage
