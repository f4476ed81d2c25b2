#include "storage/migrations.hpp"

#include "storage/place_run.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace onechat::storage {

namespace {

constexpr const char* first_tables = R"sql(
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A row is never deleted: an erased user stays as a number, without an account.
CREATE TABLE users (
    id           INTEGER PRIMARY KEY,
    subject      BLOB NOT NULL UNIQUE,
    provider     INTEGER NOT NULL,
    account      TEXT CHECK (account <> ''),
    person       BLOB NOT NULL,
    created      INTEGER NOT NULL,
    seen         INTEGER NOT NULL,
    banned_until INTEGER NOT NULL,
    tokens_from  INTEGER NOT NULL,
    UNIQUE (provider, account)
) STRICT;

-- last_seq and last_at are those of the last chat's end. While a chat is open the newest message
-- counts: so a text touches its own row and one index, and the two can't disagree after a crash.
-- Whoever deletes messages from the end of a pair sets both.
CREATE TABLE pairs (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    user_one    INTEGER NOT NULL REFERENCES users (id),
    alias_one   TEXT NOT NULL,
    avatar_one  TEXT NOT NULL,
    seen_one    INTEGER NOT NULL DEFAULT 0,
    cleared_one INTEGER NOT NULL DEFAULT 0,
    user_two    INTEGER NOT NULL REFERENCES users (id),
    alias_two   TEXT NOT NULL,
    avatar_two  TEXT NOT NULL,
    seen_two    INTEGER NOT NULL DEFAULT 0,
    cleared_two INTEGER NOT NULL DEFAULT 0,
    first_seq   INTEGER NOT NULL DEFAULT 1,
    last_seq    INTEGER NOT NULL DEFAULT 0,
    last_at     INTEGER NOT NULL DEFAULT 0,
    met         INTEGER NOT NULL DEFAULT 0,
    CHECK (user_one < user_two)
) STRICT;

-- Two people have one open pair; what either cleared is closed for good.
CREATE UNIQUE INDEX pairs_open ON pairs (user_one, user_two)
    WHERE cleared_one = 0 AND cleared_two = 0;

-- The newest accepted texts of both sides as of `seq`; apart from the pair because a pair's row is
-- changed far more often.
CREATE TABLE marks (
    pair INTEGER PRIMARY KEY REFERENCES pairs (id),
    seq  INTEGER NOT NULL,
    one  BLOB NOT NULL,
    two  BLOB NOT NULL
) STRICT;

-- AUTOINCREMENT, because the number of a voided chat must not come back.
CREATE TABLE chats (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    pair    INTEGER NOT NULL REFERENCES pairs (id),
    started INTEGER NOT NULL,
    ended   INTEGER,
    why     INTEGER,
    topic   TEXT
) STRICT;

CREATE UNIQUE INDEX chats_open ON chats (pair) WHERE ended IS NULL;
CREATE INDEX chats_ended ON chats (ended) WHERE ended IS NOT NULL;

-- `pair` has no REFERENCES: the store looks at the pair anyway to keep seq dense, once per batch
-- instead of once per row.
CREATE TABLE messages (
    id     INTEGER PRIMARY KEY,
    epoch  INTEGER NOT NULL,
    pair   INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    side   INTEGER NOT NULL,
    kind   INTEGER NOT NULL,
    cid    INTEGER NOT NULL,
    ref    INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    gone   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    body   TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX messages_by_pair ON messages (pair, seq);
)sql";

constexpr const char* records_and_erasure = R"sql(
-- The same table with another index: when pages of an index are split, copies of rows can stay
-- behind in them that secure_delete never finds again. So no index holds an account; the person is
-- a keyed hash of provider and account, and tells them apart as well.
CREATE TABLE users_again (
    id           INTEGER PRIMARY KEY,
    subject      BLOB NOT NULL UNIQUE,
    provider     INTEGER NOT NULL,
    account      TEXT CHECK (account <> ''),
    person       BLOB NOT NULL,
    created      INTEGER NOT NULL,
    seen         INTEGER NOT NULL,
    banned_until INTEGER NOT NULL,
    tokens_from  INTEGER NOT NULL
) STRICT;
INSERT INTO users_again
    SELECT id, subject, provider, account, person, created, seen, banned_until, tokens_from
    FROM users ORDER BY id;
DROP TABLE users;
ALTER TABLE users_again RENAME TO users;
CREATE UNIQUE INDEX users_of_person ON users (provider, person) WHERE account IS NOT NULL;

-- When the pair's newest chat began or ended: a user's list is in this order.
ALTER TABLE pairs ADD COLUMN listed_at INTEGER NOT NULL DEFAULT 0;
UPDATE pairs SET listed_at = ifnull(
    (SELECT started FROM chats WHERE pair = pairs.id AND ended IS NULL), last_at);
CREATE INDEX pairs_of_one ON pairs (user_one, listed_at);
CREATE INDEX pairs_of_two ON pairs (user_two, listed_at);

-- A person, not a user: a block outlives both accounts. `pair` is where the two had met.
CREATE TABLE blocks (
    user   INTEGER NOT NULL,
    person BLOB NOT NULL,
    pair   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    PRIMARY KEY (user, person)
) STRICT, WITHOUT ROWID;

-- Recalled texts whose bodies wait to be overwritten.
CREATE TABLE seals (
    until INTEGER NOT NULL,
    pair  INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (until, pair, seq)
) STRICT, WITHOUT ROWID;

-- `person` and `target` are the reported one.
CREATE TABLE reports (
    id         INTEGER PRIMARY KEY,
    reporter   INTEGER NOT NULL,
    person     BLOB NOT NULL,
    target     INTEGER NOT NULL,
    pair       INTEGER NOT NULL,
    reason     INTEGER NOT NULL,
    note       TEXT NOT NULL,
    nickname   TEXT NOT NULL,
    at         INTEGER NOT NULL,
    kept_until INTEGER NOT NULL,
    resolved   INTEGER
) STRICT;

-- However often one person reports another, it weighs once.
CREATE UNIQUE INDEX reports_open ON reports (reporter, person) WHERE resolved IS NULL;
CREATE INDEX reports_of_person ON reports (person) WHERE resolved IS NULL;
CREATE INDEX reports_due ON reports (kept_until);

-- Not WITHOUT ROWID: secure_delete leaves copies of rows behind when it splits the pages of such a
-- table, and none in one that grows at its end.
CREATE TABLE evidence (
    report INTEGER NOT NULL,
    pair   INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    side   INTEGER NOT NULL,
    kind   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    ref    INTEGER NOT NULL,
    gone   INTEGER NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (report, pair, seq)
) STRICT;

CREATE TABLE consents (
    user     INTEGER NOT NULL,
    template TEXT NOT NULL,
    count    INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (user, template)
) STRICT, WITHOUT ROWID;

-- (pair, seq) is how far the overwriting has come, done_at when it came to the end. `person_kept`
-- says that a ban outlived it, `told` that the log was empty since and somebody was told.
CREATE TABLE erasures (
    receipt     TEXT PRIMARY KEY NOT NULL,
    user        INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    until       INTEGER NOT NULL,
    pair        INTEGER NOT NULL DEFAULT 0,
    seq         INTEGER NOT NULL DEFAULT 0,
    done_at     INTEGER,
    person_kept INTEGER NOT NULL DEFAULT 0,
    told        INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX erasures_due ON erasures (until) WHERE done_at IS NULL;
CREATE INDEX erasures_untold ON erasures (done_at) WHERE done_at IS NOT NULL AND told = 0;
CREATE INDEX erasures_with_person ON erasures (user) WHERE person_kept = 1;
)sql";

constexpr const char* erased_reporters = R"sql(
-- Not 0 once the texts in the pairs are overwritten: then the report that the overwriting has come
-- to, and (pair, seq) is the place in its evidence.
ALTER TABLE erasures ADD COLUMN report INTEGER NOT NULL DEFAULT 0;

CREATE INDEX reports_of_reporter ON reports (reporter);
)sql";

constexpr const char* events_by_places = R"sql(
-- Where a pair's events lie. The pair of (pair, seq) is in one of the two.
CREATE TABLE places (
    pair    INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (pair, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE fresh_places (
    pair    INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    message INTEGER NOT NULL,
    PRIMARY KEY (pair, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO places SELECT pair, seq, id FROM messages ORDER BY pair, seq;
DROP INDEX messages_by_pair;

-- What is fresh of a pair is newer than what is not. Ask for `seq` when you order by it: then both
-- halves are read in order, and no further than asked.
CREATE VIEW events AS
    SELECT place.pair, place.seq, id, epoch, side, kind, cid, ref, reason, gone, at, body
    FROM places AS place CROSS JOIN messages ON messages.id = place.message
    UNION ALL
    SELECT place.pair, place.seq, id, epoch, side, kind, cid, ref, reason, gone, at, body
    FROM fresh_places AS place CROSS JOIN messages ON messages.id = place.message;
)sql";

constexpr const char* bans_and_mutes = R"sql(
-- A person, not a user: a ban finds whoever comes again with the same account. `lifted` is when it
-- was taken back.
CREATE TABLE bans (
    id     INTEGER PRIMARY KEY,
    person BLOB NOT NULL,
    user   INTEGER NOT NULL,
    reason TEXT NOT NULL,
    by     TEXT NOT NULL,
    since  INTEGER NOT NULL,
    until  INTEGER NOT NULL,
    level  INTEGER NOT NULL,
    lifted INTEGER
) STRICT;

CREATE INDEX bans_of_person ON bans (person, until);
CREATE INDEX bans_of_user ON bans (user);
CREATE INDEX bans_by_end ON bans (until, person);

-- One truth: what a user's row said of it moves there.
INSERT INTO bans (person, user, reason, by, since, until, level)
    SELECT person, id, '', '', min(seen, banned_until), banned_until, 1 FROM users
    WHERE banned_until > 0 AND person <> zeroblob(16);
ALTER TABLE users DROP COLUMN banned_until;

-- As long as such a report is open the person is not matched.
ALTER TABLE reports ADD COLUMN mutes INTEGER NOT NULL DEFAULT 0;
CREATE INDEX reports_muting ON reports (person) WHERE resolved IS NULL AND mutes = 1;
)sql";

constexpr const char* moderated_texts = R"sql(
-- What was said before it was masked, as a digest, so that saying it again is no second text. Until
-- the end of the chat, which keeps it in the marks. No index holds a digest: see `users`.
CREATE TABLE masks (
    id     INTEGER PRIMARY KEY,
    pair   INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    digest INTEGER NOT NULL
) STRICT;

CREATE INDEX masks_of_text ON masks (pair, seq);

-- Texts that a person should look at.
CREATE TABLE flags (
    id         INTEGER PRIMARY KEY,
    pair       INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    source     INTEGER NOT NULL,
    label      INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    kept_until INTEGER NOT NULL,
    resolved   INTEGER
) STRICT;

CREATE UNIQUE INDEX flags_of_text ON flags (pair, seq, source);
CREATE INDEX flags_due ON flags (kept_until);

ALTER TABLE reports ADD COLUMN flagged INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr const char* operators = R"sql(
-- Rows are only added. AUTOINCREMENT, so that a row that is missing leaves a gap.
CREATE TABLE audit (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    at     INTEGER NOT NULL,
    who    TEXT NOT NULL,
    act    TEXT NOT NULL,
    target TEXT NOT NULL,
    why    TEXT NOT NULL
) STRICT;

CREATE TABLE admin_tokens (
    name    TEXT PRIMARY KEY NOT NULL,
    role    INTEGER NOT NULL,
    digest  BLOB NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    used    INTEGER NOT NULL DEFAULT 0
) STRICT;

-- An operator is told an alias by whoever complains.
CREATE INDEX pairs_by_alias_one ON pairs (alias_one, user_one);
CREATE INDEX pairs_by_alias_two ON pairs (alias_two, user_two);
CREATE INDEX erasures_of_user ON erasures (user);
)sql";

constexpr const char* retention = R"sql(
-- When retention is to look at a pair again: the time of its oldest event, 0 without any. A later
-- time is allowed where an earlier look would find nothing to cut. cut_epoch is that of the newest
-- event that was cut.
ALTER TABLE pairs ADD COLUMN oldest_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pairs ADD COLUMN cut_epoch INTEGER NOT NULL DEFAULT 0;
UPDATE pairs SET oldest_at = ifnull((SELECT at FROM messages WHERE id = coalesce(
    (SELECT message FROM places WHERE pair = pairs.id ORDER BY seq LIMIT 1),
    (SELECT message FROM fresh_places WHERE pair = pairs.id ORDER BY seq LIMIT 1))), 0);
CREATE INDEX pairs_by_oldest ON pairs (oldest_at) WHERE oldest_at > 0;
)sql";

constexpr const char* access_records = R"sql(
-- No index holds an address: see `users`.
CREATE TABLE access (
    id      INTEGER PRIMARY KEY,
    user    INTEGER NOT NULL,
    address BLOB NOT NULL,
    port    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    action  INTEGER NOT NULL
) STRICT;

CREATE INDEX access_of_user ON access (user);
CREATE INDEX access_due ON access (at);
)sql";

constexpr const char* places_in_runs = R"sql(
-- Where a pair's events lie, many in a row; see place_run.hpp. The places of the newest events are
-- in memory; all messages before 'placed_to' have theirs here.
CREATE TABLE place_runs (
    pair     INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    messages TEXT NOT NULL,
    PRIMARY KEY (pair, last)
) STRICT, WITHOUT ROWID;

INSERT INTO meta SELECT 'placed_to', ifnull(max(id), 0) + 1 FROM messages;
)sql";

// One by one as they lie: a database of millions is not sorted in memory.
void gather_runs(database& db) {
    {
        statement all{db,
                      "SELECT pair, seq, message FROM places "
                      "UNION ALL SELECT pair, seq, message FROM fresh_places ORDER BY pair, seq"};
        statement insert{db, "INSERT INTO place_runs (pair, last, messages) VALUES (?, ?, ?)"};
        std::int64_t pair = 0;
        std::int64_t last = 0;
        std::vector<std::int64_t> messages;
        const auto write = [&] {
            if (!messages.empty()) {
                insert.run(pair, last, std::string_view{pack_run(messages)});
                messages.clear();
            }
        };
        auto found = all.query();
        while (found.next()) {
            if (found.integer(0) != pair || found.integer(1) != last + 1 ||
                messages.size() == run_places_max) {
                write();
            }
            pair = found.integer(0);
            last = found.integer(1);
            messages.push_back(found.integer(2));
        }
        write();
    }
    db.run("DROP VIEW events; DROP TABLE places; DROP TABLE fresh_places;");
}

struct step {
    const char* sql;
    void (*then)(database&) = nullptr;
};

constexpr std::array steps{step{first_tables},     step{records_and_erasure},
                           step{erased_reporters}, step{events_by_places},
                           step{bans_and_mutes},   step{moderated_texts},
                           step{operators},        step{retention},
                           step{access_records},   step{places_in_runs, gather_runs}};

}  // namespace

std::int64_t schema_version() {
    return static_cast<std::int64_t>(steps.size());
}

void migrate(database& db) {
    migrate(db, schema_version());
}

void migrate(database& db, std::int64_t version) {
    const std::int64_t found = std::stoll(db.ask("PRAGMA user_version"));
    if (found > schema_version()) {
        throw storage_error{"The database was written by a newer version of onechat (schema " +
                            std::to_string(found) + ", this program knows up to " +
                            std::to_string(schema_version()) +
                            "). Start that version again, or restore a backup made before it."};
    }
    if (found < 0) {
        throw storage_error{"The database has the schema number " + std::to_string(found) +
                            ": it was not written by onechat. Choose another data directory."};
    }
    if (found == 0 && db.ask("SELECT count(*) FROM sqlite_schema") != "0") {
        throw storage_error{
            "The database holds tables that onechat did not make. Choose another data directory."};
    }
    for (std::int64_t next = found; next < version; ++next) {
        const step& one = steps[static_cast<std::size_t>(next)];
        transaction work{db, transaction::kind::write};
        db.run(one.sql);
        if (one.then != nullptr && !db.failed()) {
            one.then(db);
        }
        db.run(("PRAGMA user_version = " + std::to_string(next + 1)).c_str());
        if (!work.commit()) {
            db.throw_if_failed();
        }
    }
}

}  // namespace onechat::storage
