#include "storage/promise_log.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <fstream>
#include <vector>

using namespace onechat::storage;
using onechat::test::temp_dir;

namespace {

constexpr unix_ms day = 86'400'000;

promise_line gone_at(unix_ms at, std::uint64_t seq = 3) {
    return {.what = promise::gone,
            .at = at,
            .pair = "AAAAAAAAAAAAAAA-",
            .seq = seq,
            .epoch = 7,
            .why = gone_reason::removed};
}

promise_line blocked_at(unix_ms at) {
    promise_line line{.what = promise::block, .at = at, .pair = "BBBBBBBBBBBBBBB_"};
    line.user.fill(5);
    line.person.fill(6);
    return line;
}

std::vector<promise_line> all_lines(const promise_log& log) {
    std::vector<promise_line> all;
    log.read([&](const promise_line& line) { all.push_back(line); });
    return all;
}

}  // namespace

TEST_CASE("what was promised is read as it was written, in its order", "[promise_log]") {
    const temp_dir dir;
    const promise_log log{dir / "promises.log"};
    CHECK(all_lines(log).empty());
    auto unblocked = blocked_at(9);
    unblocked.what = promise::unblock;
    auto cleared = blocked_at(10);
    cleared.what = promise::clear;

    CHECK(log.append(std::array{gone_at(7), blocked_at(8)}));
    CHECK(log.append(std::array{unblocked, cleared}));

    CHECK(all_lines(log) == std::vector{gone_at(7), blocked_at(8), unblocked, cleared});
}

TEST_CASE("no beginning of a line of the log of promises passes for one", "[promise_log]") {
    const temp_dir dir;
    for (const auto& line : {gone_at(7), blocked_at(8)}) {
        const promise_log whole{dir / "whole"};
        CHECK(whole.append(std::array{line}));
        std::ifstream in{dir / "whole"};
        std::string text;
        std::getline(in, text);
        for (std::size_t size = 0; size < text.size(); ++size) {
            std::ofstream{dir / "torn", std::ios::trunc} << text.substr(0, size) << "\nhello\n";
            CHECK(all_lines(promise_log{dir / "torn"}).empty());
        }
        std::filesystem::remove(dir / "whole");
    }
}

TEST_CASE("promises are dropped when no backup should be as old, and not before", "[promise_log]") {
    const temp_dir dir;
    const promise_log log{dir / "promises.log"};
    CHECK(log.append(std::array{gone_at(0, 1), gone_at(1, 2), gone_at(90 * day, 3)}));

    log.prune(90 * day);
    CHECK(all_lines(log).size() == 3);
    log.prune(90 * day + 1);
    CHECK(all_lines(log).size() == 3);  // the newest is no later yet
    CHECK(log.append(std::array{gone_at(90 * day + 1, 4)}));
    log.prune(90 * day + 1);
    CHECK(all_lines(log) ==
          std::vector{gone_at(1, 2), gone_at(90 * day, 3), gone_at(90 * day + 1, 4)});

    log.prune(9'000 * day);  // a clock that is ahead
    CHECK(all_lines(log).size() == 3);
}
