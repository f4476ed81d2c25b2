#include "storage/line_log.hpp"

#include "storage/sqlite.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <vector>

using namespace onechat::storage;
using onechat::test::temp_dir;

namespace {

using lines = std::vector<std::string>;

lines lines_of(const line_log& log) {
    lines found;
    log.read("nobody knows.", [&](std::string_view line) { found.emplace_back(line); });
    return found;
}

}  // namespace

TEST_CASE("lines are read as they were written, and no file has none", "[line_log]") {
    temp_dir dir;
    const line_log log{dir / "a.log"};
    CHECK(lines_of(log).empty());

    CHECK(log.append("one\n"));
    CHECK(log.append("two\nthree\n"));

    CHECK(lines_of(log) == lines{"one", "two", "three"});
    const auto rights = std::filesystem::status(dir / "a.log").permissions();
    CHECK(rights == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("a file is replaced whole, or left as it is", "[line_log]") {
    temp_dir dir;
    const line_log log{dir / "a.log"};
    CHECK(log.append("one\n"));
    CHECK(log.replace("two\n"));
    CHECK(lines_of(log) == lines{"two"});
    std::filesystem::create_directory(dir / "a.log.part");

    CHECK_FALSE(log.replace("three\n"));

    CHECK(lines_of(log) == lines{"two"});
}

TEST_CASE("what comes after a torn line begins on its own", "[line_log]") {
    temp_dir dir;
    const line_log log{dir / "a.log"};
    std::ofstream{dir / "a.log"} << "one\ntor";

    CHECK(log.append("two\n"));

    CHECK(lines_of(log) == lines{"one", "tor", "two"});
}

TEST_CASE("a file that can't be read is not taken for an empty one", "[line_log]") {
    temp_dir dir;
    std::filesystem::create_directory(dir / "a.log");
    CHECK_THROWS_AS(lines_of(line_log{dir / "a.log"}), storage_error);
}
