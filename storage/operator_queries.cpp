#include "storage/operator_queries.hpp"

#include "storage/user_state.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

namespace onechat::storage {

namespace {

std::string select_users(const char* rest) {
    return std::string{
               "SELECT id, subject, provider, account, person, created, seen, "
               "ifnull((SELECT max(until) FROM bans WHERE bans.person = users.person), 0), "
               "EXISTS (SELECT 1 FROM reports WHERE reports.person = users.person "
               "AND resolved IS NULL AND mutes = 1), tokens_from FROM users WHERE "} +
           rest;
}

std::string select_reports(const char* rest) {
    return std::string{
               "SELECT id, reporter, target, pair, reason, note, nickname, at, kept_until, "
               "ifnull(resolved, 0), mutes, flagged FROM reports WHERE "} +
           rest;
}

report_entry read_report(const statement::rows& row) {
    return {.id = row.integer(0),
            .reporter = row.as<user_id>(1),
            .target = row.as<user_id>(2),
            .pair = row.as<pair_id>(3),
            .reason = row.as<std::uint8_t>(4),
            .note = row.text(5),
            .nickname = row.text(6),
            .at = row.integer(7),
            .kept_until = row.integer(8),
            .resolved = row.integer(9),
            .mutes = row.integer(10) != 0,
            .flagged = row.integer(11) != 0};
}

template <std::size_t Size>
void copy(bytes_view from, std::array<std::uint8_t, Size>& to) {
    std::copy_n(from.begin(), std::min(from.size(), Size), to.begin());
}

constexpr std::uint32_t named_max = 1000;

}  // namespace

operator_queries::operator_queries(database& db, queries& reads, standing_queries& standings)
    : reads_{reads},
      standings_{standings},
      user_{db, select_users("id = ?1")},
      users_{db, select_users("id < ?1 ORDER BY id DESC LIMIT ?2")},
      of_person_{db,
                 "SELECT id FROM users WHERE provider IN (0, 1, 2) AND person = ?1 "
                 "AND account IS NOT NULL AND id < ?2"},
      of_alias_{db,
                "SELECT user_one FROM pairs WHERE alias_one = ?1 AND user_one < ?2 "
                "UNION SELECT user_two FROM pairs WHERE alias_two = ?1 AND user_two < ?2 "
                "ORDER BY 1 DESC LIMIT ?3"},
      receipt_{db, "SELECT receipt FROM erasures WHERE user = ?1"},
      // Two halves, each in the order of its index of users.
      pairs_{db,
             "SELECT id FROM pairs WHERE user_one = ?1 AND id < ?2 "
             "UNION ALL SELECT id FROM pairs WHERE user_two = ?1 AND id < ?2 "
             "ORDER BY 1 DESC LIMIT ?3"},
      is_open_{db, "SELECT 1 FROM chats WHERE pair = ?1 AND ended IS NULL"},
      reports_{db, select_reports("id < ?1 AND (?2 IS NULL OR (resolved IS NULL) = ?2) "
                                  "ORDER BY id DESC LIMIT ?3")},
      report_{db, select_reports("id = ?1")},
      evidence_{db,
                "SELECT pair, seq, side, kind, at, ref, gone, body FROM evidence "
                "WHERE report = ?1 ORDER BY pair DESC, seq DESC LIMIT ?2"},
      open_reports_{db, "SELECT count(*) FROM reports WHERE resolved IS NULL"},
      erasure_{db,
               "SELECT receipt, user, at, until, ifnull(done_at, 0) FROM erasures "
               "WHERE receipt = ?1"},
      audit_{db,
             "SELECT id, at, who, act, target, why FROM audit WHERE id < ?1 "
             "ORDER BY id DESC LIMIT ?2"},
      tokens_{db, "SELECT name, role, digest, created, used FROM admin_tokens ORDER BY name"},
      // The index on the user ends with the row's id.
      access_{db,
              "SELECT id, address, port, at, action FROM access WHERE user = ?1 AND id < ?2 "
              "ORDER BY id DESC LIMIT ?3"},
      flags_{db,
             "SELECT id, pair, seq, source, label, at, kept_until FROM flags WHERE id < ?1 "
             "ORDER BY id DESC LIMIT ?2"} {}

user_row operator_queries::read_user(const statement::rows& row) {
    user_row user{.id = row.as<user_id>(0),
                  .name = {},
                  .from = row.as<provider>(2),
                  .account = row.text(3),
                  .person = queries::read_person(row.bytes(4)),
                  .created = row.integer(5),
                  .seen = row.integer(6),
                  .banned_until = row.integer(7),
                  .muted = row.integer(8) != 0,
                  .tokens_from = row.integer(9)};
    copy(row.bytes(1), user.name);
    return user;
}

bool operator_queries::take(list_users& asked, user_row&& user) {
    if (asked.state && !is_in(user, *asked.state, asked.now)) {
        return true;
    }
    if (asked.users.size() == asked.limit) {
        asked.more = true;
        return false;
    }
    asked.next = user.id;
    asked.users.push_back(std::move(user));
    return true;
}

void operator_queries::list(list_users& asked) {
    if (asked.only) {
        for (const user_id id : named(asked)) {
            auto found = user_.query(id);
            if (found.next() && !take(asked, read_user(found))) {
                return;
            }
        }
        return;
    }
    std::uint32_t seen = 0;
    user_id last{};
    auto found = users_.query(asked.before, users_scan_max);
    while (found.next()) {
        user_row user = read_user(found);
        last = user.id;
        if (!take(asked, std::move(user))) {
            return;
        }
        seen += 1;
    }
    if (seen == users_scan_max) {
        asked.more = true;
        asked.next = last;
    }
}

std::vector<user_id> operator_queries::named(const list_users& asked) {
    std::vector<user_id> ids;
    if (asked.only->id && *asked.only->id < asked.before) {
        ids.push_back(*asked.only->id);
    }
    for (const person_key& person : asked.only->persons) {
        auto found = of_person_.query(person, asked.before);
        while (found.next()) {
            ids.push_back(found.as<user_id>(0));
        }
    }
    if (!asked.only->alias.empty()) {
        auto found = of_alias_.query(asked.only->alias, asked.before, named_max);
        while (found.next()) {
            ids.push_back(found.as<user_id>(0));
        }
    }
    std::ranges::sort(ids, std::ranges::greater{});
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

void operator_queries::describe(describe_user& asked) {
    {
        auto found = user_.query(asked.user);
        if (!found.next()) {
            return;
        }
        asked.row = read_user(found);
    }
    {
        auto found = receipt_.query(asked.user);
        asked.receipt = found.next() ? found.text(0) : std::string{};
    }
    find_bans bans{.user = asked.user, .limit = asked.bans_max, .bans = {}};
    standings_.bans(bans);
    asked.bans = std::move(bans.bans);
}

void operator_queries::list(list_pairs_of& asked) {
    {
        auto found = user_.query(asked.user);
        asked.known = found.next();
    }
    std::vector<pair_id> ids;
    {
        auto found = pairs_.query(asked.user, asked.before, std::int64_t{asked.limit} + 1);
        while (found.next()) {
            ids.push_back(found.as<pair_id>(0));
        }
    }
    for (const pair_id id : ids) {
        if (asked.pairs.size() == asked.limit) {
            asked.more = true;
            return;
        }
        if (auto pair = reads_.bare_pair(id)) {
            asked.pairs.push_back(*std::move(pair));
        }
    }
}

void operator_queries::find(find_record& asked) {
    asked.row = reads_.bare_pair(asked.pair);
    if (!asked.row) {
        return;
    }
    {
        auto found = is_open_.query(asked.pair);
        asked.live = found.next();
    }
    find_events page{.pair = asked.pair,
                     .before = asked.before,
                     .limit = asked.limit,
                     .bytes_max = asked.bytes_max,
                     .events = {}};
    reads_.page(page);
    asked.events = std::move(page.events);
    asked.more = page.more;
}

void operator_queries::list(list_reports& asked) {
    auto found = reports_.query(asked.before, asked.open, std::int64_t{asked.limit} + 1);
    while (found.next()) {
        if (asked.reports.size() == asked.limit) {
            asked.more = true;
            return;
        }
        asked.reports.push_back(read_report(found));
    }
}

void operator_queries::find(find_report& asked) {
    {
        auto found = report_.query(asked.id);
        if (!found.next()) {
            return;
        }
        asked.report = read_report(found);
    }
    {
        auto found = evidence_.query(asked.id, asked.evidence_max);
        while (found.next()) {
            asked.evidence.push_back({.pair = found.as<pair_id>(0),
                                      .seq = found.as<std::uint64_t>(1),
                                      .from = found.as<side>(2),
                                      .kind = found.as<event_kind>(3),
                                      .ref = found.as<std::uint64_t>(5),
                                      .gone = found.as<gone_reason>(6),
                                      .at = found.integer(4),
                                      .body = found.text(7)});
        }
    }
    std::ranges::reverse(asked.evidence);
    pair_id last{};
    for (const message_row& row : asked.evidence) {
        if (row.pair == std::exchange(last, row.pair)) {
            continue;
        }
        if (auto pair = reads_.bare_pair(row.pair)) {
            asked.pairs.push_back(*std::move(pair));
        }
    }
}

void operator_queries::count(count_open_reports& asked) {
    auto found = open_reports_.query();
    asked.open = found.next() ? found.as<std::uint64_t>(0) : 0;
}

void operator_queries::find(find_erasure& asked) {
    auto found = erasure_.query(asked.receipt);
    if (found.next()) {
        asked.erasure = {.receipt = found.text(0),
                         .user = found.as<user_id>(1),
                         .at = found.integer(2),
                         .sealed_until = found.integer(3),
                         .done_at = found.integer(4)};
    }
}

void operator_queries::list(list_access& asked) {
    auto found = access_.query(asked.user, asked.before, std::int64_t{asked.limit} + 1);
    while (found.next()) {
        if (asked.rows.size() == asked.limit) {
            asked.more = true;
            return;
        }
        access_row row{.id = found.integer(0),
                       .user = asked.user,
                       .port = found.as<std::uint16_t>(2),
                       .at = found.integer(3),
                       .action = found.as<access_action>(4)};
        const bytes_view address = found.bytes(1);
        std::copy_n(address.begin(), std::min(address.size(), row.address.size()),
                    row.address.begin());
        asked.rows.push_back(row);
    }
}

void operator_queries::list(list_flags& asked) {
    auto found = flags_.query(asked.before, std::int64_t{asked.limit} + 1);
    while (found.next()) {
        if (asked.flags.size() == asked.limit) {
            asked.more = true;
            return;
        }
        asked.flags.push_back({.id = found.integer(0),
                               .pair = found.as<pair_id>(1),
                               .seq = found.as<std::uint64_t>(2),
                               .source = found.as<flag_source>(3),
                               .label = found.as<std::uint32_t>(4),
                               .at = found.integer(5),
                               .kept_until = found.integer(6)});
    }
}

void operator_queries::list(list_audit& asked) {
    auto found = audit_.query(asked.before, std::int64_t{asked.limit} + 1);
    while (found.next()) {
        if (asked.rows.size() == asked.limit) {
            asked.more = true;
            return;
        }
        asked.rows.push_back({.id = found.integer(0),
                              .at = found.integer(1),
                              .who = found.text(2),
                              .act = found.text(3),
                              .target = found.text(4),
                              .why = found.text(5)});
    }
}

void operator_queries::list(list_admin_tokens& asked) {
    auto found = tokens_.query();
    while (found.next()) {
        admin_token_row token{.name = found.text(0),
                              .role = found.as<admin_role>(1),
                              .created = found.integer(3),
                              .used = found.integer(4)};
        copy(found.bytes(2), token.digest);
        asked.tokens.push_back(std::move(token));
    }
}

}  // namespace onechat::storage
