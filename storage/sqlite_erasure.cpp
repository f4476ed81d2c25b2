#include "storage/sqlite_erasure.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace onechat::storage {

namespace {

// Looking at a row costs about a tenth of overwriting it.
constexpr std::uint32_t scan_per_row = 10;

constexpr std::uint32_t pairs_at_once = 64;
constexpr std::uint32_t reports_at_once = 64;

}  // namespace

sqlite_erasure::sqlite_erasure(database& db, record_queries& reads)
    : db_{db},
      reads_{reads},
      user_{db,
            "SELECT subject, person, ifnull((SELECT max(until) FROM bans "
            "WHERE bans.person = users.person), 0) "
            "FROM users WHERE id = ?1 AND account IS NOT NULL"},
      reports_until_{db,
                     "SELECT ifnull(max(kept_until), 0) FROM reports "
                     "WHERE person = ?1 AND resolved IS NULL"},
      erase_user_{db,
                  "UPDATE users SET account = NULL, tokens_from = max(tokens_from, ?2) "
                  "WHERE id = ?1"},
      drop_blocks_{db, "DELETE FROM blocks WHERE user = ?1"},
      drop_consents_{db, "DELETE FROM consents WHERE user = ?1"},
      add_erasure_{db, "INSERT INTO erasures (receipt, user, at, until) VALUES (?, ?, ?, ?)"},
      due_seals_{db,
                 "SELECT until, pair, seq FROM seals WHERE until <= ?1 ORDER BY until LIMIT ?2"},
      overwrite_sealed_{db,
                        "UPDATE messages SET body = '' WHERE id = "
                        "(SELECT id FROM events WHERE pair = ?1 AND seq = ?2) AND gone <> 0"},
      drop_seal_{db, "DELETE FROM seals WHERE until = ?1 AND pair = ?2 AND seq = ?3"},
      due_erasure_{db,
                   "SELECT receipt, user, pair, seq, report FROM erasures "
                   "WHERE done_at IS NULL AND until <= ?1 ORDER BY until LIMIT 1"},
      events_{db,
              "SELECT id, pair, seq, side = ?3 AND kind = 0 AND (gone = 0 OR body <> '') "
              "FROM events WHERE pair = ?1 AND seq > ?2 ORDER BY seq LIMIT ?4"},
      overwrite_{db,
                 "UPDATE messages SET body = '', gone = CASE gone WHEN 0 THEN 2 ELSE gone END "
                 "WHERE id = ?1"},
      drop_marks_{db, "DELETE FROM marks WHERE pair = ?1"},
      reports_of_{db,
                  "SELECT id FROM reports WHERE reporter = ?1 AND id >= ?2 ORDER BY id LIMIT ?3"},
      drop_note_{db, "UPDATE reports SET note = '' WHERE id = ?1 AND note <> ''"},
      // Both sides of it were copied; what the reported person said stays.
      evidence_{db,
                "SELECT rowid, pair, seq, kind = 0 AND body <> '' AND side = "
                "(SELECT user_two = ?4 FROM pairs WHERE pairs.id = evidence.pair) "
                "FROM evidence WHERE report = ?1 AND (pair, seq) > (?2, ?3) "
                "ORDER BY pair, seq LIMIT ?5"},
      overwrite_evidence_{db,
                          "UPDATE evidence SET body = '', gone = CASE gone WHEN 0 THEN 2 ELSE gone "
                          "END WHERE rowid = ?1"},
      keep_place_{db, "UPDATE erasures SET pair = ?2, seq = ?3, report = ?4 WHERE receipt = ?1"},
      forget_person_{db,
                     "UPDATE users SET person = zeroblob(16) WHERE id = ?1 AND NOT EXISTS "
                     "(SELECT 1 FROM bans WHERE bans.person = users.person AND until > ?2)"},
      drop_lifted_bans_of_{db, "DELETE FROM bans WHERE user = ?1 AND lifted IS NOT NULL"},
      unname_bans_of_{db, "UPDATE bans SET user = 0, reason = '', by = '' WHERE user = ?1"},
      finish_{db, "UPDATE erasures SET done_at = ?2, person_kept = ?3 WHERE receipt = ?1"},
      kept_persons_{db,
                    "SELECT user FROM erasures JOIN users ON users.id = user "
                    "WHERE person_kept = 1 AND NOT EXISTS (SELECT 1 FROM bans "
                    "WHERE bans.person = users.person AND until > ?1) LIMIT ?2"},
      release_{db, "UPDATE erasures SET person_kept = 0 WHERE user = ?1 AND person_kept = 1"},
      due_reports_{db,
                   "SELECT id FROM reports WHERE kept_until <= ?1 ORDER BY kept_until LIMIT ?2"},
      drop_evidence_{db,
                     "DELETE FROM evidence WHERE rowid IN "
                     "(SELECT rowid FROM evidence WHERE report = ?1 LIMIT ?2)"},
      drop_report_{db,
                   "DELETE FROM reports WHERE id = ?1 "
                   "AND NOT EXISTS (SELECT 1 FROM evidence WHERE report = ?1)"},
      drop_bans_{db,
                 "DELETE FROM bans WHERE id IN "
                 "(SELECT id FROM bans WHERE until <= ?1 ORDER BY until LIMIT ?2)"},
      drop_flags_{db,
                  "DELETE FROM flags WHERE id IN "
                  "(SELECT id FROM flags WHERE kept_until <= ?1 ORDER BY kept_until LIMIT ?2)"},
      due_{db,
           "SELECT EXISTS (SELECT 1 FROM seals WHERE until <= ?1) "
           "OR EXISTS (SELECT 1 FROM erasures WHERE done_at IS NULL AND until <= ?1) "
           "OR EXISTS (SELECT 1 FROM reports WHERE kept_until <= ?1) "
           "OR EXISTS (SELECT 1 FROM bans WHERE until <= ?2) "
           "OR EXISTS (SELECT 1 FROM flags WHERE kept_until <= ?1) "
           "OR EXISTS (SELECT 1 FROM erasures JOIN users ON users.id = user "
           "WHERE person_kept = 1 AND NOT EXISTS (SELECT 1 FROM bans "
           "WHERE bans.person = users.person AND until > ?1))"},
      untold_{db,
              "SELECT receipt FROM erasures WHERE done_at IS NOT NULL AND told = 0 "
              "ORDER BY done_at, receipt"},
      mark_told_{db, "UPDATE erasures SET told = 1 WHERE done_at IS NOT NULL AND told = 0"},
      lines_{db,
             "SELECT receipt, subject, at FROM erasures JOIN users ON users.id = user "
             "WHERE receipt > ?1 ORDER BY receipt LIMIT ?2"},
      has_{db, "SELECT 1 FROM erasures WHERE receipt = ?1"} {}

void sqlite_erasure::apply(erase_user& asked) {
    erasure_line line{.at = asked.at, .receipt = asked.receipt};
    person_key person{};
    {
        auto found = user_.query(asked.user);
        if (!found.next()) {
            return;
        }
        const bytes_view name = found.bytes(0);
        std::copy_n(name.begin(), std::min(name.size(), line.name.size()), line.name.begin());
        person = queries::read_person(found.bytes(1));
        asked.banned_until = found.integer(2);
    }
    {
        auto reports = reports_until_.query(person);
        asked.reports_until = reports.next() ? reports.integer(0) : 0;
    }
    erase_user_.run(asked.user, asked.at);
    drop_blocks_.run(asked.user);
    drop_consents_.run(asked.user);
    add_erasure_.run(asked.receipt, asked.user, asked.at, asked.sealed_until);
    asked.erased = true;
    traces_.erased.push_back(std::move(line));
    traces_.removed = true;
}

void sqlite_erasure::apply(purge& asked) {
    if (told_) {
        mark_told_.run();
    }
    const std::uint32_t rows = std::max(asked.rows_max, 1U);
    budget left{.rows = rows, .scan = rows * scan_per_row};
    overwrite_seals(asked.now, left);
    go_on_with_erasures(asked.now, left);
    forget_persons(asked.now, left);
    drop_reports(asked.now, left);
    const auto bans = static_cast<std::uint32_t>(drop_bans_.run(asked.bans_before, left.rows));
    traces_.unbanned = traces_.unbanned || bans > 0;
    left.rows -= bans;
    left.rows -= static_cast<std::uint32_t>(drop_flags_.run(asked.now, left.rows));
    asked.rows = rows - left.rows;
    {
        auto due = due_.query(asked.now, asked.bans_before);
        asked.more = due.next() && due.integer(0) != 0;
    }
    traces_.purged = true;
    traces_.due = asked.more;
    traces_.removed = traces_.removed || asked.rows > 0;
}

std::vector<std::string> sqlite_erasure::tell_completed() {
    std::vector<std::string> receipts;
    auto found = untold_.query();
    while (found.next()) {
        receipts.push_back(found.text(0));
    }
    told_ = true;
    return receipts;
}

std::vector<erasure_line> sqlite_erasure::lines(const std::string& after, std::uint32_t limit) {
    std::vector<erasure_line> lines;
    auto found = lines_.query(after, limit);
    while (found.next()) {
        erasure_line line{.at = found.integer(2), .receipt = found.text(0)};
        const bytes_view name = found.bytes(1);
        std::copy_n(name.begin(), std::min(name.size(), line.name.size()), line.name.begin());
        lines.push_back(std::move(line));
    }
    return lines;
}

bool sqlite_erasure::has(const std::string& receipt) {
    auto found = has_.query(receipt);
    return found.next();
}

void sqlite_erasure::overwrite_seals(unix_ms now, budget& left) {
    struct seal {
        unix_ms until = 0;
        pair_id pair{};
        std::uint64_t seq = 0;
    };
    std::vector<seal> seals;
    {
        auto found = due_seals_.query(now, left.rows);
        while (found.next()) {
            seals.push_back({found.integer(0), found.as<pair_id>(1), found.as<std::uint64_t>(2)});
        }
    }
    for (const seal& one : seals) {
        overwrite_sealed_.run(one.pair, one.seq);
        drop_seal_.run(one.until, one.pair, one.seq);
        left.rows -= 1;
    }
}

void sqlite_erasure::go_on_with_erasures(unix_ms now, budget& left) {
    while (left.rows > 0 && left.scan > 0) {
        auto one = next_erasure(now);
        if (!one) {
            return;
        }
        if (overwrite(*one, left)) {
            finish(*one, now);
        } else {
            keep_place_.run(one->receipt, one->pair, one->seq, one->report);
        }
    }
}

std::optional<sqlite_erasure::erasure> sqlite_erasure::next_erasure(unix_ms now) {
    auto found = due_erasure_.query(now);
    if (!found.next()) {
        return std::nullopt;
    }
    return erasure{found.text(0), found.as<user_id>(1), found.as<pair_id>(2),
                   found.as<std::uint64_t>(3), found.integer(4)};
}

bool sqlite_erasure::overwrite(erasure& one, budget& left) {
    if (one.report == 0) {
        if (!overwrite_pairs(one, left)) {
            return false;
        }
        one.report = 1;
        one.go_to({});
    }
    return overwrite_reports(one, left);
}

bool sqlite_erasure::overwrite_pairs(erasure& one, budget& left) {
    for (;;) {
        const auto pairs = reads_.pairs_of(one.user, one.pair, pairs_at_once);
        for (const auto& in : pairs) {
            if (in.id != one.pair) {
                one.go_to(in.id);
            }
            if (!overwrite_pair(one, in.who, left)) {
                return false;
            }
            drop_marks_.run(in.id);
        }
        if (pairs.size() < pairs_at_once) {
            return true;
        }
        one.go_to(pair_id{static_cast<std::int64_t>(one.pair) + 1});
    }
}

bool sqlite_erasure::overwrite_pair(erasure& one, side who, budget& left) {
    left.scan -= std::min(left.scan, 1U);  // so that many small pairs have an end as well
    if (left.rows == 0 || left.scan == 0) {
        return false;
    }
    own_texts texts;
    {
        auto found = events_.query(one.pair, one.seq, who, left.scan);
        texts = take(found, one, left);
    }
    return overwrite(texts, overwrite_, left);
}

// What the user said as a reporter: nobody reports for them any more.
bool sqlite_erasure::overwrite_reports(erasure& one, budget& left) {
    for (;;) {
        const auto reports = reports_of(one.user, one.report);
        for (const std::int64_t report : reports) {
            if (report != one.report) {
                one.report = report;
                one.go_to({});
            }
            if (!overwrite_report(one, left)) {
                return false;
            }
        }
        if (reports.size() < reports_at_once) {
            return true;
        }
        one.report += 1;
        one.go_to({});
    }
}

bool sqlite_erasure::overwrite_report(erasure& one, budget& left) {
    left.scan -= std::min(left.scan, 1U);
    if (left.rows == 0 || left.scan == 0) {
        return false;
    }
    left.rows -= static_cast<std::uint32_t>(drop_note_.run(one.report));
    own_texts texts;
    {
        auto found = evidence_.query(one.report, one.pair, one.seq, one.user, left.scan);
        texts = take(found, one, left);
    }
    return overwrite(texts, overwrite_evidence_, left);
}

sqlite_erasure::own_texts sqlite_erasure::take(statement::rows& found, erasure& place,
                                               budget& left) {
    own_texts texts;
    while (found.next()) {
        if (found.integer(3) != 0) {
            if (texts.rows.size() == left.rows) {
                texts.whole = false;
                break;
            }
            texts.rows.push_back(found.integer(0));
        }
        place.pair = found.as<pair_id>(1);
        place.seq = found.as<std::uint64_t>(2);
        left.scan -= 1;
    }
    return texts;
}

bool sqlite_erasure::overwrite(const own_texts& texts, statement& how, budget& left) {
    for (const std::int64_t row : texts.rows) {
        how.run(row);
    }
    left.rows -= static_cast<std::uint32_t>(texts.rows.size());
    return texts.whole && left.scan > 0 && !db_.failed();
}

std::vector<std::int64_t> sqlite_erasure::reports_of(user_id reporter, std::int64_t from) {
    std::vector<std::int64_t> reports;
    auto found = reports_of_.query(reporter, from, reports_at_once);
    while (found.next()) {
        reports.push_back(found.integer(0));
    }
    return reports;
}

void sqlite_erasure::finish(const erasure& one, unix_ms now) {
    const bool forgotten = forget(one.user, now);
    finish_.run(one.receipt, now, forgotten ? 0 : 1);
    traces_.removed = true;
}

// False while a ban of the person runs. Of one that is over stays, as long as it counts for the
// next one's length, that this person had one: neither why nor which user it was.
bool sqlite_erasure::forget(user_id user, unix_ms now) {
    if (forget_person_.run(user, now) == 0) {
        return false;
    }
    const bool changed = drop_lifted_bans_of_.run(user) + unname_bans_of_.run(user) > 0;
    traces_.unbanned = changed || traces_.unbanned;
    return true;
}

// Of those whose ban was running when the rest of them was overwritten.
void sqlite_erasure::forget_persons(unix_ms now, budget& left) {
    std::vector<user_id> users;
    {
        auto found = kept_persons_.query(now, left.rows);
        while (found.next()) {
            users.push_back(found.as<user_id>(0));
        }
    }
    for (const user_id user : users) {
        static_cast<void>(forget(user, now));
        release_.run(user);
        left.rows -= 1;
    }
}

void sqlite_erasure::drop_reports(unix_ms now, budget& left) {
    std::vector<std::int64_t> reports;
    {
        auto found = due_reports_.query(now, left.rows);
        while (found.next()) {
            reports.push_back(found.integer(0));
        }
    }
    for (const std::int64_t report : reports) {
        left.rows -= static_cast<std::uint32_t>(drop_evidence_.run(report, left.rows));
        if (left.rows == 0 || drop_report_.run(report) == 0) {
            return;
        }
        left.rows -= 1;
    }
}

}  // namespace onechat::storage
