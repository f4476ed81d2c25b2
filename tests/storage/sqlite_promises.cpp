// Promises over a restored backup: what was taken back or shut out since is so again.
#include "storage/sqlite_promises.hpp"

#include "storage/database_copy.hpp"
#include "tests/storage/files.hpp"

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

struct promised {
    store_on_disk at;
    pair_id pair{};
    std::int64_t epoch = 0;

    promised() {
        for (const int id : {1, 2, 3}) {
            done(*at.store, make_user{user(id)});
        }
        epoch = *at.store->begin_epoch(1000);
        const auto met = done(*at.store, meeting(1, 2));
        pair = met.live.pair.id;
        for (const std::uint64_t seq : {2U, 3U, 4U}) {
            done(*at.store, text(pair, seq, "words " + std::to_string(seq)));
        }
        done(*at.store, ending(met.live, 5));
    }
    void back_up() {
        at.store.reset();
        std::filesystem::copy_file(at.file, at.dir / "backup.db",
                                   std::filesystem::copy_options::overwrite_existing);
        at.reopen();
    }
    // As the start after a restore does.
    std::size_t restore(unix_ms now = 50'000) {
        at.store.reset();
        std::filesystem::copy_file(at.dir / "backup.db", at.file,
                                   std::filesystem::copy_options::overwrite_existing);
        raise_epoch(at.file, epoch);
        note_restored(at.file, now);
        at.reopen();
        return start(now);
    }
    std::size_t start(unix_ms now = 50'000) {
        epoch = *at.store->begin_epoch(now);
        return at.store->keep_promises(epoch, now);
    }
    gone_reason why(std::uint64_t seq) { return events(*at.store, pair).at(seq - 1).gone; }
    [[nodiscard]] std::string log() const { return content(at.dir / "promises.log"); }
    bool blocks(std::int64_t who, std::int64_t whom) {
        find_user asked;
        asked.name = user(who).name;
        const auto found = answered(*at.store, asked).blocked;
        return std::ranges::count(found, user(whom).person) > 0;
    }
};

}  // namespace

TEST_CASE("texts that were taken back after the backup are gone again", "[sqlite_promises]") {
    promised world;
    world.back_up();
    done(*world.at.store, recall(world.pair, 6, 2));
    done(*world.at.store, remove_texts{.pair = world.pair, .seq = 3, .epoch = 1, .at = 9'500});
    CHECK(world.log().find("words") == std::string::npos);

    CHECK(world.restore() == 2);

    CHECK(world.why(2) == gone_reason::recall);
    CHECK(world.why(3) == gone_reason::removed);
    CHECK(world.why(4) == gone_reason::none);
    const auto record = events(*world.at.store, world.pair);
    REQUIRE(record.size() == 7);
    CHECK(record[5].kind == event_kind::recall);  // whoever resumes is told, as at the first time
    CHECK(record[5].ref == 2);
    CHECK(record[5].from == side::one);
    CHECK(record[5].epoch == world.epoch);
    CHECK(record[6].gone == gone_reason::removed);
    done(*world.at.store, purge{.now = 50'000});
    CHECK_FALSE(world.at.holds("words 2"));
    CHECK(world.at.holds("words 4"));
}

TEST_CASE("what was told again stays told when the next commit fails", "[sqlite_promises]") {
    promised world;
    world.back_up();
    done(*world.at.store, recall(world.pair, 6, 2));
    REQUIRE(world.restore() == 1);

    std::vector<change> wrong{text(world.pair, 99)};
    REQUIRE(world.at.store->commit(wrong) == commit_result::refused);

    CHECK(seqs(events(*world.at.store, world.pair)) ==
          std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("blocks and what was cleared after the backup hold again", "[sqlite_promises]") {
    promised world;
    const auto other = done(*world.at.store, meeting(1, 3, 6000));
    done(*world.at.store, ending(other.live, 2));
    done(*world.at.store, blocking(1, "pair-1-3"));
    world.back_up();
    done(*world.at.store, blocking(2, "pair-1-2"));
    done(*world.at.store, blocking(1, "pair-1-3", false));
    done(*world.at.store, clearing(1, "pair-1-2"));

    CHECK(world.restore() == 3);

    CHECK(world.blocks(2, 1));
    CHECK_FALSE(world.blocks(1, 3));
    CHECK(world.at.ask("SELECT cleared_one FROM pairs WHERE name = 'pair-1-2'") == "1");
}

TEST_CASE("a block of two who met after the backup holds again", "[sqlite_promises]") {
    promised world;
    world.back_up();
    done(*world.at.store, meeting(2, 3, 6000));
    done(*world.at.store, blocking(3, "pair-2-3"));

    CHECK(world.restore() == 1);

    CHECK(world.blocks(3, 2));
}

TEST_CASE("a text that was said after a restore is not taken for one before it",
          "[sqlite_promises]") {
    promised world;
    world.back_up();
    const auto again = done(*world.at.store, meeting(1, 2, 9'500));
    done(*world.at.store, text(world.pair, 7, "first", world.epoch));
    done(*world.at.store, recall(world.pair, 8, 7));
    CHECK(world.restore() == 0);
    done(*world.at.store, meeting(1, 2, 60'000));
    done(*world.at.store, text(world.pair, 7, "second", world.epoch));
    world.back_up();

    CHECK(world.restore(70'000) == 0);

    CHECK(world.why(7) == gone_reason::none);
}

TEST_CASE("without a restore nothing is done again", "[sqlite_promises]") {
    promised world;
    done(*world.at.store, blocking(2, "pair-1-2"));
    const auto known = world.log();
    world.at.reopen();
    {
        database db{world.at.file, database::access::write};
        db.run_or_throw("DELETE FROM blocks");
    }

    CHECK(world.start() == 0);

    CHECK_FALSE(world.blocks(2, 1));
    CHECK(world.log() == known);
}

TEST_CASE("what changes nothing, and what is only said, leaves no line", "[sqlite_promises]") {
    promised world;
    CHECK(world.log().empty());
    done(*world.at.store, recall(world.pair, 6, 2));
    done(*world.at.store, blocking(2, "pair-1-2"));
    const auto known = world.log();

    done(*world.at.store, recall(world.pair, 7, 2));
    done(*world.at.store, blocking(2, "pair-1-2"));
    done(*world.at.store, blocking(1, "pair-1-2", false));

    CHECK(world.log() == known);
}

TEST_CASE("a promise whose line could not be written is in the log later", "[sqlite_promises]") {
    promised world;
    std::filesystem::create_directory(world.at.dir / "promises.log");
    done(*world.at.store, blocking(2, "pair-1-2"));
    CHECK(world.at.store->logs_behind());
    std::filesystem::remove(world.at.dir / "promises.log");

    done(*world.at.store, mark_seen{.pair = world.pair, .who = side::one, .seq = 2});

    CHECK_FALSE(world.at.store->logs_behind());
    CHECK(world.log().starts_with("b "));
}
