#include "storage/record_queries.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace onechat::storage {

namespace {

// Stands for "no bound" in a comparison.
constexpr auto any = std::numeric_limits<std::int64_t>::max();

// Two halves in the order of their indexes, which SQLite merges row by row: a page of the list
// reads about as many pairs as it shows. Row values begin the range in the middle of equal times.
constexpr const char* select_listed =
    "SELECT id, listed_at FROM pairs WHERE user_one = ?1 AND cleared_one = 0 AND listed_at > 0 "
    "AND (listed_at, id) < (?2, ?3) "
    "UNION ALL "
    "SELECT id, listed_at FROM pairs WHERE user_two = ?1 AND cleared_two = 0 AND listed_at > 0 "
    "AND (listed_at, id) < (?2, ?3) "
    "ORDER BY listed_at DESC, id DESC";

// +id, so that nobody takes the whole table from that id on for the shorter way.
constexpr const char* select_pairs =
    "SELECT id, 0 FROM pairs WHERE user_one = ?1 AND +id >= ?2 "
    "UNION ALL "
    "SELECT id, 1 FROM pairs WHERE user_two = ?1 AND +id >= ?2 "
    "ORDER BY 1 LIMIT ?3";

// The inner limit ends the scan of a pair in which only the user themself went on talking.
constexpr const char* count_unseen =
    "SELECT count(*) FROM (SELECT 1 FROM "
    "(SELECT seq, side, kind, gone FROM events WHERE pair = ?1 AND seq > ?2 "
    "ORDER BY seq DESC LIMIT 1000) ";

}  // namespace

record_queries::record_queries(database& db, queries& reads)
    : reads_{reads},
      seat_{db,
            "SELECT id, user_one, cleared_one, user_two, cleared_two FROM pairs WHERE name = ?1"},
      who_{db, "SELECT person, account IS NULL FROM users WHERE id = ?1"},
      blocked_{db, "SELECT person FROM blocks WHERE user = ?1 ORDER BY person"},
      block_by_person_{db, "SELECT person FROM blocks WHERE user = ?1 AND person = ?2"},
      block_by_pair_{db, "SELECT person FROM blocks WHERE user = ?1 AND pair = ?2"},
      pairs_{db, select_pairs},
      listed_{db, select_listed},
      unseen_{statement{db, std::string{count_unseen} +
                                "WHERE side = 1 AND kind = 0 AND gone = 0 LIMIT ?3)"},
              statement{db, std::string{count_unseen} +
                                "WHERE side = 0 AND kind = 0 AND gone = 0 LIMIT ?3)"}},
      // Those that an erasure took were still to be read before it.
      texts_{db,
             "SELECT count(*), ifnull(sum(side = ?3 AND kind = 0 AND gone IN (0, 2)), 0), "
             "ifnull(max(seq), 0) FROM (SELECT seq, side, kind, gone FROM events "
             "WHERE pair = ?1 AND seq > ?2 ORDER BY seq LIMIT ?4)"} {}

std::optional<record_queries::seat> record_queries::find(std::string_view name, user_id user) {
    auto found = seat_.query(name);
    if (!found.next()) {
        return std::nullopt;
    }
    const auto one = found.as<user_id>(1);
    const auto two = found.as<user_id>(3);
    if (user == one) {
        return seat{found.as<pair_id>(0), side::one, found.integer(2) != 0, two};
    }
    if (user == two) {
        return seat{found.as<pair_id>(0), side::two, found.integer(4) != 0, one};
    }
    return std::nullopt;
}

record_queries::identity record_queries::who(user_id user) {
    auto found = who_.query(user);
    if (!found.next()) {
        return {.person = {}, .erased = true};
    }
    return {.person = queries::read_person(found.bytes(0)), .erased = found.integer(1) != 0};
}

std::vector<person_key> record_queries::blocked(user_id user) {
    std::vector<person_key> blocked;
    auto found = blocked_.query(user);
    while (found.next()) {
        blocked.push_back(queries::read_person(found.bytes(0)));
    }
    return blocked;
}

// Once the partner's key is overwritten the block is still known by the pair it was made in.
std::optional<person_key> record_queries::block_on(user_id user, const identity& partner,
                                                   pair_id pair) {
    if (partner.forgotten()) {
        auto found = block_by_pair_.query(user, pair);
        return found.next() ? std::optional{queries::read_person(found.bytes(0))} : std::nullopt;
    }
    auto found = block_by_person_.query(user, partner.person);
    return found.next() ? std::optional{partner.person} : std::nullopt;
}

std::vector<record_queries::own_pair> record_queries::pairs_of(user_id user, pair_id from,
                                                               std::uint32_t limit) {
    std::vector<own_pair> pairs;
    auto found = pairs_.query(user, from, limit);
    while (found.next()) {
        pairs.push_back({found.as<pair_id>(0), found.as<side>(1)});
    }
    return pairs;
}

void record_queries::history(find_history& asked) {
    const auto place = find(asked.name, asked.user);
    if (!place || place->cleared) {
        return;
    }
    find_events page{.pair = place->pair,
                     .before = asked.before,
                     .limit = asked.limit,
                     .bytes_max = asked.bytes_max,
                     .events = {}};
    reads_.page(page);
    asked.found = true;
    asked.who = place->who;
    asked.events = std::move(page.events);
    asked.more = page.more;
}

void record_queries::list(list_pairs& asked) {
    unix_ms listed_at = any;
    pair_id id{any};
    if (asked.before) {
        listed_at = asked.before->listed_at;
        const auto place = find(asked.before->name, asked.user);
        id = place ? place->pair : pair_id{};
    }
    std::size_t bytes = 0;
    auto found = listed_.query(asked.user, listed_at, id);
    while (found.next()) {
        auto next = entry(found.as<pair_id>(0), asked.user);
        if (!next) {
            continue;
        }
        const std::size_t more = next->last.body.size();
        if (asked.pairs.size() == asked.limit ||
            (!asked.pairs.empty() && more > asked.bytes_max - bytes)) {
            asked.more = true;
            return;
        }
        bytes = std::min(asked.bytes_max, bytes + more);
        next->listed_at = found.integer(1);
        asked.pairs.push_back(*std::move(next));
    }
}

// None for a pair without events.
std::optional<listed_pair> record_queries::entry(pair_id pair, user_id user) {
    auto row = reads_.bare_pair(pair);
    if (!row) {
        return std::nullopt;
    }
    const side who = row->seats[0].user == user ? side::one : side::two;
    const seat_row& mine = row->seats[static_cast<std::size_t>(who)];
    const side other = who == side::one ? side::two : side::one;
    const auto partner = this->who(row->seats[static_cast<std::size_t>(other)].user);
    const erased_sides erased = reads_.erased(pair);
    // The last text is nearly always the event before the end; else it is looked for once more.
    std::vector<message_row> newest;
    const auto is_shown = [](const message_row& event) {
        return event.kind == event_kind::text && event.gone == gone_reason::none;
    };
    auto shown = newest.end();
    for (const std::uint32_t limit : {3U, 20U}) {
        find_events page{.pair = pair, .limit = limit, .bytes_max = SIZE_MAX, .events = {}};
        reads_.page(page, erased);
        newest = std::move(page.events);
        if (newest.empty()) {
            return std::nullopt;
        }
        std::ranges::reverse(newest);
        shown = std::ranges::find_if(newest, is_shown);
        if (newest.front().kind == event_kind::text || shown != newest.end()) {
            break;
        }
    }
    message_row last = newest.front();
    if (last.kind != event_kind::text && shown != newest.end()) {
        last.body = std::move(shown->body);
    }
    listed_pair listed{.pair = *std::move(row), .who = who, .last = std::move(last)};
    if (!partner.erased) {
        auto unseen = unseen_[static_cast<std::size_t>(who)].query(pair, mine.seen, unseen_max);
        listed.unseen = unseen.next() ? unseen.as<std::uint32_t>(0) : 0;
    }
    listed.blocked = block_on(user, partner, pair).has_value();
    return listed;
}

void record_queries::own_texts(find_own_texts& asked) {
    asked.next_pair = asked.pair;
    asked.next_seq = asked.seq;
    if (who(asked.user).erased) {
        return;
    }
    constexpr std::uint32_t pairs_max = 64;
    std::uint32_t scan = own_texts_scan_max;
    std::size_t bytes = 0;
    for (;;) {
        const auto pairs = pairs_of(asked.user, asked.next_pair, pairs_max);
        for (const own_pair& in : pairs) {
            if (in.id != asked.next_pair) {
                asked.next_pair = in.id;
                asked.next_seq = 0;
            }
            if (!add_own_texts(asked, in, scan, bytes)) {
                asked.more = true;
                return;
            }
            scan -= std::min(scan, 1U);
        }
        if (pairs.size() < pairs_max) {
            return;
        }
        asked.next_pair = pair_id{static_cast<std::int64_t>(asked.next_pair) + 1};
        asked.next_seq = 0;
    }
}

bool record_queries::add_own_texts(find_own_texts& asked, const own_pair& in, std::uint32_t& scan,
                                   std::size_t& bytes) {
    std::string name;
    for (bool more = true; more;) {
        if (scan == 0) {
            return false;
        }
        find_events page{.pair = in.id,
                         .after = asked.next_seq,
                         .limit = std::min(scan, 256U),
                         .bytes_max = 256 * 1024,
                         .newest = false,
                         .events = {}};
        reads_.page(page);
        for (message_row& event : page.events) {
            if (event.from == in.who && event.kind == event_kind::text &&
                event.gone == gone_reason::none) {
                const bool heavy =
                    !asked.texts.empty() && event.body.size() > asked.bytes_max - bytes;
                if (asked.texts.size() == asked.limit || heavy) {
                    return false;
                }
                if (name.empty()) {
                    name = reads_.name(in.id);
                }
                bytes = std::min(asked.bytes_max, bytes + event.body.size());
                asked.texts.push_back({.pair = in.id,
                                       .seq = event.seq,
                                       .name = name,
                                       .at = event.at,
                                       .body = std::move(event.body)});
            }
            asked.next_seq = event.seq;
            scan -= 1;
        }
        more = page.more;
    }
    return true;
}

void record_queries::count(count_texts& asked) {
    asked.next_pair = asked.pair;
    asked.next_seq = asked.seq;
    constexpr std::uint32_t pairs_max = 64;
    std::uint32_t scan = std::max(asked.rows_max, 1U);
    for (;;) {
        const auto pairs = pairs_of(asked.user, asked.next_pair, pairs_max);
        for (const own_pair& in : pairs) {
            if (in.id != asked.next_pair) {
                asked.next_pair = in.id;
                asked.next_seq = 0;
            }
            if (scan == 0) {
                asked.more = true;
                return;
            }
            auto found = texts_.query(in.id, asked.next_seq, in.who, scan);
            if (!found.next()) {
                return;
            }
            const auto rows = found.as<std::uint32_t>(0);
            asked.texts += found.as<std::uint64_t>(1);
            if (rows == scan) {
                asked.next_seq = found.as<std::uint64_t>(2);
                asked.more = true;
                return;
            }
            scan -= std::max(rows, 1U);  // so that many empty pairs have an end as well
        }
        if (pairs.size() < pairs_max) {
            return;
        }
        asked.next_pair = pair_id{static_cast<std::int64_t>(asked.next_pair) + 1};
        asked.next_seq = 0;
    }
}

}  // namespace onechat::storage
