#include "storage/standing_queries.hpp"

namespace onechat::storage {

standing_queries::standing_queries(database& db)
    : bans_{db,
            "SELECT user, reason, by, since, until, level, lifted IS NOT NULL FROM bans "
            "WHERE user = ?1 ORDER BY since DESC, id DESC LIMIT ?2"},
      standing_{db,
                "SELECT ifnull((SELECT max(until) FROM bans WHERE person = ?1), 0), "
                "EXISTS (SELECT 1 FROM reports WHERE person = ?1 AND resolved IS NULL "
                "AND mutes = 1)"},
      count_{db,
             "SELECT (SELECT count(DISTINCT person) FROM bans WHERE until > ?1), "
             "(SELECT count(DISTINCT person) FROM reports WHERE resolved IS NULL AND mutes = 1)"} {}

void standing_queries::bans(find_bans& asked) {
    auto found = bans_.query(asked.user, asked.limit);
    while (found.next()) {
        asked.bans.push_back({.user = found.as<user_id>(0),
                              .reason = found.text(1),
                              .by = found.text(2),
                              .since = found.integer(3),
                              .until = found.integer(4),
                              .level = found.as<std::uint32_t>(5),
                              .lifted = found.integer(6) != 0});
    }
}

void standing_queries::find(find_standing& asked) {
    auto found = standing_.query(asked.person);
    if (found.next()) {
        asked.banned_until = found.integer(0);
        asked.muted = found.integer(1) != 0;
    }
}

void standing_queries::count(count_standings& asked) {
    auto found = count_.query(asked.now);
    if (found.next()) {
        asked.banned = found.as<std::uint64_t>(0);
        asked.muted = found.as<std::uint64_t>(1);
    }
}

}  // namespace onechat::storage
