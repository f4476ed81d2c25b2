#include "server/backup_runs.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>

using namespace onechat;
using onechat::test::temp_dir;
namespace fs = std::filesystem;

namespace {

constexpr backup_task at_noon{.at = 1'795'780'800'000, .kept_max = 7};

struct runs_of_a_folder {
    temp_dir data;
    std::vector<std::int64_t> begun;
    backup_runs runs{data.path(), [this](const backup_task& task) { begun.push_back(task.at); }};

    void has(const char* name, std::size_t bytes) const {
        fs::create_directories(data / "backups" / name);
        std::ofstream{data / "backups" / name / "onechat.db"} << std::string(bytes, 'x');
    }
};

}  // namespace

TEST_CASE("one backup is under way at a time, from when its place is kept") {
    runs_of_a_folder at;

    REQUIRE(at.runs.reserve(at_noon));
    CHECK_FALSE(at.runs.reserve({.at = at_noon.at + 1000}));
    CHECK(at.begun.empty());
    at.runs.release();
    REQUIRE(at.runs.reserve(at_noon));
    at.runs.begin();
    CHECK(at.begun == std::vector{at_noon.at});
    CHECK_FALSE(at.runs.reserve({.at = at_noon.at + 1000}));
    at.runs.ended({});

    CHECK_FALSE(at.runs.under_way());
    CHECK(at.runs.made_count() == 1);
}

TEST_CASE("a second backup of one second is refused") {
    runs_of_a_folder at;
    at.has("2026-11-27T120000Z", 1);

    CHECK_FALSE(at.runs.reserve(at_noon));
    CHECK(at.runs.reserve({.at = at_noon.at + 1000}));
}

TEST_CASE("why a backup failed is known until one was made") {
    runs_of_a_folder at;
    REQUIRE(at.runs.reserve(at_noon));
    at.runs.ended("The disk is full.");

    REQUIRE(at.runs.failed());
    CHECK(at.runs.failed()->trouble == "The disk is full.");
    CHECK(at.runs.failed()->task.at == at_noon.at);
    CHECK(at.runs.failed_count() == 1);
    REQUIRE(at.runs.reserve(at_noon));
    at.runs.ended({});

    CHECK_FALSE(at.runs.failed());
}

TEST_CASE("backups are found newest first, and nothing else of the folder is") {
    runs_of_a_folder at;
    CHECK(at.runs.found(9).empty());
    CHECK(at.runs.newest() == 0);
    at.has("2026-11-27T120000Z", 3);
    at.has("2026-11-28T120000Z", 5);
    at.has("part", 7);
    std::ofstream{at.data / "backups" / "2026-11-29T120000Z"} << "no folder";

    const auto all = at.runs.found(9);

    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "2026-11-28T120000Z");
    CHECK(all[0].bytes == 5);
    CHECK(all[1].made == at_noon.at);
    CHECK(at.runs.found(1).size() == 1);
    CHECK(at.runs.newest() == at_noon.at + 86'400'000);
}
