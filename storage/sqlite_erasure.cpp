#include "storage/sqlite_erasure.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace onechat::storage {

namespace {

// Looking at a row costs about a tenth of overwriting it.
constexpr std::uint32_t scan_per_row = 10;

constexpr std::uint32_t pairs_at_once = 64;

}  // namespace

sqlite_erasure::sqlite_erasure(database& db, record_queries& reads)
    : db_{db},
      reads_{reads},
      user_{
          db,
          "SELECT subject, person, banned_until FROM users WHERE id = ?1 AND account IS NOT NULL"},
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
                        "UPDATE messages SET body = '' WHERE pair = ?1 AND seq = ?2 AND gone <> 0"},
      drop_seal_{db, "DELETE FROM seals WHERE until = ?1 AND pair = ?2 AND seq = ?3"},
      due_erasure_{db,
                   "SELECT receipt, user, pair, seq FROM erasures "
                   "WHERE done_at IS NULL AND until <= ?1 ORDER BY until LIMIT 1"},
      events_{db,
              "SELECT id, seq, side = ?3 AND kind = 0 AND (gone = 0 OR body <> '') "
              "FROM messages WHERE pair = ?1 AND seq > ?2 ORDER BY seq LIMIT ?4"},
      overwrite_{db,
                 "UPDATE messages SET body = '', gone = CASE gone WHEN 0 THEN 2 ELSE gone END "
                 "WHERE id = ?1"},
      drop_marks_{db, "DELETE FROM marks WHERE pair = ?1"},
      keep_place_{db, "UPDATE erasures SET pair = ?2, seq = ?3 WHERE receipt = ?1"},
      forget_person_{db,
                     "UPDATE users SET person = zeroblob(16) WHERE id = ?1 AND banned_until <= ?2"},
      finish_{db, "UPDATE erasures SET done_at = ?2, person_kept = ?3 WHERE receipt = ?1"},
      kept_persons_{db,
                    "SELECT user FROM erasures JOIN users ON users.id = user "
                    "WHERE person_kept = 1 AND banned_until <= ?1 LIMIT ?2"},
      release_{db, "UPDATE erasures SET person_kept = 0 WHERE user = ?1 AND person_kept = 1"},
      due_reports_{db,
                   "SELECT id FROM reports WHERE kept_until <= ?1 ORDER BY kept_until LIMIT ?2"},
      drop_evidence_{db,
                     "DELETE FROM evidence WHERE rowid IN "
                     "(SELECT rowid FROM evidence WHERE report = ?1 LIMIT ?2)"},
      drop_report_{db,
                   "DELETE FROM reports WHERE id = ?1 "
                   "AND NOT EXISTS (SELECT 1 FROM evidence WHERE report = ?1)"},
      due_{db,
           "SELECT EXISTS (SELECT 1 FROM seals WHERE until <= ?1) "
           "OR EXISTS (SELECT 1 FROM erasures WHERE done_at IS NULL AND until <= ?1) "
           "OR EXISTS (SELECT 1 FROM reports WHERE kept_until <= ?1) "
           "OR EXISTS (SELECT 1 FROM erasures JOIN users ON users.id = user "
           "WHERE person_kept = 1 AND banned_until <= ?1)"},
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
    asked.rows = rows - left.rows;
    {
        auto due = due_.query(asked.now);
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
            keep_place_.run(one->receipt, one->pair, one->seq);
        }
    }
}

std::optional<sqlite_erasure::erasure> sqlite_erasure::next_erasure(unix_ms now) {
    auto found = due_erasure_.query(now);
    if (!found.next()) {
        return std::nullopt;
    }
    return erasure{found.text(0), found.as<user_id>(1), found.as<pair_id>(2),
                   found.as<std::uint64_t>(3)};
}

bool sqlite_erasure::overwrite(erasure& one, budget& left) {
    for (;;) {
        const auto pairs = reads_.pairs_of(one.user, one.pair, pairs_at_once);
        for (const auto& in : pairs) {
            if (in.id != one.pair) {
                one.pair = in.id;
                one.seq = 0;
            }
            if (!overwrite(one, in.who, left)) {
                return false;
            }
            drop_marks_.run(in.id);
        }
        if (pairs.size() < pairs_at_once) {
            return true;
        }
        one.pair = pair_id{static_cast<std::int64_t>(one.pair) + 1};
        one.seq = 0;
    }
}

// True when the pair's last event is behind it.
bool sqlite_erasure::overwrite(erasure& one, side who, budget& left) {
    left.scan -= std::min(left.scan, 1U);  // so that many small pairs have an end as well
    if (left.rows == 0 || left.scan == 0) {
        return false;
    }
    std::vector<std::int64_t> texts;
    bool whole = true;
    {
        auto found = events_.query(one.pair, one.seq, who, left.scan);
        while (found.next()) {
            if (found.integer(2) != 0) {
                if (texts.size() == left.rows) {
                    whole = false;
                    break;
                }
                texts.push_back(found.integer(0));
            }
            one.seq = found.as<std::uint64_t>(1);
            left.scan -= 1;
        }
    }
    for (const std::int64_t text : texts) {
        overwrite_.run(text);
    }
    left.rows -= static_cast<std::uint32_t>(texts.size());
    return whole && left.scan > 0 && !db_.failed();
}

void sqlite_erasure::finish(const erasure& one, unix_ms now) {
    const bool forgotten = forget_person_.run(one.user, now) > 0;
    finish_.run(one.receipt, now, forgotten ? 0 : 1);
    traces_.removed = true;
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
        forget_person_.run(user, now);
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
