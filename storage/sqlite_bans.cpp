#include "storage/sqlite_bans.hpp"

#include "storage/escalation.hpp"

#include <algorithm>
#include <string>

namespace onechat::storage {

namespace {

// A line of the log of bans.
std::string select_ban_lines(const char* condition) {
    return std::string{
               "SELECT person, since, (SELECT subject FROM users WHERE users.id = bans.user), "
               "until, level, lifted IS NOT NULL FROM bans "} +
           condition;
}

ban_line read_ban_line(const statement::rows& row) {
    ban_line line{.since = row.integer(1),
                  .until = row.integer(3),
                  .level = row.as<std::uint32_t>(4),
                  .lifted = row.integer(5) != 0};
    line.person = queries::read_person(row.bytes(0));
    line.name = queries::read_person(row.bytes(2));
    return line;
}

}  // namespace

sqlite_bans::sqlite_bans(database& db, record_queries& reads)
    : reads_{reads},
      count_{db, "SELECT count(*) FROM bans WHERE person = ?1 AND until > ?2 AND lifted IS NULL"},
      add_{db,
           "INSERT INTO bans (person, user, reason, by, since, until, level) "
           "VALUES (?, ?, ?, ?, ?, ?, ?)"},
      longest_{db, "SELECT ifnull(max(until), 0) FROM bans WHERE person = ?1"},
      lift_{db, "UPDATE bans SET lifted = ?2, until = ?2 WHERE person = ?1 AND until > ?2"},
      resolve_{db, "UPDATE reports SET resolved = ?2 WHERE person = ?1 AND resolved IS NULL"},
      line_{db, select_ban_lines("WHERE id = last_insert_rowid()")},
      lifted_lines_{db, select_ban_lines("WHERE person = ?1 AND lifted = ?2")},
      all_lines_{db, select_ban_lines("ORDER BY id")},
      has_{db, "SELECT lifted FROM bans WHERE person = ?1 AND since = ?2 AND level = ?3"},
      user_of_{db, "SELECT id FROM users WHERE subject = ?1"},
      lift_again_{db,
                  "UPDATE bans SET lifted = ?4, until = ?4 "
                  "WHERE person = ?1 AND since = ?2 AND level = ?3"},
      serial_{db, "SELECT value FROM meta WHERE key = 'bans'"},
      keep_serial_{db, "INSERT OR REPLACE INTO meta (key, value) VALUES ('bans', ?1)"} {}

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
    {
        auto added = line_.query();
        note(added);
    }
    auto longest = longest_.query(*person);
    asked.until = longest.next() ? longest.integer(0) : 0;
    asked.person = *person;
    asked.known = true;
}

void sqlite_bans::apply(lift_ban& asked) {
    if (const auto person = person_of(asked.user)) {
        asked.lifted = static_cast<std::uint32_t>(lift_.run(*person, asked.at));
        auto lifted = lifted_lines_.query(*person, asked.at);
        note(lifted);
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

void sqlite_bans::note(statement::rows& found) {
    const std::int64_t serial = this->serial() + 1;
    keep_serial_.run(serial);
    while (found.next()) {
        changed_.push_back(read_ban_line(found));
        changed_.back().serial = serial;
    }
}

std::int64_t sqlite_bans::serial() {
    auto found = serial_.query();
    return found.next() ? found.integer(0) : 0;
}

std::vector<ban_line> sqlite_bans::all() {
    std::vector<ban_line> lines;
    const std::int64_t serial = this->serial();
    auto found = all_lines_.query();
    while (found.next()) {
        lines.push_back(read_ban_line(found));
        lines.back().serial = serial;
    }
    return lines;
}

std::size_t sqlite_bans::restore(std::span<const ban_line> lines, unix_ms now) {
    const std::int64_t known = serial();
    std::int64_t newest = known;
    std::size_t restored = 0;
    for (const ban_line& line : lines) {
        newest = std::max(newest, line.serial);
        if (line.serial > known && restore(line, now)) {
            restored += 1;
        }
    }
    if (newest > known) {
        keep_serial_.run(newest);
    }
    return restored;
}

bool sqlite_bans::restore(const ban_line& line, unix_ms now) {
    bool known = false;
    bool lifted = false;
    {
        auto found = has_.query(line.person, line.since, line.level);
        known = found.next();
        lifted = known && !found.null(0);
    }
    if (known) {
        const bool lifts = line.lifted && !lifted;
        return lifts && lift_again_.run(line.person, line.since, line.level, line.until) > 0;
    }
    if (line.until <= now) {
        return false;
    }
    user_id user{};
    {
        auto found = user_of_.query(line.name);
        user = found.next() ? found.as<user_id>(0) : user_id{};
    }
    return add_.run(line.person, user, "", "", line.since, line.until, line.level) > 0;
}

std::optional<person_key> sqlite_bans::person_of(user_id user) {
    const auto found = reads_.who(user);
    return found.forgotten() ? std::nullopt : std::optional{found.person};
}

}  // namespace onechat::storage
