#include "storage/queries.hpp"

#include "storage/marks.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace onechat::storage {

namespace {

// The newest message counts while a chat is open, see the schema.
std::string select_bare_pair(const char* condition, const char* marks_one = "NULL",
                             const char* marks_two = "NULL", const char* joined = "") {
    return std::string{"SELECT pairs.id, name, "} +
           "user_one, alias_one, avatar_one, seen_one, cleared_one, " + marks_one +
           ", user_two, alias_two, avatar_two, seen_two, cleared_two, " + marks_two + R"sql(,
               first_seq, last_seq, last_at, met, newest.seq, newest.at, cut_epoch
        FROM pairs
        LEFT JOIN messages AS newest ON newest.id =
            (SELECT id FROM events WHERE pair = pairs.id ORDER BY seq DESC LIMIT 1)
        )sql" +
           joined + " WHERE " + condition;
}

std::string select_pair(const char* condition) {
    return select_bare_pair(condition, "marks.one", "marks.two",
                            "LEFT JOIN marks ON marks.pair = pairs.id");
}

std::string select_messages(const char* rest) {
    return std::string{
               "SELECT pair, seq, epoch, side, kind, cid, ref, reason, gone, at, body "
               "FROM events WHERE pair = ?1 AND "} +
           rest;
}

// With the body of a text that is gone: nothing read so leaves a store, except as a digest.
message_row read_sealed(const statement::rows& row) {
    return {.pair = row.as<pair_id>(0),
            .seq = row.as<std::uint64_t>(1),
            .epoch = row.integer(2),
            .from = row.as<side>(3),
            .kind = row.as<event_kind>(4),
            .cid = row.as<std::uint64_t>(5),
            .ref = row.as<std::uint64_t>(6),
            .reason = row.as<end_reason>(7),
            .gone = row.as<gone_reason>(8),
            .at = row.integer(9),
            .body = row.text(10)};
}

// Every other event that is read comes from here.
message_row read_message(const statement::rows& row, const erased_sides& erased) {
    message_row shown = read_sealed(row);
    hide(shown, erased);
    return shown;
}

// Callers say "no bound" with the largest unsigned number; SQLite's integers are signed.
std::int64_t bound(std::uint64_t seq) {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    return seq > static_cast<std::uint64_t>(most) ? most : static_cast<std::int64_t>(seq);
}

}  // namespace

queries::queries(database& db)
    : db_{db},
      user_{db,
            "SELECT id, provider, account, person, created, seen, "
            "ifnull((SELECT max(until) FROM bans WHERE bans.person = users.person), 0), "
            "EXISTS (SELECT 1 FROM reports WHERE reports.person = users.person "
            "AND resolved IS NULL AND mutes = 1), tokens_from "
            "FROM users WHERE subject = ?1"},
      subject_of_{db,
                  "SELECT subject FROM users "
                  "WHERE provider = ?1 AND person = ?2 AND account IS NOT NULL"},
      pair_by_id_{db, select_pair("pairs.id = ?1")},
      bare_pair_by_id_{db, select_bare_pair("pairs.id = ?1")},
      pair_by_name_{db, select_pair("name = ?1")},
      pair_by_users_{db, select_pair("user_one = ?1 AND user_two = ?2 "
                                     "AND cleared_one = 0 AND cleared_two = 0")},
      name_{db, "SELECT name FROM pairs WHERE id = ?1"},
      erased_{db,
              "SELECT one.account IS NULL, two.account IS NULL FROM pairs "
              "JOIN users AS one ON one.id = user_one JOIN users AS two ON two.id = user_two "
              "WHERE pairs.id = ?1"},
      marked_{db, "SELECT seq FROM marks WHERE pair = ?1"},
      masks_{db, "SELECT seq, digest FROM masks WHERE pair = ?1 AND seq > ?2"},
      texts_{db, select_messages("seq > ?2 AND kind = ?3 ORDER BY seq")},
      newest_{db, select_messages("seq > ?2 AND seq < ?3 ORDER BY seq DESC LIMIT ?4")},
      oldest_{db, select_messages("seq > ?2 AND seq < ?3 ORDER BY seq LIMIT ?4")},
      epoch_{db, "SELECT epoch FROM events WHERE pair = ?1 AND seq = ?2"} {}

std::optional<user_row> queries::user(const subject& name) {
    auto found = user_.query(name);
    if (!found.next()) {
        return std::nullopt;
    }
    return user_row{.id = found.as<user_id>(0),
                    .name = name,
                    .from = found.as<provider>(1),
                    .account = found.text(2),
                    .person = read_person(found.bytes(3)),
                    .created = found.integer(4),
                    .seen = found.integer(5),
                    .banned_until = found.integer(6),
                    .muted = found.integer(7) != 0,
                    .tokens_from = found.integer(8)};
}

std::optional<subject> queries::subject_of(provider from, const person_key& person) {
    auto found = subject_of_.query(from, person);
    return found.next() ? std::optional{read_person(found.bytes(0))} : std::nullopt;
}

person_key queries::read_person(bytes_view bytes) {
    person_key person{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), person.size()), person.begin());
    return person;
}

std::string queries::name(pair_id pair) {
    auto found = name_.query(pair);
    return found.next() ? found.text(0) : std::string{};
}

erased_sides queries::erased(pair_id pair) {
    auto found = erased_.query(pair);
    return found.next() ? erased_sides{found.integer(0) != 0, found.integer(1) != 0}
                        : erased_sides{};
}

std::vector<message_row> queries::unmarked(const pair_row& pair) {
    std::uint64_t after =
        pair.last_seq > unmarked_events_max ? pair.last_seq - unmarked_events_max : 0;
    {
        auto marked = marked_.query(pair.id);
        if (marked.next()) {
            after = std::max(after, marked.as<std::uint64_t>(0));
        }
    }
    std::vector<message_row> texts;
    auto found = texts_.query(pair.id, after, event_kind::text);
    while (found.next()) {
        texts.push_back(read_sealed(found));
    }
    auto masked = masks_.query(pair.id, after);
    while (masked.next()) {
        const auto text = std::ranges::find(texts, masked.as<std::uint64_t>(0), &message_row::seq);
        if (text != texts.end()) {
            text->said = masked.as<std::uint64_t>(1);
        }
    }
    return texts;
}

std::vector<message_row> queries::newest(pair_id pair, std::uint32_t limit) {
    find_events asked{.pair = pair, .limit = limit, .bytes_max = SIZE_MAX, .events = {}};
    page(asked);
    return std::move(asked.events);
}

void queries::page(find_events& asked, const erased_sides& erased) {
    asked.events.clear();
    asked.more = false;
    std::size_t bytes = 0;
    auto found = (asked.newest ? newest_ : oldest_)
                     .query(asked.pair, bound(asked.after), bound(asked.before),
                            std::int64_t{asked.limit} + 1);
    while (found.next()) {
        message_row row = read_message(found, erased);
        const bool full = asked.events.size() == asked.limit ||
                          (!asked.events.empty() && row.body.size() > asked.bytes_max - bytes);
        if (full) {
            asked.more = true;
            break;
        }
        bytes = std::min(asked.bytes_max, bytes + row.body.size());
        asked.events.push_back(std::move(row));
    }
    if (asked.newest) {
        std::ranges::reverse(asked.events);
    }
}

// Epochs only rise, and so they do along a pair's events: a binary search answers with a few
// look-ups where a scan could read the whole pair for a client that names an ancient epoch. Of what
// was cut only the newest epoch is known: whoever names an older one is told to keep nothing.
std::uint64_t queries::keep(const pair_row& pair, std::uint64_t seq, std::int64_t epoch) {
    const std::uint64_t cut = pair.first_seq - 1;
    const std::uint64_t kept_of_cut = pair.cut_epoch <= epoch ? std::min(seq, cut) : 0;
    std::uint64_t low = cut;  // in the epoch or earlier, or before all events
    std::uint64_t high = std::min(seq, pair.last_seq);
    while (low < high) {
        // The likely answer is the newest event: look there first, then halve.
        const std::uint64_t middle =
            high == std::min(seq, pair.last_seq) ? high : low + (high - low + 1) / 2;
        auto found = epoch_.query(pair.id, middle);
        if (found.next() && found.integer(0) <= epoch) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low == cut ? kept_of_cut : low;
}

pair_row queries::read_pair(const statement::rows& row) {
    const auto seat = [&](int first) {
        return seat_row{.user = row.as<user_id>(first),
                        .alias = row.text(first + 1),
                        .avatar = row.text(first + 2),
                        .seen = row.as<std::uint64_t>(first + 3),
                        .cleared = row.integer(first + 4) != 0,
                        .marks = row.null(first + 5) ? std::vector<cid_mark>{}
                                                     : read_marks(row.bytes(first + 5))};
    };
    pair_row pair{.id = row.as<pair_id>(0),
                  .name = row.text(1),
                  .seats = {seat(2), seat(8)},
                  .first_seq = row.as<std::uint64_t>(14),
                  .cut_epoch = row.integer(20),
                  .last_seq = row.as<std::uint64_t>(15),
                  .last_at = row.integer(16),
                  .met = row.as<std::uint32_t>(17)};
    if (!row.null(18) && row.as<std::uint64_t>(18) > pair.last_seq) {
        pair.last_seq = row.as<std::uint64_t>(18);
        pair.last_at = row.integer(19);
    }
    return pair;
}

std::vector<cid_mark> queries::read_marks(bytes_view bytes) {
    auto marks = unpack_marks(bytes);
    if (!marks) {
        db_.fail(fault::lost, "the marks of a pair are damaged");
        return {};
    }
    return *std::move(marks);
}

}  // namespace onechat::storage
