// How fast texts reach the disk, and at what cost in CPU: `storage_tests [.bench]`, in a release
// build, with TMPDIR on the disk that is asked about.
#include "storage/sqlite_store.hpp"
#include "tests/storage/samples.hpp"
#include "tests/support/temp_dir.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>

using namespace onechat::storage;
using namespace onechat::storage::test;

namespace {

double cpu_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

}  // namespace

TEST_CASE("appending texts to the disk", "[.bench]") {
    struct shape {
        std::size_t pairs;
        std::size_t rows_per_commit;
        std::size_t rows;
    };
    for (const shape& of :
         {shape{100, 1, 5'000}, shape{100, 100, 200'000}, shape{100, 1000, 500'000},
          shape{1000, 1000, 500'000}, shape{10'000, 1000, 500'000}, shape{1000, 4096, 500'000}}) {
        onechat::test::temp_dir dir;
        sqlite_store store{dir / "chat.db"};
        std::vector<pair_id> pairs;
        std::vector<std::uint64_t> seqs(of.pairs, 1);
        {
            std::vector<change> batch;
            for (std::size_t i = 0; i < of.pairs; ++i) {
                const auto one = static_cast<std::int64_t>(2 * i + 1);
                user_row left = user(one);
                user_row right = user(one + 1);
                for (std::size_t byte = 0; byte < 4; ++byte) {  // more users than one byte tells
                    left.name[byte] = left.person[byte] =
                        static_cast<std::uint8_t>(one >> (8 * byte));
                    right.name[byte] = right.person[byte] =
                        static_cast<std::uint8_t>((one + 1) >> (8 * byte));
                }
                batch.emplace_back(make_user{left});
                batch.emplace_back(make_user{right});
                batch.emplace_back(meeting(one, one + 1));
            }
            REQUIRE(store.commit(batch) == commit_result::done);
            for (const change& one : batch) {
                if (const auto* opened = std::get_if<open_chat>(&one)) {
                    pairs.push_back(opened->live.pair.id);
                }
            }
        }
        double cpu = 0;
        std::chrono::duration<double> wall{0};
        std::size_t next = 0;
        for (std::size_t done = 0; done < of.rows; done += of.rows_per_commit) {
            std::vector<change> batch;
            for (std::size_t i = 0; i < of.rows_per_commit; ++i) {
                next = (next + 7919) % of.pairs;
                batch.emplace_back(text(pairs[next], ++seqs[next], std::string(128, 'x')));
            }
            const double cpu_before = cpu_seconds();
            const auto before = std::chrono::steady_clock::now();
            REQUIRE(store.commit(batch) == commit_result::done);
            wall += std::chrono::steady_clock::now() - before;
            cpu += cpu_seconds() - cpu_before;
        }
        std::printf("%5zu pairs, %4zu rows per commit: %8.0f rows/s, %6.2f us CPU per row\n",
                    of.pairs, of.rows_per_commit, static_cast<double>(of.rows) / wall.count(),
                    cpu / static_cast<double>(of.rows) * 1e6);
    }
}

TEST_CASE("reading and overwriting records", "[.bench]") {
    onechat::test::temp_dir dir;
    sqlite_store store{dir / "chat.db", durability::normal};
    constexpr std::int64_t partners = 200;
    done(store, make_user{user(1)});
    std::vector<change> batch;
    for (std::int64_t i = 0; i < partners; ++i) {
        user_row partner = user(1000 + i);
        partner.name[0] = partner.person[0] = static_cast<std::uint8_t>(i);
        partner.name[1] = partner.person[1] = 7;
        done(store, make_user{partner});
        const auto live = done(store, meeting(1, 1000 + i)).live;
        for (std::uint64_t seq = 2; seq <= 500; ++seq) {
            auto said = text(live.pair.id, seq, std::string(128, 'x'));
            said.row.from = seq % 2 == 0 ? side::one : side::two;
            batch.emplace_back(said);
        }
        batch.emplace_back(ending(live, 501, 9000 + i));
    }
    REQUIRE(store.commit(batch) == commit_result::done);
    const auto timed = [](const char* what, int times, auto&& work) {
        using micro = std::chrono::duration<double, std::micro>;
        micro all{0};
        micro most{0};
        for (int i = 0; i < times; ++i) {
            const auto begun = std::chrono::steady_clock::now();
            work(i);
            const micro took = std::chrono::steady_clock::now() - begun;
            all += took;
            most = std::max(most, took);
        }
        std::printf("%-40s %9.1f us, at most %9.1f us\n", what, all.count() / times, most.count());
    };

    timed("find_events, 20 rows", 10'000, [&](int i) {
        const find_events asked{.pair = pair_id{1 + i % partners}, .before = 400, .events = {}};
        REQUIRE(answered(store, asked).events.size() == 20);
    });
    timed("find_history, 20 rows", 10'000, [&](int i) {
        const find_history asked{.name = "pair-1-" + std::to_string(1000 + i % partners),
                                 .user = user_id{1},
                                 .before = 400,
                                 .events = {}};
        REQUIRE(answered(store, asked).events.size() == 20);
    });
    timed("list_pairs, 20 of 200", 1000, [&](int) {
        const list_pairs asked{.user = user_id{1}, .before = {}, .pairs = {}};
        REQUIRE(answered(store, asked).pairs.size() == 20);
    });
    timed("find_own_texts, 100", 1000, [&](int i) {
        const find_own_texts asked{
            .user = user_id{1}, .pair = pair_id{1 + i % (partners - 1)}, .texts = {}};
        REQUIRE(answered(store, asked).texts.size() == 100);
    });
    timed("count_texts, a step of 5000", 200, [&](int i) {
        const count_texts asked{.user = user_id{1}, .pair = pair_id{1 + i % (partners / 2)}};
        REQUIRE(answered(store, asked).more);
    });
    timed("count_texts of 50,000 in 100,000 events", 5,
          [&](int) { REQUIRE(counted(store, 1).texts == 50'000); });
    timed("add_report, 50 events", 100,
          [&](int i) { done(store, reporting(1000 + i, "pair-1-" + std::to_string(1000 + i))); });
    timed("erase_user", 1, [&](int) { done(store, erasure(1)); });
    timed("purge, steps of 200", 300,
          [&](int) { done(store, purge{.now = 20'000, .completed = {}}); });
    REQUIRE_FALSE(done(store, purge{.now = 20'000, .completed = {}}).more);
}
