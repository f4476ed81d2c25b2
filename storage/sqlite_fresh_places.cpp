#include "storage/sqlite_fresh_places.hpp"

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

// What is on disk of a place that is still here is told by `places`, which the transaction sees.
constexpr const char* views = R"sql(
CREATE TEMP VIEW fresh_events AS
    SELECT place.pair, place.seq, id, epoch, side, kind, cid, ref, reason, gone, at, body
    FROM fresh_places AS place CROSS JOIN messages
    ON messages.id = place.message AND messages.pair = place.pair AND messages.seq = place.seq;

CREATE TEMP VIEW events AS
    SELECT place.pair, place.seq, id, epoch, side, kind, cid, ref, reason, gone, at, body
    FROM places AS place CROSS JOIN messages ON messages.id = place.message
    UNION ALL
    SELECT pair, seq, id, epoch, side, kind, cid, ref, reason, gone, at, body FROM fresh_events
    WHERE NOT EXISTS (SELECT 1 FROM places
                      WHERE places.pair = fresh_events.pair AND places.seq = fresh_events.seq);
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
    const fresh_places* places;
};

struct cursor : sqlite3_vtab_cursor {
    pair_id pair{};
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    bool rising = true;
    std::optional<place> at;

    [[nodiscard]] const fresh_places& places() const {
        return *static_cast<const table*>(pVtab)->places;
    }
    void begin() {
        at = rising ? places().at_or_after(pair, low) : places().at_or_before(pair, high);
    }
    void next() {
        if (rising) {
            at = places().at_or_after(pair, at->seq + 1);
        } else {
            at = at->seq == 0 ? std::nullopt : places().at_or_before(pair, at->seq - 1);
        }
    }
    [[nodiscard]] bool ended() const { return !at || at->seq < low || at->seq > high; }
};

// Nothing may be thrown through SQLite's C.
template <typename Act>
int guarded(Act&& act) {
    try {
        act();
        return SQLITE_OK;
    } catch (const std::bad_alloc&) {
        return SQLITE_NOMEM;
    }
}

int connect(sqlite3* db, void* places, int, const char* const*, sqlite3_vtab** made, char**) {
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
        one->places = static_cast<const fresh_places*>(places);
        *made = one.release();
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
            usages[i] = {.argvIndex = ++arguments, .omit = 1};
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
    return guarded([&] { *made = std::make_unique<cursor>().release(); });
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

int filter(sqlite3_vtab_cursor* one, int how, const char* operators, int count,
           sqlite3_value** values) {
    auto& at = *static_cast<cursor*>(one);
    const std::span arguments{values, static_cast<std::size_t>(count)};
    at.pair = pair_id{sqlite3_value_int64(arguments[0])};
    at.low = 1;
    at.high = std::numeric_limits<std::int64_t>::max();
    at.rising = (how & plan::falling) == 0;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        narrow(at, {.op = static_cast<unsigned char>(operators[i - 1]),
                    .value = sqlite3_value_int64(arguments[i])});
    }
    return guarded([&] { at.begin(); });
}

int next(sqlite3_vtab_cursor* one) {
    return guarded([&] { static_cast<cursor*>(one)->next(); });
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
constexpr sqlite3_module module = [] {
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

void show_fresh_places(database& db, fresh_places& places) {
    db.add_module("fresh_places", module, &places);
    db.run_or_throw(views);
}

}  // namespace onechat::storage
