#include "storage/sqlite_moderation.hpp"

#include <cstddef>

namespace onechat::storage {

sqlite_moderation::sqlite_moderation(database& db)
    : add_flag_{db,
                "INSERT INTO flags (pair, seq, source, label, at, kept_until) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"},
      flag_report_{db, "UPDATE reports SET flagged = 1 WHERE id = ?1 AND flagged = 0"},
      account_{db, "SELECT provider, account FROM users WHERE id = ?1 AND account IS NOT NULL"},
      take_{db,
            "UPDATE consents SET count = count - 1 "
            "WHERE user = ?1 AND template = ?2 AND count > 0"},
      drop_used_up_{db, "DELETE FROM consents WHERE user = ?1 AND template = ?2 AND count <= 0"},
      drop_{db, "DELETE FROM consents WHERE user = ?1 AND template = ?2"},
      add_mask_{db, "INSERT INTO masks (pair, seq, digest) VALUES (?, ?, ?)"},
      drop_masks_{db, "DELETE FROM masks WHERE pair = ?1"} {}

void sqlite_moderation::apply(flag_text& asked) {
    add_flag_.run(asked.pair, asked.seq, asked.source, asked.label, asked.at, asked.kept_until);
}

void sqlite_moderation::apply(flag_report& asked) {
    flag_report_.run(asked.id);
}

void sqlite_moderation::apply(take_consent& asked) {
    {
        auto found = account_.query(asked.user);
        if (!found.next()) {
            return;
        }
        asked.from = found.as<provider>(0);
        asked.account = found.text(1);
    }
    const std::string& wanted = asked.templates.at(static_cast<std::size_t>(asked.from));
    asked.taken = !wanted.empty() && take_.run(asked.user, wanted) > 0;
    if (asked.taken) {
        drop_used_up_.run(asked.user, wanted);
    } else {
        asked.account.clear();
    }
}

void sqlite_moderation::apply(drop_consents& asked) {
    drop_.run(asked.user, asked.template_id);
}

void sqlite_moderation::add_mask(const message_row& row) {
    add_mask_.run(row.pair, row.seq, row.said);
}

void sqlite_moderation::drop_masks(pair_id pair) {
    drop_masks_.run(pair);
}

}  // namespace onechat::storage
