// What is remembered, as a contract: changes go in by batches, each batch one transaction;
// questions are answered from what is committed. Not a queue and not a thread: `writer` and
// `reader` add those. A store is used by one thread at a time, except that `store_reader` may be
// used by a second thread while `store` is used by the first. Filled by sqlite_store and
// memory_store (one thread for both halves), which pass the same tests.
#pragma once

#include "storage/rows.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace onechat::storage {

// ---- changes: the fields before the blank line are asked, those after it are filled in by commit
// ----

// Makes the row of a user unless (provider, account) has one already. Bans of the person hold for
// it, whoever they were given to.
struct make_user {
    user_row user;
};

// Finds the open pair of two users or makes it from the seeds, starts a chat in it and appends its
// `start` event (seq last + 1, at max(at, the pair's last at)).
struct open_chat {
    struct seed {
        std::string alias;
        std::string avatar;
    };
    std::array<user_id, 2> users{};  // users[0] < users[1]
    std::array<seed, 2> seeds;       // used when the pair is made; in the order of users
    std::string name;                // the pair's name when it is made
    std::int64_t epoch = 0;
    unix_ms at = 0;
    std::optional<std::string> topic;
    std::uint32_t recent_max = 20;

    bool opened = false;  // false: a user is unknown, banned or erased; nothing was changed
    live_pair live;       // last_seq and last_at include the start event; met counts ended chats
    std::vector<message_row> recent;  // the newest events, oldest first, the start included
};

// Undoes an open_chat that nobody was told of: the chat and its start event vanish. A pair that it
// made stays, without events.
struct void_chat {
    chat_id chat{};
};

// Appends one event; its seq must be the pair's last seq + 1.
struct append {
    message_row row;
    std::chrono::steady_clock::time_point accepted{};  // the caller's own; not stored
};

// Appends the `end` event of a chat, closes it and keeps both sides' marks, unless one of them has
// been erased.
struct end_chat {
    chat_id chat{};
    message_row end;
    std::array<std::vector<cid_mark>, 2> marks;
};

// Moves a side's `seen` forward; never back.
struct mark_seen {
    pair_id pair{};
    side who = side::one;
    std::uint64_t seq = 0;
};

// Appends a recall by `row.from` of the text `row.ref`. The text is gone for everybody at once; its
// body stays sealed, for a report alone, until purge overwrites it at `sealed_until`. What is no
// text of that side, or gone already, stays as it is; the event is appended all the same.
struct recall_text {
    message_row row;
    unix_ms sealed_until = 0;
};

// Takes a text away for both sides: the same as recall_text, but nobody's of the two, and its event
// says so (`from` system, `gone` removed). With `row.seq` 0 the pair sleeps and the store gives the
// next seq, and `at` is not before the pair's last; when the text is gone already there is then no
// event.
struct remove_text {
    message_row row;
    unix_ms sealed_until = 0;
    std::optional<audit_row> audit{};  // an operator's: kept with the change, when that is done

    bool removed = false;  // false: it was gone already
};

// Notes for the operator that somebody should look at a text, until `kept_until`. It is no copy:
// what is gone is readable as long as it is sealed. Said again by the same source it changes
// nothing.
struct flag_text {
    pair_id pair{};
    std::uint64_t seq = 0;
    flag_source source = flag_source::filter;
    std::uint32_t label = 0;  // the platform's number for what it saw, or 0
    unix_ms at = 0;
    unix_ms kept_until = 0;
};

// What became of a change that a user asked for by a pair's name.
enum class pair_change : std::uint8_t {
    done,
    unknown,   // no such pair, or not this user's, or cleared by this user
    too_many,  // beyond the limit that was asked for; nothing was changed
};

// The record is gone for this user, and the pair is closed for good.
struct clear_pair {
    user_id user{};
    std::string name;
    unix_ms at = 0;

    pair_change result = pair_change::unknown;
};

// Sets or takes back a block on the person that `user` met in this pair. It names the person, not
// the pair: it outlives both. A pair that this user has cleared can still be unblocked. Doing it
// again changes nothing and is `done`.
struct block_person {
    user_id user{};
    std::string name;
    bool on = true;
    unix_ms at = 0;
    std::uint32_t blocks_max = 0;

    pair_change result = pair_change::unknown;
    person_key person{};  // who is or was blocked
};

// Keeps a report with a copy of the pair's newest `evidence_max` events as they were said, sealed
// texts included. One person's open reports of one other person are one report: said again it takes
// the newer reason, note, nickname, pair and end, and adds the events it did not have. So its
// evidence may be of several pairs, in which the person sat as different users.
//
// With `mute_after` a report that makes it so many distinct people, guests not counted, whose open
// reports of this person were first said after `mute_since`, mutes the person: as long as this
// report is kept and open.
struct add_report {
    user_id reporter{};
    std::string name;         // the pair's
    std::uint8_t reason = 0;  // the protocol's report_reason
    std::string note;
    std::string nickname;  // what the reported person called themself, as far as it is known
    unix_ms at = 0;
    unix_ms kept_until = 0;  // then purge deletes it with its evidence
    std::uint32_t evidence_max = 50;
    bool flagged = false;          // our own filter has something to say of the note
    std::uint32_t mute_after = 0;  // 0: reports mute nobody
    unix_ms mute_since = 0;

    pair_change result = pair_change::unknown;
    std::int64_t id = 0;  // of the report that it is now; 0 unless it is done
    person_key person{};  // who is reported
    bool muted = false;   // by this one; false when the person was muted before
};

// Somebody outside has something to say of a report's note, or of one that has been replaced since:
// it is flagged from now on, as by add_report. Said again it changes nothing, nor when the report
// is gone.
struct flag_report {
    std::int64_t id = 0;
};

// Closes all open reports about the person that a user is, since somebody has looked: what they
// muted is heard again. They are kept until their end.
struct resolve_reports {
    user_id user{};
    unix_ms at = 0;

    bool known = false;  // false: no such user, or nobody can tell any more who it was
    person_key person{};
    std::uint32_t resolved = 0;
};

// Bans the person that a user is, an erased one as long as the key is kept, until what
// escalation.hpp says of `terms`. Earlier bans that were not lifted and ended after `counted_from`
// count. The longest ban that runs is the one that holds.
struct ban_person {
    user_id user{};
    std::string reason;
    std::string by;
    unix_ms at = 0;
    unix_ms counted_from = 0;
    std::vector<unix_ms> terms;
    std::optional<audit_row> audit{};  // kept with the change, when that is done

    bool known = false;  // as in resolve_reports
    person_key person{};
    std::uint32_t level = 0;
    unix_ms until = 0;  // of the longest that runs
};

// Ends all running bans of the person that a user is, as if they had not been.
struct lift_ban {
    user_id user{};
    unix_ms at = 0;
    std::optional<audit_row> audit{};  // kept with the change, when that is done

    bool known = false;  // as in resolve_reports
    person_key person{};
    std::uint32_t lifted = 0;
};

// Counts the subscribe messages that a user allowed: one more for each template. Of more distinct
// templates than `kept_max` those allowed longest ago are dropped with their counts.
struct note_consents {
    user_id user{};
    std::vector<std::string> templates;
    unix_ms at = 0;
    std::uint32_t kept_max = 16;
};

// Uses up one of the consents that a user gave for the template of their provider: what is sent by
// it is sent once, even if the process dies meanwhile.
struct take_consent {
    user_id user{};
    std::array<std::string, 3> templates;  // by provider; empty: nothing is sent there

    bool taken = false;  // false: there is none, or no such user
    provider from = provider::guest;
    std::string account;
};

// The platform knows of no consent: what we counted is worth nothing.
struct drop_consents {
    user_id user{};
    std::string template_id;
};

// Tokens issued before `from` are revoked; never moves back.
struct revoke_tokens {
    user_id user{};
    unix_ms from = 0;
};

// One short transaction, however much the user has said: the row loses its account, its tokens, its
// blocks and consents, and every text of the user reads as gone (erase) from then on. The bodies
// stay sealed, for a report alone, until purge overwrites them at `sealed_until`, and with them the
// notes and own texts in reports that the user made, and the person key, unless a ban still runs.
// What reports about this user hold stays until their end. An unknown or erased user stays as it
// is.
struct erase_user {
    user_id user{};
    std::string receipt;
    unix_ms at = 0;
    unix_ms sealed_until = 0;
    std::optional<audit_row> audit{};  // kept with the change, when that is done

    bool erased = false;
    unix_ms reports_until = 0;  // the latest kept_until of reports about this person, 0 without any
    unix_ms banned_until = 0;
};

// One small step of what is due at `now`: overwrites sealed bodies, deletes reports and bans, about
// `rows_max` rows at most. `more` stays true until what was removed is out of the log, too; that
// may have to wait for a reader. One in a batch is enough, and the last one is answered.
struct purge {
    unix_ms now = 0;
    std::uint32_t rows_max = 200;
    unix_ms bans_before = 0;  // bans that ended before are deleted; those of the erased at once

    std::uint32_t rows = 0;  // dealt with in this step
    bool more = false;       // more is due
    // Receipts of erasures that are out of all files by now; those of the last step before a crash
    // come again.
    std::vector<std::string> completed{};
};

// Adds a row, whatever the user is.
struct add_access {
    access_row row;
};

// One small step of retention: of the pairs whose oldest events are from before `before` a prefix
// is deleted for good, about `rows_max` rows at most, and with it the chats that ended before
// `chats_before`. What a pair has counted goes on: its last seq, and the marks of accepted texts,
// only that nobody can tell any more what a text that was cut had said (digest 0). A start that no
// event follows stays, since its chat may still be voided; so does the evidence of reports. A pair
// that has no event left and no open chat is not listed. Rows of access from before `access_before`
// go as well.
struct cut_records {
    unix_ms before = 0;
    unix_ms chats_before = 0;
    unix_ms access_before = 0;
    unix_ms now = 0;
    std::uint32_t rows_max = 200;

    std::uint32_t rows = 0;  // deleted in this step
    bool more = false;       // more is due
};

// Starts a new epoch, max(stored + 1, now), and stores it. After a start nothing else is changed
// before this is done.
struct start_epoch {
    unix_ms now = 0;

    std::int64_t epoch = 0;
};

// Closes one open report, or with `person` all open ones about the same person, since somebody has
// looked: what they muted is heard again. They are kept until their end.
struct resolve_report {
    std::int64_t id = 0;
    bool person = false;
    unix_ms at = 0;
    std::optional<audit_row> audit{};  // as in ban_person

    bool known = false;
    std::uint32_t resolved = 0;
    person_key person_reported{};
    bool muted = false;  // still, by another report
};

// Takes texts away in a pair without an open chat, the oldest first: each is gone (removed) for
// both at once, and a recall by nobody is appended that says so to whoever resumes. Bodies stay
// sealed as after a recall.
struct remove_texts {
    pair_id pair{};
    std::uint64_t seq = 0;  // this one; 0: all
    std::uint32_t limit = 500;
    std::int64_t epoch = 0;
    unix_ms at = 0;
    unix_ms sealed_until = 0;
    std::optional<audit_row> audit{};  // as in ban_person

    bool known = false;  // false: no such pair
    bool live = false;   // it has an open chat: nothing was changed
    std::uint32_t removed = 0;
    bool more = false;  // texts beyond the limit are left
};

// ---- the operator's own: who may come, and what was done ----

struct add_audit {
    audit_row row{};
};

enum class token_change : std::uint8_t {
    done,
    unknown,     // there is no token of this name
    taken,       // there is one already
    too_many,    // beyond tokens_max
    last_owner,  // nobody could add a token any more
};

struct add_admin_token {
    admin_token_row token{};
    std::uint32_t tokens_max = 100;
    std::optional<audit_row> audit{};  // as in ban_person

    token_change result = token_change::unknown;
};

struct drop_admin_token {
    std::string name{};
    std::optional<audit_row> audit{};  // as in ban_person

    token_change result = token_change::unknown;
};

// Moves a token's `used` forward.
struct note_token_used {
    std::string name{};
    unix_ms at = 0;
};

using change =
    std::variant<append, open_chat, void_chat, end_chat, mark_seen, make_user, start_epoch,
                 recall_text, clear_pair, block_person, add_report, note_consents, revoke_tokens,
                 erase_user, purge, resolve_reports, ban_person, lift_ban, remove_text, flag_text,
                 take_consent, drop_consents, resolve_report, remove_texts, add_audit,
                 add_admin_token, drop_admin_token, note_token_used, cut_records, add_access,
                 flag_report>;

enum class commit_result : std::uint8_t {
    done,     // on disk, all of it
    full,     // nothing was changed: the disk (or the quota) is full; the same batch may be tried
              // again
    refused,  // nothing was changed: a change broke a rule of the schema (our mistake); do not try
              // again
    unknown,  // the fate of the batch is unknown (I/O error): the process must end
};

// ---- questions: likewise asked above the blank line, answered below ----

struct find_user {
    subject name{};

    std::optional<user_row> user;
    std::vector<person_key> blocked;  // whom this user blocks, ascending
};

// Who has the account whose key that is: the user to ask for with find_user.
struct find_person {
    provider from = provider::guest;
    person_key person{};

    std::optional<subject> name{};  // none: nobody yet, or nobody any more
};

// A page of a pair's events, oldest first: those with after < seq < before, the newest `limit` of
// them when `newest`, else the oldest; at most `limit` rows and about `bytes_max` bytes of body
// (one row at least).
struct find_events {
    pair_id pair{};
    std::uint64_t after = 0;
    std::uint64_t before = UINT64_MAX;
    std::uint32_t limit = 20;
    std::size_t bytes_max = 48 * 1024;
    bool newest = true;

    std::vector<message_row> events;
    bool more = false;  // further events lie beyond the page, on the side it grows to
};

// What a resuming client still has of a pair: `keep` is the newest seq at or below `seq` that was
// stored in `epoch` or earlier (0: nothing). It may lie before the pair's first_seq: the client
// then has what retention has cut, and is shown what follows from first_seq on.
struct find_keep {
    std::string name;
    user_id user{};
    std::uint64_t seq = 0;
    std::int64_t epoch = 0;

    std::optional<pair_row> pair;  // none: unknown, not this user's, or cleared by this user
    side who = side::one;
    std::uint64_t keep = 0;
};

// A page of a pair by its name, as one of its two people may read it: like find_events with
// `newest`.
struct find_history {
    std::string name;
    user_id user{};
    std::uint64_t before = UINT64_MAX;
    std::uint32_t limit = 20;
    std::size_t bytes_max = 48 * 1024;

    bool found = false;  // false: unknown, not this user's, or cleared by this user
    side who = side::one;
    std::vector<message_row> events;
    bool more = false;
};

// The pairs a user has not cleared, newest first by listed_at: those behind the place `before`, at
// most `limit` and about `bytes_max` bytes of text (one at least). Pairs without any event are not
// listed.
struct list_pairs {
    struct place {
        unix_ms listed_at = 0;
        std::string name;
    };
    user_id user{};
    std::optional<place> before;
    std::uint32_t limit = 20;
    std::size_t bytes_max = 32 * 1024;

    std::vector<listed_pair> pairs;
    bool more = false;
};

// The texts of a user that are not gone, pair by pair and oldest first within each, those after
// (pair, seq). Pairs that the user has cleared are included: the text is still kept. One answer
// looks at a bounded number of events, so it may hold few texts or none with `more` still true.
struct find_own_texts {
    user_id user{};
    pair_id pair{};
    std::uint64_t seq = 0;
    std::uint32_t limit = 100;
    std::size_t bytes_max = 32 * 1024;

    std::vector<own_text> texts;
    bool more = false;
    pair_id next_pair{};  // with `more`: ask next with these
    std::uint64_t next_seq = 0;
};

// How many texts a user has said that still were to be read before their erasure, if there was one:
// counted from after (pair, seq) on. One answer looks at about `rows_max` events of the user's
// pairs and counts what it saw; the sum over all steps is the number, and the last step may count
// none.
struct count_texts {
    user_id user{};
    pair_id pair{};
    std::uint64_t seq = 0;
    std::uint32_t rows_max = 5000;

    std::uint64_t texts = 0;  // of this step
    bool more = false;
    pair_id next_pair{};  // with `more`: ask next with these
    std::uint64_t next_seq = 0;
};

// A user's own bans, the newest first; not those that the person had under another account.
struct find_bans {
    user_id user{};
    std::uint32_t limit = 100;

    std::vector<ban_row> bans;
};

// What holds of a person, with or without an account here.
struct find_standing {
    person_key person{};

    unix_ms banned_until = 0;
    bool muted = false;
};

// How many people are banned at `now`, and how many are muted.
struct count_standings {
    unix_ms now = 0;

    std::uint64_t banned = 0;
    std::uint64_t muted = 0;
};

// ---- the operator's questions ----

enum class user_state : std::uint8_t { active, banned, muted, erased };

// A page of the users, the newest first, those with an id below `before`: all, or those whom one of
// id, persons and alias names. One answer looks at a bounded number of users, so it may hold few or
// none with `more` still true.
struct list_users {
    struct wanted {
        std::optional<user_id> id{};
        std::vector<person_key> persons{};
        std::string alias{};
    };
    std::optional<wanted> only{};
    std::optional<user_state> state{};
    user_id before{INT64_MAX};
    unix_ms now = 0;
    std::uint32_t limit = 20;

    std::vector<user_row> users{};
    bool more = false;
    user_id next{};  // with `more`: ask next with this as `before`
};

// One user, also an erased one, with the newest of their bans.
struct describe_user {
    user_id user{};
    std::uint32_t bans_max = 20;

    std::optional<user_row> row{};
    std::string receipt{};  // of an erased one
    std::vector<ban_row> bans{};
};

// The pairs of a user, cleared ones included, the newest first: those with an id below `before`.
struct list_pairs_of {
    user_id user{};
    pair_id before{INT64_MAX};
    std::uint32_t limit = 20;

    bool known = false;
    std::vector<pair_row> pairs{};  // without marks
    bool more = false;
};

// A pair with a page of its events, like find_events with `newest`: what is gone has no body.
struct find_record {
    pair_id pair{};
    std::uint64_t before = UINT64_MAX;
    std::uint32_t limit = 20;
    std::size_t bytes_max = 256 * 1024;

    std::optional<pair_row> row{};  // without marks
    bool live = false;              // has an open chat
    std::vector<message_row> events{};
    bool more = false;
};

// The reports, the newest first: those with an id below `before`.
struct list_reports {
    std::optional<bool> open{};
    std::int64_t before = INT64_MAX;
    std::uint32_t limit = 20;

    std::vector<report_entry> reports{};
    bool more = false;
};

// A report with the newest of its evidence, oldest first, as it was said.
struct find_report {
    std::int64_t id = 0;
    std::uint32_t evidence_max = 500;

    std::optional<report_entry> report{};
    std::vector<message_row> evidence{};
    std::vector<pair_row> pairs{};  // that the evidence is of, by id, without marks
};

struct count_open_reports {
    std::uint64_t open = 0;
};

struct find_erasure {
    std::string receipt{};

    std::optional<erasure_entry> erasure{};
};

// The audit, the newest first: rows with an id below `before`.
struct list_audit {
    std::int64_t before = INT64_MAX;
    std::uint32_t limit = 20;

    std::vector<audit_row> rows{};
    bool more = false;
};

struct list_admin_tokens {
    std::vector<admin_token_row> tokens{};  // by name
};

// A user's access, the newest first: rows with an id below `before`.
struct list_access {
    user_id user{};
    std::int64_t before = INT64_MAX;
    std::uint32_t limit = 20;

    std::vector<access_row> rows{};
    bool more = false;
};

// What moderation has flagged, the newest first: flags with an id below `before`.
struct list_flags {
    std::int64_t before = INT64_MAX;
    std::uint32_t limit = 20;

    std::vector<flag_entry> flags{};
    bool more = false;
};

using question =
    std::variant<find_events, find_keep, find_user, find_history, list_pairs, find_own_texts,
                 count_texts, find_bans, find_standing, count_standings, find_person, list_users,
                 describe_user, list_pairs_of, find_record, list_reports, find_report,
                 count_open_reports, find_erasure, list_audit, list_admin_tokens, list_access,
                 list_flags>;

// ---- the two halves ----

class store_reader {
public:
    virtual ~store_reader() = default;

    // Fills in the answer. False when the disk can't be read; the answer is then empty.
    [[nodiscard]] virtual bool answer(question& asked) = 0;
};

class store {
public:
    virtual ~store() = default;

    // A start_epoch in a transaction of its own: the new epoch, or none while the disk is full (may
    // be tried again) or when it can't be written.
    [[nodiscard]] std::optional<std::int64_t> begin_epoch(unix_ms now) {
        change asked = start_epoch{.now = now};
        if (commit({&asked, 1}) != commit_result::done) {
            return std::nullopt;
        }
        return std::get<start_epoch>(asked).epoch;
    }

    // Applies all changes of the batch in one transaction, in order. When this returns `done`, they
    // survive a killed process, and with durability `full` a power cut.
    [[nodiscard]] virtual commit_result commit(std::span<change> batch) = 0;

    // The chats that had not ended: asked once at a start.
    [[nodiscard]] virtual std::vector<live_pair> open_chats() = 0;

    // Chats that ended at `since` or later, oldest first: asked once at a start.
    [[nodiscard]] virtual std::vector<parting> partings(unix_ms since) = 0;

    // The epoch that was stored last, 0 before the first.
    [[nodiscard]] virtual std::int64_t last_epoch() = 0;

    // The highest user id in use: asked once at a start.
    [[nodiscard]] virtual user_id last_user() = 0;

    // When the newest event was stored, 0 without any: asked once at a start.
    [[nodiscard]] virtual unix_ms newest_at() = 0;

    // The half that may be used by another thread at the same time. Lives as long as the store.
    [[nodiscard]] virtual store_reader& reader() = 0;

    // Why the last commit or epoch was not done, as a sentence for the log without any text of a
    // user.
    [[nodiscard]] virtual std::string why() const { return {}; }
};

}  // namespace onechat::storage
