// What the tests of places ask of a database.
#pragma once

#include "storage/place_run.hpp"
#include "storage/sqlite.hpp"
#include "tests/support/catch.hpp"

#include <cstdint>
#include <string>

namespace onechat::storage::test {

inline std::int64_t number(database& db, const std::string& sql) {
    return std::stoll(db.ask(sql.c_str()));
}

// Places on disk that the condition fits.
inline std::int64_t settled(database& db, const std::string& which = "1") {
    statement all{db, "SELECT messages FROM place_runs WHERE " + which};
    auto found = all.query();
    std::int64_t count = 0;
    while (found.next()) {
        const auto run = unpack_run(found.text(0));
        REQUIRE(run);
        count += static_cast<std::int64_t>(run->size());
    }
    return count;
}

}  // namespace onechat::storage::test
