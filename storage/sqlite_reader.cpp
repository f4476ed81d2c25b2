#include "storage/sqlite_reader.hpp"

#include "storage/forget.hpp"

#include <utility>
#include <variant>

namespace onechat::storage {

namespace {

// 4 MiB: history is read in short stretches, mostly near the end, which the page cache of the
// system holds anyway.
constexpr const char* settings =
    "PRAGMA mmap_size = 0; PRAGMA cache_size = -4096; "
    "PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;";

database& prepared(database& db) {
    db.run_or_throw(settings);
    return db;
}

}  // namespace

sqlite_reader::sqlite_reader(const std::filesystem::path& file, fresh_places& fresh)
    : fresh_{fresh},
      db_{file, database::access::read},
      index_{prepared(db_), fresh},
      reads_{db_},
      records_{db_, reads_},
      standings_{db_},
      operators_{db_, reads_, standings_} {
    // Not among the settings above: it refuses the index its view.
    db_.run_or_throw("PRAGMA query_only = ON");
}

bool sqlite_reader::answer(question& asked) {
    forget_answer(asked);
    bool answered = false;
    {
        // One snapshot, so that an answer made by several statements agrees with itself.
        const fresh_places::reading before{fresh_};
        transaction snapshot{db_, transaction::kind::read};
        std::visit([this](auto& one) { fill(one); }, asked);
        answered = snapshot.commit();
    }
    if (!answered) {
        forget_answer(asked);
        db_.forgive();
    }
    return answered;
}

void sqlite_reader::fill(find_keep& asked) {
    auto pair = reads_.pair(asked.name);
    if (!pair) {
        return;
    }
    const bool is_two = pair->seats[1].user == asked.user;
    const seat_row& seat = pair->seats[is_two ? 1 : 0];
    if (seat.user != asked.user || seat.cleared) {
        return;
    }
    asked.who = is_two ? side::two : side::one;
    asked.keep = reads_.keep(*pair, asked.seq, asked.epoch);
    asked.pair = *std::move(pair);
}

void sqlite_reader::fill(find_user& asked) {
    asked.user = reads_.user(asked.name);
    if (asked.user) {
        asked.blocked = records_.blocked(asked.user->id);
    }
}

}  // namespace onechat::storage
