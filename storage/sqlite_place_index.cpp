#include "storage/sqlite_place_index.hpp"

#include "storage/place_run.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>

namespace onechat::storage {

namespace {

// A place may name a row that isn't there (any more, or yet), or is another event's: see
// fresh_places.hpp.
constexpr const char* view = R"sql(
CREATE TEMP VIEW events AS
    SELECT place.pair, place.seq, id, epoch, side, kind, cid, ref, reason, gone, at, body
    FROM places AS place CROSS JOIN messages
    ON messages.id = place.message AND messages.pair = place.pair AND messages.seq = place.seq
)sql";

enum column : int { pair_column, seq_column, message_column };

// How a query is answered, as SQLite hands it from best_index to filter.
enum plan : int { falling = 1 };

// Bounds of seq, as SQLite's operators have them.
struct bound {
    unsigned char op;
    std::int64_t value;
};

struct table : sqlite3_vtab {
    sqlite_place_index* index;
};

struct cursor : sqlite3_vtab_cursor {
    pair_id pair{};
    std::uint64_t low = 1;
    std::uint64_t high = 0;
    bool rising = true;
    sqlite_place_index::run known;
    std::optional<place> at;

    [[nodiscard]] sqlite_place_index& index() const {
        return *static_cast<const table*>(pVtab)->index;
    }
    void begin() { move_to(rising ? low : high); }
    void next() { move_to(rising ? at->seq + 1 : at->seq - 1); }
    void move_to(std::uint64_t seq) {
        at.reset();
        if (seq >= low && seq <= high) {
            at = rising ? index().at_or_after(pair, seq, known)
                        : index().at_or_before(pair, seq, known);
        }
    }
    [[nodiscard]] bool ended() const { return !at || at->seq < low || at->seq > high; }
};

// Nothing may be thrown through SQLite's C.
template <typename Act>
int guarded(Act&& act) {
    try {
        return act();
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    }
}

int connect(sqlite3* db, void* index, int, const char* const*, sqlite3_vtab** made, char**) {
    if (const int code =
            sqlite3_declare_vtab(db, "CREATE TABLE x (pair INTEGER, seq INTEGER, message INTEGER)");
        code != SQLITE_OK) {
        return code;
    }
    // Views may ask it although the schema isn't trusted: it does nothing but answer.
    if (const int code = sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS); code != SQLITE_OK) {
        return code;
    }
    return guarded([&] {
        auto one = std::make_unique<table>();
        one->index = static_cast<sqlite_place_index*>(index);
        *made = one.release();
        return SQLITE_OK;
    });
}

int disconnect(sqlite3_vtab* one) {
    delete static_cast<table*>(one);
    return SQLITE_OK;
}

bool bounds_seq(unsigned char op) {
    return op == SQLITE_INDEX_CONSTRAINT_EQ || op == SQLITE_INDEX_CONSTRAINT_GT ||
           op == SQLITE_INDEX_CONSTRAINT_GE || op == SQLITE_INDEX_CONSTRAINT_LT ||
           op == SQLITE_INDEX_CONSTRAINT_LE;
}

// The pair is the first argument; then come bounds of seq, whose operators are the plan's string.
int best_index(sqlite3_vtab*, sqlite3_index_info* info) {
    constexpr int pair_argument = 1;
    int arguments = pair_argument;
    bool by_pair = false;
    std::array<char, 9> operators{};
    const std::span constraints{info->aConstraint, static_cast<std::size_t>(info->nConstraint)};
    const std::span usages{info->aConstraintUsage, constraints.size()};
    for (std::size_t i = 0; i < constraints.size(); ++i) {
        const auto& one = constraints[i];
        if (one.usable == 0) {
            continue;
        }
        if (one.iColumn == pair_column && one.op == SQLITE_INDEX_CONSTRAINT_EQ && !by_pair) {
            by_pair = true;
            usages[i] = {.argvIndex = pair_argument, .omit = 1};
        } else if (one.iColumn == seq_column && bounds_seq(one.op) &&
                   static_cast<std::size_t>(arguments) < operators.size()) {
            operators[static_cast<std::size_t>(arguments - pair_argument)] =
                static_cast<char>(one.op);
            usages[i] = {.argvIndex = ++arguments, .omit = 0};  // numbers that are no integers
        }
    }
    if (!by_pair) {
        return SQLITE_CONSTRAINT;
    }
    if (info->nOrderBy == 1 && info->aOrderBy[0].iColumn == seq_column) {
        info->orderByConsumed = 1;
        info->idxNum = info->aOrderBy[0].desc != 0 ? plan::falling : 0;
    }
    info->idxStr = sqlite3_mprintf("%s", operators.data());
    if (info->idxStr == nullptr) {
        return SQLITE_NOMEM;
    }
    info->needToFreeIdxStr = 1;
    info->estimatedCost = 10;
    info->estimatedRows = 10;
    return SQLITE_OK;
}

int open_cursor(sqlite3_vtab*, sqlite3_vtab_cursor** made) {
    return guarded([&] {
        *made = std::make_unique<cursor>().release();
        return SQLITE_OK;
    });
}

int close_cursor(sqlite3_vtab_cursor* one) {
    delete static_cast<cursor*>(one);
    return SQLITE_OK;
}

void narrow(cursor& at, bound by) {
    // A seq begins at 1; SQLite's integers are signed.
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(by.value, 0));
    if (by.op == SQLITE_INDEX_CONSTRAINT_GT) {
        at.low = std::max(at.low, value + 1);
    }
    if (by.op == SQLITE_INDEX_CONSTRAINT_GE || by.op == SQLITE_INDEX_CONSTRAINT_EQ) {
        at.low = std::max(at.low, value);
    }
    if (by.op == SQLITE_INDEX_CONSTRAINT_LT) {
        at.high = std::min(at.high, value == 0 ? 0 : value - 1);
    }
    if (by.op == SQLITE_INDEX_CONSTRAINT_LE || by.op == SQLITE_INDEX_CONSTRAINT_EQ) {
        at.high = std::min(at.high, value);
    }
}

// What failed below is known to the connection already.
int outcome(const cursor& at) {
    return at.index().failed() ? SQLITE_ABORT : SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* one, int how, const char* operators, int count,
           sqlite3_value** values) {
    auto& at = *static_cast<cursor*>(one);
    const std::span arguments{values, static_cast<std::size_t>(count)};
    const auto is_integer = [](sqlite3_value* given) {
        return sqlite3_value_type(given) == SQLITE_INTEGER;
    };
    at.pair = pair_id{sqlite3_value_int64(arguments[0])};
    at.low = 1;
    at.high = is_integer(arguments[0]) ? std::numeric_limits<std::int64_t>::max() : 0;
    at.rising = (how & plan::falling) == 0;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        if (is_integer(arguments[i])) {
            narrow(at, {.op = static_cast<unsigned char>(operators[i - 1]),
                        .value = sqlite3_value_int64(arguments[i])});
        }
    }
    return guarded([&] {
        at.known = {};  // of an earlier moment
        at.begin();
        return outcome(at);
    });
}

int next(sqlite3_vtab_cursor* one) {
    return guarded([&] {
        auto& at = *static_cast<cursor*>(one);
        at.next();
        return outcome(at);
    });
}

int ended(sqlite3_vtab_cursor* one) {
    return static_cast<const cursor*>(one)->ended() ? 1 : 0;
}

int read_column(sqlite3_vtab_cursor* one, sqlite3_context* to, int number) {
    const place& at = *static_cast<const cursor*>(one)->at;
    switch (number) {
        case pair_column:
            sqlite3_result_int64(to, static_cast<std::int64_t>(at.pair));
            break;
        case seq_column:
            sqlite3_result_int64(to, static_cast<std::int64_t>(at.seq));
            break;
        default:
            sqlite3_result_int64(to, at.message);
            break;
    }
    return SQLITE_OK;
}

int read_rowid(sqlite3_vtab_cursor* one, sqlite3_int64* to) {
    *to = static_cast<const cursor*>(one)->at->message;
    return SQLITE_OK;
}

// Without xCreate: every connection has the table, under the module's name.
constexpr sqlite3_module place_table = [] {
    sqlite3_module made{};
    made.xConnect = connect;
    made.xDisconnect = disconnect;
    made.xBestIndex = best_index;
    made.xOpen = open_cursor;
    made.xClose = close_cursor;
    made.xFilter = filter;
    made.xNext = next;
    made.xEof = ended;
    made.xColumn = read_column;
    made.xRowid = read_rowid;
    return made;
}();

}  // namespace

// In the order of `last`, which is also that of all places of a pair.
sqlite_place_index::sqlite_place_index(database& db, const fresh_places& fresh)
    : db_{db},
      fresh_{fresh},
      ending_from_{db,
                   "SELECT last, messages FROM place_runs WHERE pair = ?1 AND last >= ?2 "
                   "ORDER BY last LIMIT 1"},
      ending_before_{db,
                     "SELECT last, messages FROM place_runs WHERE pair = ?1 AND last < ?2 "
                     "ORDER BY last DESC LIMIT 1"} {
    db.add_module("places", place_table, this);
    db.run_or_throw(view);
}

std::optional<place> sqlite_place_index::at_or_after(pair_id pair, std::uint64_t seq, run& known) {
    if (!known.lies_before(pair, seq)) {
        if (known.covers(pair, seq) || read(ending_from_, pair, seq, known)) {
            return known.at(std::max(seq, known.first));
        }
        known = {.pair = pair, .first = seq, .messages = {}, .newest = true};
    }
    return failed() ? std::nullopt : fresh_.at_or_after(pair, seq);
}

// What is on disk of a pair is older than what is only fresh; a place that is both is told from the
// disk.
std::optional<place> sqlite_place_index::at_or_before(pair_id pair, std::uint64_t seq, run& known) {
    if (!known.lies_before(pair, seq)) {
        if (known.covers(pair, seq)) {
            return known.at(seq);
        }
        const bool newest = !read(ending_from_, pair, seq, known);
        if (!newest && known.covers(pair, seq)) {
            return known.at(seq);
        }
        if (!read(ending_before_, pair, seq, known)) {
            known = {.pair = pair, .messages = {}};
        }
        known.newest = newest;
    }
    if (failed()) {
        return std::nullopt;
    }
    const auto fresh = fresh_.at_or_before(pair, seq);
    if (!known.messages.empty() && (!fresh || fresh->seq < known.end())) {
        return known.at(known.end() - 1);
    }
    return fresh;
}

bool sqlite_place_index::read(statement& from, pair_id pair, std::uint64_t seq, run& to) {
    auto found = from.query(pair, seq);
    if (!found.next()) {
        return false;
    }
    const auto last = found.as<std::uint64_t>(0);
    auto messages = unpack_run(found.text(1));
    if (!messages || messages->size() > last) {
        db_.fail(fault::lost, damaged_run);
        return false;
    }
    to = {.pair = pair, .first = last - messages->size() + 1, .messages = *std::move(messages)};
    return true;
}

}  // namespace onechat::storage
