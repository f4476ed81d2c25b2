#include "storage/sqlite_bans.hpp"

#include "storage/escalation.hpp"

namespace onechat::storage {

sqlite_bans::sqlite_bans(database& db, record_queries& reads)
    : reads_{reads},
      count_{db, "SELECT count(*) FROM bans WHERE person = ?1 AND until > ?2 AND lifted IS NULL"},
      add_{db,
           "INSERT INTO bans (person, user, reason, by, since, until, level) "
           "VALUES (?, ?, ?, ?, ?, ?, ?)"},
      longest_{db, "SELECT ifnull(max(until), 0) FROM bans WHERE person = ?1"},
      lift_{db, "UPDATE bans SET lifted = ?2, until = ?2 WHERE person = ?1 AND until > ?2"},
      resolve_{db, "UPDATE reports SET resolved = ?2 WHERE person = ?1 AND resolved IS NULL"} {}

void sqlite_bans::apply(ban_person& asked) {
    const auto person = person_of(asked.user);
    if (!person) {
        return;
    }
    {
        auto earlier = count_.query(*person, asked.counted_from);
        asked.level = (earlier.next() ? earlier.as<std::uint32_t>(0) : 0) + 1;
    }
    add_.run(*person, asked.user, asked.reason, asked.by, asked.at,
             ban_end(asked.at, asked.level, asked.terms), asked.level);
    auto longest = longest_.query(*person);
    asked.until = longest.next() ? longest.integer(0) : 0;
    asked.person = *person;
    asked.known = true;
}

void sqlite_bans::apply(lift_ban& asked) {
    if (const auto person = person_of(asked.user)) {
        asked.lifted = static_cast<std::uint32_t>(lift_.run(*person, asked.at));
        asked.person = *person;
        asked.known = true;
    }
}

void sqlite_bans::apply(resolve_reports& asked) {
    if (const auto person = person_of(asked.user)) {
        asked.resolved = static_cast<std::uint32_t>(resolve_.run(*person, asked.at));
        asked.person = *person;
        asked.known = true;
    }
}

std::optional<person_key> sqlite_bans::person_of(user_id user) {
    const auto found = reads_.who(user);
    return found.forgotten() ? std::nullopt : std::optional{found.person};
}

}  // namespace onechat::storage
