#include "storage/sqlite_records.hpp"

#include <cstdint>

namespace onechat::storage {

sqlite_records::sqlite_records(database& db, record_queries& reads)
    : db_{db},
      reads_{reads},
      clear_{statement{db, "UPDATE pairs SET cleared_one = 1 WHERE id = ?1"},
             statement{db, "UPDATE pairs SET cleared_two = 1 WHERE id = ?1"}},
      count_blocks_{db, "SELECT count(*) FROM blocks WHERE user = ?1"},
      add_block_{db, "INSERT INTO blocks (user, person, pair, at) VALUES (?, ?, ?, ?)"},
      drop_block_{db, "DELETE FROM blocks WHERE user = ?1 AND person = ?2"},
      open_report_{
          db, "SELECT id FROM reports WHERE reporter = ?1 AND person = ?2 AND resolved IS NULL"},
      add_report_{db,
                  "INSERT INTO reports (reporter, person, target, pair, reason, note, nickname, "
                  "at, kept_until, flagged) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
      // A nickname is known during a chat only: not knowing it later is nothing new.
      renew_report_{db,
                    "UPDATE reports SET reason = ?2, note = ?3, "
                    "nickname = CASE ?4 WHEN '' THEN nickname ELSE ?4 END, kept_until = ?5, "
                    "flagged = max(flagged, ?6), target = ?7, pair = ?8 WHERE id = ?1"},
      // Sealed bodies are copied here and nowhere else. What the report holds already stays as it
      // was said, even if it has been overwritten since.
      add_evidence_{
          db,
          "INSERT INTO evidence (report, pair, seq, side, kind, at, ref, gone, body) "
          "SELECT ?1, said.pair, seq, side, kind, at, ref, "
          "CASE WHEN kind = 0 AND gone = 0 AND users.account IS NULL THEN 2 ELSE gone END, body "
          "FROM (SELECT pair, seq, side, kind, at, ref, gone, body FROM events WHERE pair = ?2 "
          "ORDER BY seq DESC LIMIT ?3) AS said JOIN pairs ON pairs.id = said.pair LEFT JOIN users "
          "ON users.id = CASE side WHEN 0 THEN user_one ELSE user_two END "
          "WHERE true ORDER BY seq ON CONFLICT DO NOTHING"},
      // People are counted, not accounts: who has erased one and made another is the same person.
      count_reporters_{
          db,
          "SELECT count(DISTINCT users.person) FROM reports JOIN users ON users.id = reporter "
          "WHERE reports.person = ?1 AND resolved IS NULL AND at > ?2 "
          "AND users.provider <> 0 AND users.person <> zeroblob(16)"},
      mute_{db,
            "UPDATE reports SET mutes = 1 WHERE id = ?1 AND NOT EXISTS "
            "(SELECT 1 FROM reports WHERE person = ?2 AND resolved IS NULL AND mutes = 1)"},
      add_consent_{db,
                   "INSERT INTO consents (user, template, count, at) SELECT id, ?2, 1, ?3 "
                   "FROM users WHERE id = ?1 AND account IS NOT NULL "
                   "ON CONFLICT (user, template) DO UPDATE SET count = count + 1, at = ?3"},
      drop_consents_{
          db,
          "DELETE FROM consents WHERE user = ?1 AND template IN (SELECT template "
          "FROM consents WHERE user = ?1 ORDER BY at DESC, template DESC LIMIT -1 OFFSET ?2)"},
      revoke_{db, "UPDATE users SET tokens_from = ?2 WHERE id = ?1 AND tokens_from < ?2"} {}

void sqlite_records::apply(clear_pair& asked) {
    const auto seat = find(asked.name, asked.user);
    if (!seat || seat->cleared) {
        return;
    }
    clear_[static_cast<std::size_t>(seat->who)].run(seat->pair);
    asked.result = pair_change::done;
}

bool sqlite_records::apply(block_person& asked) {
    const auto seat = find(asked.name, asked.user);
    if (!seat) {
        return false;
    }
    if (!asked.on) {
        return unblock(asked, *seat);
    }
    const auto partner = reads_.who(seat->partner);
    if (seat->cleared || partner.forgotten()) {
        return false;
    }
    const bool is_new = !reads_.block_on(asked.user, partner, seat->pair);
    if (is_new) {
        {
            auto blocks = count_blocks_.query(asked.user);
            if (!blocks.next() || blocks.as<std::uint32_t>(0) >= asked.blocks_max) {
                asked.result = pair_change::too_many;
                return false;
            }
        }
        add_block_.run(asked.user, partner.person, seat->pair, asked.at);
    }
    asked.person = partner.person;
    asked.result = pair_change::done;
    return is_new;
}

bool sqlite_records::unblock(block_person& asked, const record_queries::seat& seat) {
    const auto partner = reads_.who(seat.partner);
    const auto blocked = reads_.block_on(asked.user, partner, seat.pair);
    if (blocked) {
        drop_block_.run(asked.user, *blocked);
    } else if (seat.cleared || partner.forgotten()) {
        return false;
    }
    asked.person = blocked.value_or(partner.person);
    asked.result = pair_change::done;
    return blocked.has_value();
}

void sqlite_records::apply(add_report& asked) {
    const auto seat = find(asked.name, asked.reporter);
    if (!seat || seat->cleared) {
        return;
    }
    const auto target = reads_.who(seat->partner);
    if (target.forgotten()) {
        return;
    }
    std::int64_t report = 0;
    {
        auto open = open_report_.query(asked.reporter, target.person);
        report = open.next() ? open.integer(0) : 0;
    }
    if (report == 0) {
        add_report_.run(asked.reporter, target.person, seat->partner, seat->pair, asked.reason,
                        asked.note, asked.nickname, asked.at, asked.kept_until,
                        static_cast<std::int64_t>(asked.flagged));
        report = db_.last_insert_id();
    } else {
        renew_report_.run(report, asked.reason, asked.note, asked.nickname, asked.kept_until,
                          static_cast<std::int64_t>(asked.flagged), seat->partner, seat->pair);
    }
    add_evidence_.run(report, seat->pair, asked.evidence_max);
    asked.id = report;
    asked.person = target.person;
    asked.muted = mutes(report, asked);
    asked.result = pair_change::done;
}

bool sqlite_records::mutes(std::int64_t report, const add_report& asked) {
    if (asked.mute_after == 0) {
        return false;
    }
    {
        auto reporters = count_reporters_.query(asked.person, asked.mute_since);
        if (!reporters.next() || reporters.as<std::uint32_t>(0) < asked.mute_after) {
            return false;
        }
    }
    return mute_.run(report, asked.person) > 0;
}

void sqlite_records::apply(note_consents& asked) {
    for (const std::string& one : asked.templates) {
        add_consent_.run(asked.user, one, asked.at);
    }
    drop_consents_.run(asked.user, asked.kept_max);
}

void sqlite_records::apply(revoke_tokens& asked) {
    revoke_.run(asked.user, asked.from);
}

std::optional<record_queries::seat> sqlite_records::find(std::string_view name, user_id user) {
    if (reads_.who(user).erased) {
        return std::nullopt;
    }
    return reads_.find(name, user);
}

}  // namespace onechat::storage
