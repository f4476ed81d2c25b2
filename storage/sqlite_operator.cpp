#include "storage/sqlite_operator.hpp"

#include "storage/queries.hpp"

namespace onechat::storage {

sqlite_operator::sqlite_operator(database& db)
    : add_audit_{db, "INSERT INTO audit (at, who, act, target, why) VALUES (?, ?, ?, ?, ?)"},
      find_token_{db, "SELECT role FROM admin_tokens WHERE name = ?1"},
      count_tokens_{db, "SELECT count(*), ifnull(sum(role = 2), 0) FROM admin_tokens"},
      add_token_{db, "INSERT INTO admin_tokens (name, role, digest, created) VALUES (?, ?, ?, ?)"},
      drop_token_{db, "DELETE FROM admin_tokens WHERE name = ?1"},
      use_token_{db, "UPDATE admin_tokens SET used = ?2 WHERE name = ?1 AND used < ?2"},
      resolve_one_{db, "UPDATE reports SET resolved = ?2 WHERE id = ?1 AND resolved IS NULL"},
      resolve_all_{db,
                   "UPDATE reports SET resolved = ?2 WHERE resolved IS NULL "
                   "AND person = (SELECT person FROM reports WHERE id = ?1)"},
      reported_{
          db,
          "SELECT person, EXISTS (SELECT 1 FROM reports AS other "
          "WHERE other.person = reports.person AND other.resolved IS NULL AND other.mutes = 1) "
          "FROM reports WHERE id = ?1"} {}

void sqlite_operator::add(const audit_row& row) {
    add_audit_.run(row.at, row.who, row.act, row.target, row.why);
}

void sqlite_operator::apply(add_admin_token& asked) {
    const admin_token_row& token = asked.token;
    {
        auto same = find_token_.query(token.name);
        if (same.next()) {
            asked.result = token_change::taken;
            return;
        }
    }
    {
        auto count = count_tokens_.query();
        if (!count.next() || count.as<std::uint32_t>(0) >= asked.tokens_max) {
            asked.result = token_change::too_many;
            return;
        }
    }
    add_token_.run(token.name, token.role, bytes_view{token.digest}, token.created);
    asked.result = token_change::done;
}

void sqlite_operator::apply(drop_admin_token& asked) {
    bool owner = false;
    {
        auto found = find_token_.query(asked.name);
        if (!found.next()) {
            asked.result = token_change::unknown;
            return;
        }
        owner = found.as<admin_role>(0) == admin_role::owner;
    }
    if (owner) {
        auto count = count_tokens_.query();
        if (!count.next() || count.integer(1) < 2) {
            asked.result = token_change::last_owner;
            return;
        }
    }
    drop_token_.run(asked.name);
    asked.result = token_change::done;
}

void sqlite_operator::apply(note_token_used& asked) {
    use_token_.run(asked.name, asked.at);
}

void sqlite_operator::apply(resolve_report& asked) {
    const int changed = (asked.person ? resolve_all_ : resolve_one_).run(asked.id, asked.at);
    asked.resolved = static_cast<std::uint32_t>(changed);
    auto found = reported_.query(asked.id);
    asked.known = found.next();
    if (asked.known) {
        asked.person_reported = queries::read_person(found.bytes(0));
        asked.muted = found.integer(1) != 0;
    }
}

}  // namespace onechat::storage
