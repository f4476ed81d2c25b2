#include "storage/sqlite_retention.hpp"

#include "tests/storage/files.hpp"

#include <map>

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

// Many pairs that talk by turns, so that each page holds rows of all of them.
struct crowd {
    store_on_disk at;
    std::map<std::string, unix_ms> said;  // and when
    std::vector<live_pair> live;

    explicit crowd(int pairs = 40, int turns = 60) {
        for (int id = 1; id <= 2 * pairs; ++id) {
            at.add_user(id);
        }
        for (int n = 0; n < pairs; ++n) {
            live.push_back(done(*at.store, meeting(2 * n + 1, 2 * n + 2, 5000)).live);
        }
        unix_ms now = 5000;
        for (int turn = 0; turn < turns; ++turn) {
            for (live_pair& one : live) {
                if (at.random() % 3 != 0) {
                    std::string body = at.word(20 + at.random() % 200);
                    append row = text(one.pair.id, ++one.pair.last_seq, body);
                    row.row.at = ++now;
                    done(*at.store, row);
                    said[body] = now;
                }
            }
        }
    }
    // Events of all records.
    std::size_t found() {
        std::size_t count = 0;
        for (const live_pair& one : live) {
            count += events(*at.store, one.pair.id).size();
        }
        return count;
    }
    void check(unix_ms before) {
        std::size_t wrong = 0;
        const std::string database = content(at.file);
        const std::string log = content(at.file.string() + "-wal");
        for (const auto& [body, when] : said) {
            const bool held =
                database.find(body) != std::string::npos || log.find(body) != std::string::npos;
            wrong += held == (when >= before) ? 0 : 1;
        }
        CHECK(wrong == 0);
    }
};

}  // namespace

TEST_CASE("what is cut is in no file any more, and what stays is", "[sqlite_retention]") {
    crowd all;
    const unix_ms last = 5000 + static_cast<unix_ms>(all.said.size());
    for (const unix_ms before : {5400, 5900, 6400}) {
        REQUIRE(before < last);
        cut(*all.at.store, before, 37);
        purged(*all.at.store, 10'000);  // nothing of its own: it empties the log

        all.check(before);
    }
    CHECK(all.at.ask("PRAGMA integrity_check") == "ok");
    CHECK(std::stoul(all.at.ask("SELECT count(*) FROM messages")) == all.found());
}

TEST_CASE("events that have just come are cut as well as those that lie settled",
          "[sqlite_retention]") {
    crowd all{4, 10};
    CHECK(all.at.ask("SELECT count(*) FROM place_runs") == "0");

    cut(*all.at.store, 99'999);
    done(*all.at.store, text(all.live[0].pair.id, all.live[0].pair.last_seq + 1, "the next"));

    CHECK(all.at.ask("SELECT count(*) FROM messages") == "1");
    CHECK(all.found() == 1);
}

TEST_CASE("a look at a pair of which nothing is due costs the next step nothing",
          "[sqlite_retention]") {
    crowd all{2, 10};
    cut(*all.at.store, 99'999, 200, 100'000);
    CHECK(all.at.ask("SELECT count(*) FROM pairs WHERE oldest_at = 100000") == "2");
    for (live_pair& one : all.live) {
        done(*all.at.store, ending(one, one.pair.last_seq + 1, 100'500));
    }
    CHECK(cut(*all.at.store, 100'500, 200, 200'000).rows == 0);
    CHECK(cut(*all.at.store, 100'501, 200, 200'000).rows == 4);
    CHECK(all.at.ask("SELECT count(*) FROM pairs WHERE oldest_at > 0") == "0");
}
