#include "server/backups.hpp"

#include "server/backup_files.hpp"
#include "server/checksum.hpp"
#include "server/data_folder.hpp"
#include "storage/migrations.hpp"
#include "storage/sqlite.hpp"
#include "tests/server/data_place.hpp"
#include "tests/support/catch.hpp"

#include <fstream>
#include <map>
#include <unistd.h>

using namespace onechat;
using namespace onechat::test;

namespace {

void spoil(const fs::path& file) {
    std::fstream bytes{file, std::ios::in | std::ios::out | std::ios::binary};
    bytes.seekg(100);
    const char before = static_cast<char>(bytes.get());
    bytes.seekp(100);
    bytes.put(static_cast<char>(before ^ 1));
}

// Every file by its bytes.
std::map<std::string, std::string> all_of(const fs::path& folder) {
    std::map<std::string, std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) {
        found[entry.path()] = entry.is_regular_file() ? read_whole(entry.path()) : "";
    }
    return found;
}

}  // namespace

TEST_CASE("a backup is made while the store is in use, and is good", "[backups]") {
    place at;

    const auto made = make_backup(at.data, noon, 7);
    rows::done(*at.store, rows::text(at.pair, 3, "after"));

    CHECK(made.folder == at.data / "backups" / "2026-11-27T120000Z");
    CHECK(made.manifest.facts.events == 2);
    CHECK(made.manifest.facts.users == 3);
    CHECK(made.manifest.facts.schema > 0);
    CHECK(verify_backup(made.folder) == made.manifest);
    CHECK(mode_of(made.folder) == 0700);
    for (const auto& entry : fs::directory_iterator{made.folder}) {
        INFO(entry.path().filename());
        CHECK(mode_of(entry.path()) == 0600);
    }
    CHECK_FALSE(fs::exists(at.data / "backups" / "part"));
}

TEST_CASE("the oldest backups beyond the bound are removed, and nothing else", "[backups]") {
    place at;
    fs::create_directory(at.data / "backups");
    fs::create_directory(at.data / "backups" / "mine");
    for (int n = 0; n < 3; ++n) {
        at.back_up(noon + n * minute, 3);
    }
    const auto made = make_backup(at.data, noon + 3 * minute, 3);

    CHECK(made.removed == std::vector<fs::path>{at.data / "backups" / "2026-11-27T120000Z"});
    CHECK_FALSE(fs::exists(made.removed.front()));
    CHECK(fs::exists(at.data / "backups" / "2026-11-27T120100Z"));
    CHECK(fs::exists(at.data / "backups" / "mine"));
}

TEST_CASE("what a backup left behind when it was killed is in nobody's way", "[backups]") {
    place at;
    at.back_up();
    fs::create_directory(at.data / "backups" / "part");
    std::ofstream{at.data / "backups" / "part" / "onechat.db"} << "half";
    CHECK(verify_backup(at.back_up(noon + minute)).facts.events == 2);
    CHECK_THROWS_WITH(at.back_up(noon + minute), Catch::Contains("there already"));
}

TEST_CASE("a folder without a database has nothing to back up", "[backups]") {
    const temp_dir dir;
    CHECK_THROWS_WITH(make_backup(dir.path(), noon, 7), Catch::Contains("no database"));
}

TEST_CASE("whatever is changed in a backup is found", "[backups]") {
    place at;
    const auto backup = at.back_up();
    SECTION("a byte of the database") {
        spoil(backup / "onechat.db");
    }
    SECTION("a byte of the keys") {
        std::ofstream{backup / "keys", std::ios::app} << ' ';
    }
    SECTION("a file that is gone") {
        fs::remove(backup / "keys");
    }
    SECTION("a torn manifest") {
        fs::resize_file(backup / "manifest", fs::file_size(backup / "manifest") - 2);
    }
    SECTION("no manifest") {
        fs::remove(backup / "manifest");
    }
    CHECK_THROWS_AS(verify_backup(backup), std::runtime_error);
    at.store.reset();
    const auto before = fs::last_write_time(at.data / "onechat.db");
    CHECK_THROWS_AS(restore_backup(backup, at.data, noon), std::runtime_error);
    CHECK(fs::last_write_time(at.data / "onechat.db") == before);
}

TEST_CASE("the newest backup is never removed, whatever times the others claim", "[backups]") {
    place at;
    constexpr std::int64_t year = std::int64_t{365} * 24 * 60 * minute;
    const auto odd = at.back_up(noon + year);
    const auto old = at.back_up(noon - minute);

    const auto made = make_backup(at.data, noon, 1);

    CHECK(fs::exists(made.folder));
    CHECK(made.removed == std::vector{old});
    CHECK(made.ahead == std::vector{odd});
    CHECK(fs::exists(odd));
}

TEST_CASE("the age of a backup is what its manifest says, not its name", "[backups]") {
    place at;
    const auto oldest = at.back_up(noon);
    fs::rename(oldest, at.data / "backups" / "2026-11-27T123000Z");
    const auto newer = at.back_up(noon + minute);
    fs::rename(newer, at.data / "backups" / "2020-01-01T000000Z");

    const auto made = make_backup(at.data, noon + 60 * minute, 2);

    CHECK(made.removed == std::vector{at.data / "backups" / "2026-11-27T123000Z"});
    CHECK(fs::exists(at.data / "backups" / "2020-01-01T000000Z"));
}

TEST_CASE("what fails leaves no copy behind, and its sentence names the copy", "[backups]") {
    place at;
    const auto backup = at.back_up();
    at.store.reset();
    SECTION("a backup") {
        fs::remove(at.data / "keys");
        CHECK_THROWS(at.back_up(noon + minute));
        CHECK_FALSE(fs::exists(at.data / "backups/part"));
    }
    SECTION("a backup of a damaged database") {
        fs::resize_file(at.data / "onechat.db", 8192);
        CHECK_THROWS_WITH(at.back_up(noon + minute), Catch::Contains("backups/part/onechat.db"));
        CHECK_FALSE(fs::exists(at.data / "backups/part"));
    }
    SECTION("a dry migration") {
        fs::resize_file(at.data / "onechat.db", 8192);
        CHECK_THROWS(migrate_data(at.data, true));
        CHECK_FALSE(fs::exists(at.data / "migrating"));
    }
    SECTION("a restore") {
        fs::create_directories(at.data / "bans.log" / "in the way");
        CHECK_THROWS(restore_backup(backup, at.data, noon + minute));
        CHECK_FALSE(fs::exists(at.data / "restoring"));
        CHECK_FALSE(is_half_restored(at.data));
    }
}

TEST_CASE("a folder that can't be used is not taken for a backup under way", "[backups]") {
    place at;
    const auto backups = at.data / "backups";
    fs::create_directory(backups);
    fs::create_directory(backups / "lock");
    CHECK_THROWS_WITH(at.back_up(), Catch::Contains("lock can't be opened: Is a directory"));
}

TEST_CASE("a backup of a stopped server leaves nothing beside its database", "[backups]") {
    place at;
    at.store.reset();
    const auto before = all_of(at.data);

    static_cast<void>(make_backup(at.data, noon, 7));

    fs::remove_all(at.data / "backups");
    CHECK(all_of(at.data) == before);
}

TEST_CASE("what root backs up or restores is the service's", "[backups]") {
    if (::geteuid() != 0) {
        return;  // nobody else can give files away
    }
    constexpr uid_t service = 65534;
    place at;
    rows::done(*at.store, rows::erasure(3, noon, noon, "receipt"));
    at.store.reset();
    const temp_dir mine;
    const auto kept = mine / "kept";
    fs::copy(at.back_up(), kept, fs::copy_options::recursive);
    fs::remove_all(at.data / "backups");
    REQUIRE(::chown(at.data.c_str(), service, service) == 0);
    for (const auto& entry : fs::recursive_directory_iterator{at.data}) {
        REQUIRE(::lchown(entry.path().c_str(), service, service) == 0);
    }
    static_cast<void>(at.back_up());
    static_cast<void>(restore_backup(kept, at.data, noon + minute));

    for (const auto& entry : fs::recursive_directory_iterator{at.data}) {
        struct stat about {};
        REQUIRE(::lstat(entry.path().c_str(), &about) == 0);
        INFO(entry.path());
        CHECK(about.st_uid == service);
        CHECK(about.st_gid == service);
    }
}

TEST_CASE("a newer version's database is not backed up, nor its backup restored", "[backups]") {
    place at;
    const auto backup = at.back_up();
    at.store.reset();
    const auto make_newer = [](const fs::path& file) {
        storage::database db{file, storage::database::access::write};
        const auto version = storage::schema_version() + 1;
        db.run_or_throw(("PRAGMA user_version = " + std::to_string(version)).c_str());
    };
    make_newer(at.data / "onechat.db");
    CHECK_THROWS_WITH(at.back_up(noon + minute), Catch::Contains("has schema"));
    CHECK_FALSE(fs::exists(at.data / "backups/2026-11-27T120100Z"));

    make_newer(backup / "onechat.db");
    auto manifest = read_manifest(read_whole(backup / "manifest"));
    for (auto& [name, sum] : manifest.checksums) {
        sum = checksum_of(backup / name);
    }
    std::ofstream{backup / "manifest"} << write_manifest(manifest);
    CHECK_THROWS_WITH(verify_backup(backup), Catch::Contains("has schema"));
    CHECK_THROWS_WITH(restore_backup(backup, at.data, noon), Catch::Contains("has schema"));
}

TEST_CASE("a dry migration leaves the database as it is, a real one doesn't", "[backups]") {
    const temp_dir dir;
    fs::create_directory(dir / "data");
    const auto database = dir / "data/onechat.db";
    {
        storage::database old{database, storage::database::access::write};
        storage::migrate(old, 2);
    }

    const auto before = all_of(dir / "data");
    const auto tried = migrate_data(dir / "data", true);

    auto after = all_of(dir / "data");
    after.erase(dir / "data/lock");
    CHECK(after == before);
    CHECK(tried.before.schema == 2);
    CHECK(tried.after.schema == storage::schema_version());
    CHECK(storage::facts_of(database).schema == 2);
    CHECK_FALSE(fs::exists(dir / "data/migrating"));
    CHECK(migrate_data(dir / "data", false).after.schema == storage::schema_version());
    CHECK(storage::facts_of(database).schema == storage::schema_version());
}

TEST_CASE("no database is made where there was none to migrate", "[backups]") {
    const temp_dir dir;
    CHECK_THROWS_WITH(migrate_data(dir / "data", false), Catch::Contains("no database"));
    CHECK_FALSE(fs::exists(dir / "data/onechat.db"));
}
